//! The names that are looked for in a record, found by a hash of a few bytes:
//! most names of a record are not wanted, and meet an empty bucket.

use std::sync::LazyLock;

use ahash::AHashMap;

use super::names::{Row, Unit, slot, variants};

/// The node of the outermost names.
pub(super) const ROOT: u16 = 0;

/// The node of names that nobody looks for.
pub(super) const NOWHERE: u16 = u16::MAX;

/// Where a value belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) slot: usize,
    /// Of several values of a slot, the one of the least rank stays.
    pub(super) rank: u8,
    pub(super) unit: Unit,
}

/// What a name stands for.
#[derive(Debug)]
pub(super) struct Word {
    name: Box<[u8]>,
    /// The next of the bucket.
    next: Option<u16>,
    pub(super) places: Vec<Place>,
    /// The node of the names inside the object that this names.
    pub(super) node: u16,
}

/// Names, and in these names.
#[derive(Debug)]
pub(super) struct Dictionary {
    words: Vec<Word>,
    nodes: Vec<Node>,
}

/// A dictionary that is made when it is first looked into: most logs are of formats
/// without names, and to make those of all others takes as long as a small log does.
pub(super) type Lazy = LazyLock<Dictionary, Box<dyn FnOnce() -> Dictionary + Send>>;

/// The words of a dictionary while it is made, by node and name.
type Known = AHashMap<(usize, Box<[u8]>), usize>;

/// The names of one level.
#[derive(Debug, Default)]
struct Node {
    words: Vec<u16>,
    /// The first word of each; a power of two of them.
    buckets: Vec<Option<u16>>,
}

impl Dictionary {
    /// Makes one of the rows whose slots have a bit, and of own names.
    pub(super) fn new(rows: &[&[Row]], slots: u128, own: &[&str]) -> Dictionary {
        let mut dictionary = Dictionary {
            words: Vec::new(),
            nodes: vec![Node::default()],
        };
        let (mut ranks, mut known) = ([0; slot::OWN], Known::new());
        for row in rows.iter().copied().flatten() {
            for name in row.names {
                let place = Place {
                    slot: row.slot,
                    rank: ranks[row.slot],
                    unit: row.unit,
                };
                ranks[row.slot] += 1;
                if slots & 1 << row.slot != 0 {
                    dictionary.add_all(name, row.varies, place, &mut known);
                }
            }
        }
        for (number, name) in own.iter().enumerate() {
            let place = Place {
                slot: slot::OWN + number,
                rank: 0,
                unit: Unit::Plain,
            };
            dictionary.add_all(name, false, place, &mut known);
        }
        dictionary.hash();
        dictionary
    }

    /// The word with this name at a node.
    #[inline]
    pub(super) fn find(&self, node: u16, name: &[u8]) -> Option<&Word> {
        let node = self.nodes.get(usize::from(node))?;
        let mut next = node.buckets[bucket(name, node.buckets.len())];
        while let Some(number) = next {
            let word = &self.words[usize::from(number)];
            if *word.name == *name {
                return Some(word);
            }
            next = word.next;
        }
        None
    }

    fn add_all(&mut self, name: &str, varies: bool, place: Place, known: &mut Known) {
        let names = match varies {
            true => variants(name),
            false => vec![name.to_owned()],
        };
        for name in names {
            // A name with points, or a path.
            self.add(&[&name], place, known);
            let path: Vec<&str> = name.split('.').collect();
            if path.len() > 1 {
                self.add(&path, place, known);
            }
        }
    }

    fn add(&mut self, path: &[&str], place: Place, known: &mut Known) {
        let mut node = usize::from(ROOT);
        for (depth, name) in path.iter().enumerate() {
            let word = self.word(node, name.as_bytes(), known);
            if depth + 1 == path.len() {
                self.words[word].places.push(place);
            } else if self.words[word].node == NOWHERE {
                self.words[word].node = self.nodes.len() as u16;
                self.nodes.push(Node::default());
            }
            node = usize::from(self.words[word].node);
        }
    }

    /// The word with this name at a node, new if there is none.
    fn word(&mut self, node: usize, name: &[u8], known: &mut Known) -> usize {
        let number = self.words.len();
        let word = *known.entry((node, name.into())).or_insert(number);
        if word < number {
            return word;
        }
        self.nodes[node].words.push(number as u16);
        self.words.push(Word {
            name: name.into(),
            next: None,
            places: Vec::new(),
            node: NOWHERE,
        });
        number
    }

    /// Puts the words into buckets, of which most stay empty.
    fn hash(&mut self) {
        for node in &mut self.nodes {
            node.buckets = vec![None; (8 * node.words.len()).next_power_of_two()];
            for &number in &node.words {
                let word = &mut self.words[usize::from(number)];
                let bucket = bucket(&word.name, node.buckets.len());
                word.next = node.buckets[bucket].replace(number);
            }
        }
    }
}

/// The bucket of a name, by its length and three of its bytes.
#[inline]
fn bucket(name: &[u8], buckets: usize) -> usize {
    let [first, .., last] = name else {
        return usize::from(name.first().copied().unwrap_or(0)) & (buckets - 1);
    };
    let bytes = [name.len() as u8, *first, name[name.len() / 2], *last];
    let mixed = u32::from_le_bytes(bytes).wrapping_mul(0x9e37_79b1);
    (mixed >> 16) as usize & (buckets - 1)
}

#[cfg(test)]
mod tests {
    use super::super::names::exact;
    use super::*;

    #[test]
    fn names_and_paths_are_found() {
        const ROWS: &[Row] = &[
            exact(slot::TIME, &["time", "a.b.c", "t"]),
            exact(slot::URI, &["time", ""]),
        ];
        let dictionary = Dictionary::new(&[ROWS], u128::MAX, &["a.b", "x"]);
        let slots = |node, name: &[u8]| {
            let word = dictionary.find(node, name);
            word.map(|word| {
                word.places
                    .iter()
                    .map(|p| (p.slot, p.rank))
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(
            slots(ROOT, b"time").unwrap(),
            [(slot::TIME, 0), (slot::URI, 0)]
        );
        assert_eq!(slots(ROOT, b"t").unwrap(), [(slot::TIME, 2)]);
        assert_eq!(slots(ROOT, b"").unwrap(), [(slot::URI, 1)]);
        assert_eq!(slots(ROOT, b"x").unwrap(), [(slot::OWN + 1, 0)]);
        assert_eq!(slots(ROOT, b"a.b").unwrap(), [(slot::OWN, 0)]);
        assert_eq!(slots(ROOT, b"y"), None);
        let a = dictionary.find(ROOT, b"a").unwrap();
        assert!(a.places.is_empty());
        let b = dictionary.find(a.node, b"b").unwrap();
        assert_eq!(b.places[0].slot, slot::OWN);
        assert_eq!(dictionary.find(b.node, b"c").unwrap().places[0].rank, 1);
        assert!(dictionary.find(NOWHERE, b"c").is_none());
    }
}
