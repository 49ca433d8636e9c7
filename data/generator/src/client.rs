//! The clients: which one sends a request, and what it is called.
//!
//! Each kind of visitor has its own population, numbered by arrival, and the early ones
//! return most often, so the requests of a client follow a power law. A client is no more
//! than its number, from which its name is computed: a log with a hundred million clients
//! needs no more memory than one with ten.

use crate::number::{decimal, hexadecimal};
use crate::random::{Chance, Random, scramble};

/// The flattening of the popularity: 2^3 clients of a kind are about equally busy.
const FLATNESS: u32 = 3;

/// The programs that visit the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// A feed reader or aggregator.
    Reader,
    /// A browser with a human before it.
    Browser,
    /// A crawler.
    Robot,
}

/// The clients of each kind that are known from the start: without them, the first lines of
/// a log would all come from the same few.
const REGULARS: u64 = 32;
/// The number of kinds of visitors.
const VISITORS: u64 = 3;

/// The made-up providers; `example` and its kin are reserved by RFC 2606, so none of these
/// names can belong to anyone.
const PROVIDERS: [&[u8]; 16] = [
    b".brightwater.example.net",
    b".lakeside-cable.example",
    b".dsl.northern.example",
    b".res.valley.example.com",
    b".eastgate.example",
    b".fibre.meadowlands.example.net",
    b".dyn.oldport.example",
    b".adsl.kingsbridge.example.org",
    b".w3.example",
    b".hsd2.ridge.redwood.example.net",
    b".cust.alpine.example",
    b".dial.sunrise.example.com",
    b".telco.example",
    b".ip.harbourtown.example.net",
    b".lan.polytechnic.example.org",
    b".pools.meridian.example",
];
/// The made-up owners of crawlers and aggregators.
const HOSTERS: [&[u8]; 8] = [
    b".lodestar-search.example.com",
    b".spiderworks.example",
    b".feedharbour.example.net",
    b".indexer.example.org",
    b".colo.stonemill.example",
    b".planet-reader.example",
    b".serverfarm.example.net",
    b".archive-it.example",
];

/// The clients of one log, by kind of visitor.
#[derive(Clone, Debug)]
pub(crate) struct Clients {
    counts: [u64; VISITORS as usize],
    /// Varies the names with the seed, and distinct names remain distinct.
    salt: u64,
}

impl Clients {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            counts: [REGULARS; VISITORS as usize],
            salt: scramble(!seed),
        }
    }

    /// Draws the client of a request: with the chance of `arrival` a new one.
    #[inline]
    pub(crate) fn visit(
        &mut self,
        visitor: Visitor,
        arrival: Chance,
        random: &mut Random,
    ) -> Client {
        let count = &mut self.counts[visitor as usize];
        let number = if random.happens(arrival) {
            *count += 1;
            *count - 1
        } else {
            random.rank(*count, FLATNESS)
        };
        let number = number * VISITORS + visitor as u64;
        Client {
            visitor,
            address: (number.wrapping_mul(0x9e37_79b1) ^ self.salt) as u32,
            traits: scramble(number ^ self.salt),
        }
    }
}

/// One client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    visitor: Visitor,
    /// Unique among the first 2^32 clients, because it is an odd multiple of the number.
    address: u32,
    /// Random bits that stay with the client.
    pub(crate) traits: u64,
}

impl Client {
    /// Appends the host name or address. Every form holds the whole `address`, so no two
    /// clients share a name.
    #[inline]
    pub(crate) fn write_name(self, out: &mut Vec<u8>) {
        let form = self.traits % 1_000;
        let octets = self.address.to_be_bytes();
        if form < 2 {
            // The prefix that RFC 3849 reserves for documentation.
            out.extend_from_slice(b"2001:db8::");
            hexadecimal(out, u64::from(self.address >> 16), 4);
            out.push(b':');
            hexadecimal(out, u64::from(self.address), 4);
            return;
        }
        if form < 140 && matches!(octets[0], 11..=126 | 128..=223) {
            write_octets(octets, b'.', out);
            return;
        }
        let (prefixes, domains): ([&[u8]; 4], &[&[u8]]) = match self.visitor {
            Visitor::Robot => ([b"crawl-", b"bot-", b"spider", b"node-"], &HOSTERS),
            Visitor::Reader if form < 250 => ([b"fetch-", b"proxy-", b"host", b"web-"], &HOSTERS),
            _ => ([b"pool-", b"cpe-", b"dsl-", b"cm"], &PROVIDERS),
        };
        let choice = (self.traits >> 32) as usize;
        out.extend_from_slice(prefixes[choice % 4]);
        match choice / 4 % 4 {
            0 => hexadecimal(out, u64::from(self.address), 8),
            1 => write_octets(octets, b'.', out),
            _ => write_octets(octets, b'-', out),
        }
        out.extend_from_slice(domains[choice / 16 % domains.len()]);
    }

    /// Returns which program the client is.
    pub(crate) fn visitor(self) -> Visitor {
        self.visitor
    }
}

fn write_octets(octets: [u8; 4], separator: u8, out: &mut Vec<u8>) {
    for (place, octet) in octets.into_iter().enumerate() {
        if place > 0 {
            out.push(separator);
        }
        decimal(out, octet.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn names(count: usize, seed: u64, visitor: Visitor) -> HashSet<Vec<u8>> {
        let (mut clients, mut random) = (Clients::new(seed), Random::new(seed));
        let arrival = Chance::new(1.0);
        let name = |_| {
            let mut out = Vec::new();
            clients
                .visit(visitor, arrival, &mut random)
                .write_name(&mut out);
            out
        };
        (0..count).map(name).collect()
    }

    #[test]
    fn new_clients_have_new_names() {
        for visitor in [Visitor::Reader, Visitor::Browser, Visitor::Robot] {
            assert_eq!(names(100_000, 1, visitor).len(), 100_000);
        }
        assert!(names(100, 1, Visitor::Robot).is_disjoint(&names(100, 2, Visitor::Robot)));
    }

    #[test]
    fn early_clients_return_most_often() {
        let (mut clients, mut random) = (Clients::new(1), Random::new(1));
        let mut early = 0;
        for _ in 0..100_000 {
            clients.visit(Visitor::Reader, Chance::new(1.0), &mut random);
        }
        let before = clients.counts;
        for _ in 0..100_000 {
            let client = clients.visit(Visitor::Reader, Chance::new(0.0), &mut random);
            early += usize::from(client.traits == scramble(clients.salt));
        }
        assert_eq!(clients.counts, before);
        // 1 / (8 ln(100,040 / 8)) is 1.3 %.
        assert!((1_100..1_500).contains(&early), "{early}");
    }
}
