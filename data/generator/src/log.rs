//! The log itself: one line after the other.
//!
//! The lines are independent of each other, unlike those of a real visit, which fetches a
//! page and then all its parts. Sessions would only help the reader of the log, whose tables
//! would find the same client again while it is still in the cache.

use crate::agent;
use crate::broken;
use crate::client::{Client, Clients, Visitor};
use crate::clock::Clock;
use crate::number::decimal;
use crate::options::{Options, Profile};
use crate::path::{Article, ORIGIN};
use crate::random::{Chance, Random};
use crate::referrer::{write_outside, write_search};
use crate::traffic::{self, ARTICLES, Referrer, Target, Traffic};

/// The flattening of the popularity: 2^1 articles are about equally popular.
const FLATNESS: u32 = 1;
/// Of this many articles one, among the most popular, has images, replies and links to it.
const ARTICLES_PER_DISCUSSED: u64 = 6;
/// The share of articles that are answered with status 200 or 304, in thousandths.
const SERVED: f64 = 932.0;
/// The denominator of all the oddities below.
const ODDS: u64 = 100_000;

/// An endless log, line by line.
///
/// # Examples
///
/// ```
/// use loggen::{Log, Options, Profile};
///
/// let mut log = Log::new(&Options::new(Profile::Reference));
/// let mut lines = Vec::new();
/// for _ in 0..10 {
///     log.write_line(&mut lines);
/// }
/// assert_eq!(lines.split_inclusive(|&byte| byte == b'\n').count(), 10);
/// ```
#[derive(Clone, Debug)]
pub struct Log {
    random: Random,
    clock: Clock,
    clients: Clients,
    lines: u64,
    /// Those that exist so far.
    articles: u64,
    /// The chance that a line for an article asks for a new one, if any are published.
    publication: Option<Chance>,
    matches: Chance,
    broken: Chance,
    /// The chance of a new client on a line for an article that is served.
    served_arrivals: Chance,
    /// The chance of a new client on any other line.
    other_arrivals: Chance,
}

impl Log {
    /// Starts the log that `options` describe.
    ///
    /// # Panics
    ///
    /// Panics if [`Options::validate`] rejects the options.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        if let Err(error) = options.validate() {
            panic!("{error}");
        }
        let (served_arrivals, other_arrivals) = arrivals(options);
        Self {
            random: Random::new(options.seed),
            clock: Clock::new(),
            clients: Clients::new(options.seed),
            lines: 0,
            articles: options.paths.into(),
            publication: publication(options).map(Chance::new),
            matches: Chance::new(options.matches),
            broken: Chance::new(options.broken),
            served_arrivals: Chance::new(served_arrivals),
            other_arrivals: Chance::new(other_arrivals),
        }
    }

    /// Appends the next line, with its newline, to `out`, which keeps what it holds.
    pub fn write_line(&mut self, out: &mut Vec<u8>) {
        let start = out.len();
        self.write_sound_line(out);
        if self.random.happens(self.broken) {
            broken::damage(&mut self.random, out, start);
        }
        self.lines += 1;
    }

    fn write_sound_line(&mut self, out: &mut Vec<u8>) {
        let traffic = if self.random.happens(self.matches) {
            &ARTICLES
        } else {
            traffic::draw(&mut self.random)
        };
        let status = self.random.weighted(traffic.statuses);
        let visitor = self.random.weighted(traffic.visitors);
        let served = traffic.target == Target::Article && matches!(status, 200 | 304);
        let arrival = if served {
            self.served_arrivals
        } else {
            self.other_arrivals
        };
        let client = self.clients.visit(visitor, arrival, &mut self.random);

        client.write_name(out);
        out.extend_from_slice(b" - - [");
        self.clock.write(&mut self.random, out);
        out.extend_from_slice(b"] \"");
        match self.method(traffic) {
            Method::Timeout => out.extend_from_slice(b"-\" 408 - \"-\" \"-\""),
            Method::Named(method) => {
                self.write_rest(traffic, status, client, method, protocol(client), out);
            }
            Method::Bare => self.write_rest(traffic, status, client, b"GET ", b"", out),
        }
        out.push(b'\n');
    }

    /// Appends everything from the method on.
    fn write_rest(
        &mut self,
        traffic: &Traffic,
        status: u16,
        client: Client,
        method: &[u8],
        protocol: &[u8],
        out: &mut Vec<u8>,
    ) {
        let article = match self.publication {
            Some(chance) if traffic.target == Target::Article && self.random.happens(chance) => {
                self.articles += 1;
                Article(self.articles - 1)
            }
            _ => self.article(traffic.target, client.visitor()),
        };
        out.extend_from_slice(method);
        let start = out.len();
        traffic.write_path(article, self.lines, &mut self.random, out);
        let end = out.len();
        out.extend_from_slice(protocol);
        out.extend_from_slice(b"\" ");
        decimal(out, status.into());
        out.push(b' ');
        self.write_size(traffic, status, start..end, out);
        out.extend_from_slice(b" \"");

        let oddity = Oddity::draw(&mut self.random);
        match self.random.weighted(traffic.referrers) {
            _ if oddity == Oddity::SpacedReferrer => {
                write_search(self.random.next(), b' ', out);
            }
            Referrer::Unknown => out.push(b'-'),
            Referrer::Own => self.write_own_page(traffic, article, out),
            Referrer::Outside => write_outside(self.lines, &mut self.random, out),
        }
        out.extend_from_slice(b"\" \"");
        agent::write(client, out);
        match oddity {
            Oddity::DoubleSpace => out.extend_from_slice(b"  (beta)"),
            Oddity::EscapedQuote => out.extend_from_slice(br#" \"Nightly\" build"#),
            Oddity::SpacedReferrer | Oddity::Nothing => {}
        }
        out.push(b'"');
    }

    /// Draws an article: crawlers visit all alike, everyone else prefers some.
    fn article(&mut self, target: Target, visitor: Visitor) -> Article {
        let articles = match target {
            Target::Article => self.articles,
            _ => self.articles.div_ceil(ARTICLES_PER_DISCUSSED),
        };
        Article(match visitor {
            Visitor::Robot => self.random.below(articles),
            Visitor::Reader | Visitor::Browser => self.random.rank(articles, FLATNESS),
        })
    }

    /// Draws the method. Requests for articles are never odd, so that all of them match, and
    /// those for folders have a protocol, because a bare one matches with its closing quote.
    fn method(&mut self, traffic: &Traffic) -> Method {
        if traffic.target == Target::Article {
            return Method::Named(b"GET ");
        }
        match self.random.below(ODDS) {
            0..455 => Method::Named(b"HEAD "),
            455..462 => Method::Named(b"POST "),
            462..465 => Method::Named(b"PUT "),
            465..469 => Method::Named(b"OPTIONS "),
            469..473 => Method::Timeout,
            473..476 if traffic.target != Target::Folder => Method::Bare,
            _ => Method::Named(b"GET "),
        }
    }

    /// Appends the size of the answer; what is not modified is not sent.
    fn write_size(
        &mut self,
        traffic: &Traffic,
        status: u16,
        path: std::ops::Range<usize>,
        out: &mut Vec<u8>,
    ) {
        /// The size of the page that explains an error, besides the path that it quotes.
        const ERROR_PAGE: u64 = 278;
        let bytes = match status {
            304 => {
                out.push(b'-');
                return;
            }
            200 => traffic.size(&out[path]),
            206 => {
                let whole = traffic.size(&out[path]);
                1 + self.random.below(whole)
            }
            _ => ERROR_PAGE + path.len() as u64,
        };
        decimal(out, bytes);
    }

    /// Appends the page that led to a request: to a part of an article the article itself.
    fn write_own_page(&mut self, traffic: &Traffic, article: Article, out: &mut Vec<u8>) {
        out.extend_from_slice(ORIGIN);
        match traffic.target {
            Target::Image | Target::Replies | Target::Caption | Target::Furniture => {
                article.write_path(out);
            }
            _ if self.random.next().is_multiple_of(2) => out.extend_from_slice(b"/ongoing/"),
            _ => self
                .article(Target::Article, Visitor::Browser)
                .write_path(out),
        }
    }
}

/// What stands before the path.
enum Method {
    Named(&'static [u8]),
    /// The client connected and said nothing.
    Timeout,
    /// HTTP/0.9: a GET without a protocol.
    Bare,
}

/// What is rarely seen, and trips up those who split lines too simply.
#[derive(PartialEq, Eq)]
enum Oddity {
    Nothing,
    DoubleSpace,
    EscapedQuote,
    SpacedReferrer,
}

impl Oddity {
    fn draw(random: &mut Random) -> Self {
        match random.below(ODDS) {
            0..61 => Self::DoubleSpace,
            61 => Self::EscapedQuote,
            62..65 => Self::SpacedReferrer,
            _ => Self::Nothing,
        }
    }
}

/// Returns the protocol that a client speaks, most crawlers the older one.
fn protocol(client: Client) -> &'static [u8] {
    let older_of_8 = if client.visitor() == Visitor::Robot {
        6
    } else {
        1
    };
    if (client.traits >> 56) % 8 < older_of_8 {
        b" HTTP/1.0"
    } else {
        b" HTTP/1.1"
    }
}

/// Returns the chance that a line for an article asks for a new one.
fn publication(options: &Options) -> Option<f64> {
    let rate = f64::from(options.new_paths) / f64::from(Options::MOST_NEW_PATHS);
    let chance = (rate / options.matches).min(1.0);
    (options.new_paths > 0 && options.matches > 0.0).then_some(chance)
}

/// Returns the chances of a new client on a served article and on any other line.
fn arrivals(options: &Options) -> (f64, f64) {
    let rate = f64::from(options.clients) / f64::from(Options::MOST_CLIENTS);
    let served = options.matches * SERVED / 1_000.0;
    match options.profile {
        Profile::Reference => (rate, rate),
        Profile::Heavy if rate <= served => (if served > 0.0 { rate / served } else { 0.0 }, 0.0),
        Profile::Heavy => (1.0, (rate - served) / (1.0 - served)),
    }
}
