//! The user agents.
//!
//! An agent belongs to its client: the client's traits choose a product, a version and a
//! few decorations, so that a client keeps its agent and there are many agents in all.

use crate::client::{Client, Visitor};
use crate::number::decimal;

const SYSTEMS: [&[u8]; 8] = [
    b"Windows NT 5.1",
    b"Windows NT 5.1",
    b"Windows NT 5.1",
    b"Windows NT 5.0",
    b"Windows NT 6.0",
    b"X11; Linux i686 (x86_64)",
    b"Macintosh; PPC Mac OS X",
    b"Macintosh; Intel Mac OS X",
];
const LANGUAGES: [&[u8]; 8] = [
    b"en-US", b"en-US", b"en-US", b"en-GB", b"de", b"fr", b"ja", b"es",
];
const DECORATIONS: [&[u8]; 8] = [
    b"; SV2",
    b"; Quartz Runtime 1.1.4322",
    b"; Quartz Runtime 2.0.50727",
    b"; HomeBar 4.01",
    b"; Mediakit PC 3.1",
    b"; ShelfPath.2",
    b"; Broadway Online 7.0",
    b"; Toolband 1.0.2914",
];
const READERS: [[&[u8]; 2]; 8] = [
    [
        b"FeedHarbour/2.",
        b" (Mac OS X; http://feedharbour.example/)",
    ],
    [b"Newsboat Dock/1.", b" (http://dock.example/; Windows)"],
    [b"Morning Paper 3.", b" (+http://paper.example.org/about)"],
    [b"Tidings/0.", b" (Linux; http://tidings.example.net/)"],
    [
        b"Planet Reader +http://planet-reader.example Parser/4.",
        b" +http://parser.example/",
    ],
    [b"Gazette-Platform/1.", b" (Lodestar 7.0; Windows NT 5.1)"],
    [
        b"Harvester (http://harvest.example.com/feeds.html; ",
        b" subscribers)",
    ],
    [b"rivulet-", b""],
];
const ROBOTS: [[&[u8]; 2]; 4] = [
    [
        b"Mozilla/5.0 (compatible; LodestarBot/2.",
        b"; +http://lodestar-search.example.com/bot.html)",
    ],
    [
        b"spiderworks/1.",
        b" (+http://spiderworks.example/crawler.htm)",
    ],
    [
        b"Mozilla/5.0 (compatible; Indexer!; http://indexer.example.org/help/",
        b"/search)",
    ],
    [b"archive-it-crawler ", b""],
];

/// Appends the agent of a client.
#[inline]
pub(crate) fn write(client: Client, out: &mut Vec<u8>) {
    let traits = client.traits >> 10;
    let version = (traits >> 8) % 32;
    let product = (traits & 0xff) as usize;
    match client.visitor() {
        Visitor::Browser => write_browser(traits, out),
        Visitor::Reader => write_product(READERS[product % READERS.len()], version, out),
        Visitor::Robot => write_product(ROBOTS[product % ROBOTS.len()], version, out),
    }
}

fn write_product([name, remark]: [&[u8]; 2], version: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    decimal(out, version);
    out.extend_from_slice(remark);
}

fn write_browser(traits: u64, out: &mut Vec<u8>) {
    let system = SYSTEMS[(traits >> 8) as usize % SYSTEMS.len()];
    let language = LANGUAGES[(traits >> 11) as usize % LANGUAGES.len()];
    let version = (traits >> 14) % 8;
    match traits % 16 {
        0..=7 => {
            out.extend_from_slice(b"Mozilla/4.0 (compatible; Lodestar 6.0; Windows NT 5.1");
            write_decorations(traits >> 17, out);
            out.push(b')');
        }
        8..=12 => {
            out.extend_from_slice(b"Mozilla/5.0 (");
            out.extend_from_slice(system);
            out.extend_from_slice(b"; U; ");
            out.extend_from_slice(language);
            out.extend_from_slice(b"; rv:1.8.0.");
            decimal(out, version);
            out.extend_from_slice(b") Quill/20060909 Foxglove/1.5.0.");
            decimal(out, version);
        }
        13..=14 => {
            out.extend_from_slice(b"Mozilla/5.0 (Macintosh; U; PPC Mac OS X; ");
            out.extend_from_slice(language);
            out.extend_from_slice(b") WillowKit/418.");
            decimal(out, version);
            out.extend_from_slice(b" (like Quill) Sundial/419.3");
        }
        _ => {
            out.extend_from_slice(b"Harrier/9.0");
            decimal(out, version);
            out.extend_from_slice(b" (");
            out.extend_from_slice(system);
            out.extend_from_slice(b"; U; ");
            out.extend_from_slice(language);
            out.push(b')');
        }
    }
}

/// Appends what other programs have added to the agent: mostly little, rarely a lot.
fn write_decorations(traits: u64, out: &mut Vec<u8>) {
    const KINDS: u64 = DECORATIONS.len() as u64;
    let most = if traits.is_multiple_of(64) {
        2 * KINDS
    } else {
        2
    };
    let first = (traits >> 6) % KINDS;
    for decoration in first..first + (traits >> 9) % (most + 1) {
        out.extend_from_slice(DECORATIONS[(decoration % KINDS) as usize]);
    }
}
