//! Which workers see which keys, for all numbers of workers at once.
//!
//! Chunk *c* goes to worker *c* mod *W*. So one set of bits a key, of the chunks'
//! numbers mod 128, tells for every power of two up to 128 which workers have the
//! key in their tables.

use std::collections::HashMap;

use ahash::RandomState;
use widefinder::chunk::Chunk;
use widefinder::derive::{Column, bits};
use widefinder::question::Pass;
use widefinder::scan::{BadLines, Balance};

/// The most workers: the bits of a set.
const MOST: usize = 128;

/// The keys of the tables of one pass.
pub(crate) struct Keys {
    pass: Pass,
    hashes: RandomState,
    /// For each table, the workers of each key, by the key's hash: of a hundred
    /// million keys, less than one pair in a thousand logs shares a hash.
    tables: Vec<HashMap<u64, u128, RandomState>>,
}

impl Keys {
    /// Starts without keys, for a pass whose scanner fills the masks.
    pub(crate) fn new(pass: &Pass) -> Keys {
        Keys {
            pass: pass.clone(),
            hashes: RandomState::new(),
            tables: vec![HashMap::default(); pass.shapes.len()],
        }
    }

    /// Adds the keys of the chunk with this number.
    pub(crate) fn add(&mut self, number: usize, chunk: &Chunk<'_>) {
        let bit = 1u128 << (number % MOST);
        let (shapes, tables, hashes) = (&self.pass.shapes, &mut self.tables, &self.hashes);
        let (mut balance, mut bad) = (Balance::default(), BadLines::default());
        let scanner = &mut self.pass.scanner;
        scanner.scan(chunk.span(), &mut balance, &mut bad, &mut |batch| {
            for (shape, table) in shapes.iter().zip(&mut *tables) {
                let [Column::Text(column)] = shape.key[..] else {
                    panic!("a key is one field");
                };
                for row in bits(batch.mask(shape.set)) {
                    let hash = hashes.hash_one(batch.text(column)[row]);
                    *table.entry(hash).or_default() |= bit;
                }
            }
        });
    }

    /// Rows of all tables of `workers` workers.
    pub(crate) fn rows(&self, workers: usize) -> u64 {
        let sets = self.tables.iter().flat_map(HashMap::values);
        sets.map(|&set| u64::from(folded(set, workers).count_ones()))
            .sum()
    }

    /// Rows of the tables of the first of `workers` workers.
    pub(crate) fn rows_of_first(&self, workers: usize) -> u64 {
        let sets = self.tables.iter().flat_map(HashMap::values);
        sets.map(|&set| folded(set, workers) as u64 & 1).sum()
    }
}

/// The workers of `workers` that have a key, of 128.
fn folded(mut set: u128, workers: usize) -> u128 {
    let mut width = MOST;
    while width > workers {
        width /= 2;
        set = (set | set >> width) & ((1 << width) - 1);
    }
    set
}
