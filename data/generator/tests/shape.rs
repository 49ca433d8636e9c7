//! The shape of a log: both profiles against their targets, and the effect of each option.

use std::collections::{HashMap, HashSet};
use std::str;

use loggen::{Amount, Options, Profile, generate};
use regex::bytes::Regex;

/// Of the 25,000 articles of a heavy log, those that so many lines show.
const ARTICLES_SEEN: f64 = 19_418.0;
const LINES: u64 = 200_000;
const WIDE_FINDER: &str = r"(?-u)GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ";

/// What the tests look at in a log.
#[derive(Debug, Default)]
struct Shape {
    bytes: usize,
    longest: usize,
    /// The lines that are not in the combined format.
    broken: u64,
    statuses: HashMap<String, u64>,
    methods: HashMap<String, u64>,
    no_size: u64,
    no_referrer: u64,
    below_archive: u64,
    double_spaces: u64,
    spaced_referrers: u64,
    without_protocol: u64,
    ipv6: u64,
    /// The lines that match the pattern of the first Wide Finder.
    matches: u64,
    /// Those of them with status 200 or 304.
    hits: u64,
    clients: HashMap<String, u64>,
    hit_clients: HashSet<String>,
    paths: HashSet<String>,
    keys: HashMap<Vec<u8>, u64>,
}

/// The fields of a line in the combined format.
struct Fields<'a> {
    client: &'a str,
    request: &'a str,
    status: &'a str,
    size: &'a str,
    referrer: &'a str,
    agent: &'a str,
}

impl<'a> Fields<'a> {
    /// Splits a line, or returns nothing if it is broken.
    fn of(line: &'a [u8]) -> Option<Self> {
        let line = str::from_utf8(line).ok()?;
        if line.bytes().any(|byte| byte < b' ') {
            return None;
        }
        let (client, rest) = line.split_once(" - - [")?;
        let (time, rest) = rest.split_once("] \"")?;
        let (request, rest) = rest.split_once("\" ")?;
        let (answer, rest) = rest.split_once(" \"")?;
        let (status, size) = answer.split_once(' ')?;
        let (referrer, rest) = rest.split_once("\" \"")?;
        let agent = rest.strip_suffix('"')?;
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let quotes = agent.matches('"').count();
        let sound = !client.is_empty()
            && !client.contains(' ')
            && time.len() == 26
            && !request.contains('"')
            && number(status)
            && (size == "-" || number(size))
            && !referrer.contains('"')
            && quotes == agent.matches("\\\"").count();
        sound.then_some(Self {
            client,
            request,
            status,
            size,
            referrer,
            agent,
        })
    }
}

impl Shape {
    fn of(options: &Options, lines: u64) -> Self {
        let mut log = Vec::new();
        generate(options, Amount::Lines(lines), &mut log).expect("a vector takes everything");
        let wide_finder = Regex::new(WIDE_FINDER).expect("the pattern is valid");
        let mut shape = Self::default();
        for line in log.split_inclusive(|&byte| byte == b'\n') {
            shape.add(line, &wide_finder);
        }
        shape
    }

    fn add(&mut self, line: &[u8], wide_finder: &Regex) {
        self.bytes += line.len();
        self.longest = self.longest.max(line.len());
        let line = line.strip_suffix(b"\n").expect("every line ends");
        let Some(fields) = Fields::of(line) else {
            self.broken += 1;
            return;
        };
        let (method, rest) = fields.request.split_once(' ').unwrap_or(("-", "-"));
        let (path, protocol) = rest.split_once(' ').unwrap_or((rest, ""));
        *self.statuses.entry(fields.status.to_owned()).or_default() += 1;
        *self.methods.entry(method.to_owned()).or_default() += 1;
        *self.clients.entry(fields.client.to_owned()).or_default() += 1;
        self.paths.insert(path.to_owned());
        self.no_size += u64::from(fields.size == "-");
        self.no_referrer += u64::from(fields.referrer == "-");
        self.double_spaces += u64::from(fields.agent.contains("  "));
        self.spaced_referrers += u64::from(fields.referrer.contains(' '));
        self.without_protocol += u64::from(method != "-" && protocol.is_empty());
        self.ipv6 += u64::from(fields.client.contains(':'));
        if !fields.request.starts_with("GET /ongoing/When/") {
            // The pattern is slow without optimization, and no other line can match.
            return;
        }
        self.below_archive += 1;
        if let Some(key) = wide_finder.captures(line) {
            self.matches += 1;
            *self.keys.entry(key[1].to_vec()).or_default() += 1;
            if matches!(fields.status, "200" | "304") {
                self.hits += 1;
                self.hit_clients.insert(fields.client.to_owned());
            }
        }
    }

    fn status(&self, status: &str) -> u64 {
        self.statuses.get(status).copied().unwrap_or_default()
    }
}

#[track_caller]
fn assert_near(name: &str, found: u64, expected: f64, tolerance: f64) {
    let found = found as f64;
    assert!(
        (found - expected).abs() <= tolerance * expected,
        "{name}: {found} instead of {expected}"
    );
}

fn with(profile: Profile, change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::new(profile);
    change(&mut options);
    options
}

#[test]
fn the_reference_has_the_shape_of_the_genuine_log() {
    let shape = Shape::of(&Options::new(Profile::Reference), LINES);
    let lines = LINES as f64;
    assert_eq!(shape.broken, 0);
    assert_near("bytes", shape.bytes as u64, 222.0 * lines, 0.01);
    assert!((600..900).contains(&shape.longest), "{}", shape.longest);
    for (status, percent, tolerance) in [
        ("200", 62.3, 0.02),
        ("304", 25.2, 0.02),
        ("301", 8.5, 0.03),
        ("404", 2.8, 0.05),
        ("403", 0.7, 0.12),
        ("206", 0.5, 0.15),
    ] {
        assert_near(
            status,
            shape.status(status),
            percent / 100.0 * lines,
            tolerance,
        );
    }
    assert_near("GET", shape.methods["GET"], 0.9955 * lines, 0.001);
    assert_near("HEAD", shape.methods["HEAD"], 0.0043 * lines, 0.15);
    for method in ["POST", "PUT", "OPTIONS", "-"] {
        assert!((1..40).contains(&shape.methods[method]), "{method}");
    }
    assert_near("no size", shape.no_size, 0.252 * lines, 0.02);
    assert_near("no referrer", shape.no_referrer, 0.567 * lines, 0.02);
    assert_near("below the archive", shape.below_archive, 0.32 * lines, 0.02);
    assert_near("article hits", shape.hits, 0.082 * lines, 0.03);
    assert_near("clients", shape.clients.len() as u64, 0.11568 * lines, 0.02);
    assert_near("double spaces", shape.double_spaces, 0.00061 * lines, 0.3);
    assert!((1..20).contains(&shape.spaced_referrers));
    assert!((1..20).contains(&shape.without_protocol));
    assert!(shape.ipv6 > 0);
    assert_eq!(shape.status("408"), shape.methods["-"]);
}

#[test]
fn the_reference_has_as_many_paths_as_the_genuine_log() {
    let shape = Shape::of(&Options::new(Profile::Reference), 100_000);
    assert_near("paths", shape.paths.len() as u64, 5_566.0, 0.03);
    assert_near("clients", shape.clients.len() as u64, 11_568.0, 0.02);
}

#[test]
fn clients_and_articles_have_long_tails() {
    let shape = Shape::of(&Options::new(Profile::Reference), LINES);
    // Crawlers visit all articles alike, which lifts the tail of the articles.
    for (name, mut counts, head) in [
        ("clients", Vec::from_iter(shape.clients.into_values()), 0.7),
        ("articles", Vec::from_iter(shape.keys.into_values()), 0.4),
    ] {
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let total = counts.iter().sum::<u64>() as f64;
        let tenth = counts[..counts.len() / 10].iter().sum::<u64>() as f64;
        assert!(tenth > head * total, "the top tenth of the {name}: {tenth}");
        let first = counts[0] as f64;
        assert!(
            (0.01..0.08).contains(&(first / total)),
            "the first of the {name}: {first}"
        );
        let rare = counts.iter().filter(|&&count| count <= 4).count();
        assert!(
            rare * 4 > counts.len(),
            "the rare ones of the {name}: {rare}"
        );
    }
}

#[test]
fn heavy_logs_have_many_matches_articles_and_clients() {
    let shape = Shape::of(&Options::new(Profile::Heavy), LINES);
    let lines = LINES as f64;
    assert_eq!(shape.broken, 0);
    assert_near("bytes", shape.bytes as u64, 222.0 * lines, 0.02);
    assert_near("matches", shape.matches, 0.35 * lines, 0.01);
    assert_near("clients", shape.clients.len() as u64, 0.135 * lines, 0.02);
    assert_near(
        "hit clients",
        shape.hit_clients.len() as u64,
        0.135 * lines,
        0.02,
    );
    assert_near("articles", shape.keys.len() as u64, ARTICLES_SEEN, 0.02);
}

#[test]
fn a_long_log_shows_all_articles() {
    // The default of 25,000 articles would take a million lines and more.
    let shape = Shape::of(&with(Profile::Heavy, |o| o.paths = 2_500), LINES);
    assert_eq!(shape.keys.len(), 2_500);
}

#[test]
fn articles_grow_with_the_log() {
    let options = with(Profile::Heavy, |o| {
        (o.paths, o.new_paths) = (100, 50_000);
    });
    let shape = Shape::of(&options, LINES);
    let new = 0.05 * LINES as f64;
    assert_near("articles", shape.keys.len() as u64, 100.0 + new, 0.03);
    assert_near("matches", shape.matches, 0.35 * LINES as f64, 0.01);
}

#[test]
fn matches_are_the_share_that_was_asked_for() {
    for profile in [Profile::Reference, Profile::Heavy] {
        for share in [0.0, 0.01, 0.6, 1.0] {
            let shape = Shape::of(&with(profile, |o| o.matches = share), 20_000);
            assert!(
                shape.matches.abs_diff((share * 20_000.0) as u64) <= 250,
                "{share}"
            );
        }
        let all = Shape::of(&with(profile, |o| o.matches = 1.0), 5_000);
        assert_eq!(all.matches, 5_000);
    }
}

#[test]
fn clients_arrive_at_the_rate_that_was_asked_for() {
    for profile in [Profile::Reference, Profile::Heavy] {
        for clients in [0, 10_000, 600_000, 1_000_000] {
            let shape = Shape::of(&with(profile, |o| o.clients = clients), 20_000);
            let expected = u64::from(clients) / 50;
            let found = shape.clients.len() as u64;
            assert!(
                found.abs_diff(expected) <= 96 + 350,
                "{found} instead of {expected}"
            );
        }
    }
    let none = Shape::of(&with(Profile::Heavy, |o| o.clients = 0), 20_000);
    assert!(none.clients.len() <= 96);
}

#[test]
fn paths_are_the_articles_that_can_be_found() {
    for paths in [1, 2, 100, 1_000] {
        let shape = Shape::of(&with(Profile::Heavy, |o| o.paths = paths), 100_000);
        assert_eq!(shape.keys.len(), paths as usize);
    }
    let endless = with(Profile::Heavy, |o| o.paths = Options::MOST_PATHS);
    assert!(Shape::of(&endless, 20_000).keys.len() > 3_000);
}

#[test]
fn broken_lines_are_the_share_that_was_asked_for() {
    for share in [0.0, 0.02, 0.5, 1.0] {
        let shape = Shape::of(&with(Profile::Reference, |o| o.broken = share), 20_000);
        assert!(
            shape.broken.abs_diff((share * 20_000.0) as u64) <= 300,
            "{share}"
        );
    }
    let all = Shape::of(&with(Profile::Heavy, |o| o.broken = 1.0), 5_000);
    assert_eq!(all.broken, 5_000);
    assert!(all.longest > 20_000);
}

#[test]
fn figures_out_of_range_are_refused() {
    for (change, message) in [
        (
            (|o| o.matches = -0.1) as fn(&mut Options),
            "the share of matches is -0.1, but must be from 0 to 1",
        ),
        (
            |o| o.broken = f64::NAN,
            "the share of broken lines is NaN, but must be from 0 to 1",
        ),
        (
            |o| o.clients = 1_000_001,
            "1000001 new clients per million lines are more than 1000000",
        ),
        (
            |o| o.paths = 0,
            "the number of paths is 0, but must be from 1 to 1073741824",
        ),
    ] {
        let options = with(Profile::Reference, change);
        assert_eq!(options.validate().unwrap_err().to_string(), message);
        let error = generate(&options, Amount::Lines(1), &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    }
}
