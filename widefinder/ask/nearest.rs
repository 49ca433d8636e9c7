//! The name that was probably meant.

use strsim::damerau_levenshtein;

/// Longer words are no slip of a short name, and would take long to compare.
const LONGEST: usize = 40;

/// Words that other tools use, and the names that they have here.
const ELSEWHERE: [(&str, &str); 22] = [
    ("address", "client"),
    ("browser", "agent"),
    ("code", "status"),
    ("count", "hits"),
    ("date", "day"),
    ("domain", "site"),
    ("duration", "latency"),
    ("elapsed", "latency"),
    ("error%", "errors%"),
    ("error_rate", "errors%"),
    ("extension", "ext"),
    ("hostname", "vhost"),
    ("mean", "avg"),
    ("minute", "time:1m"),
    ("request", "uri"),
    ("requests", "hits"),
    ("response_time", "latency"),
    ("size", "bytes"),
    ("timestamp", "time"),
    ("unique", "distinct"),
    ("verb", "method"),
    ("week", "time:1w"),
];

/// Returns the name that was probably meant by `word`: the same in lower case,
/// what another tool's word stands for, or that with the fewest slips of the
/// finger. The first of equals; `None` if nothing is near.
pub(crate) fn nearest<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == word);
    if let Some((_, meant)) = elsewhere {
        let plain = meant.split(':').next();
        if names.iter().any(|name| plain == Some(*name)) {
            return Some(meant);
        }
    }
    // A third of the letters may be wrong, and one in the shortest words, but
    // not all.
    let length = word.chars().count();
    let slips = (length / 3).clamp(1, 3).min(length.saturating_sub(1));
    let by_distance = names
        .iter()
        .map(|name| (damerau_levenshtein(&word, &name.to_lowercase()), *name));
    let near = by_distance.filter(|(distance, _)| *distance <= slips);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Returns `; did you mean ...?` if a name is near, else what `otherwise` says.
pub(super) fn suggestion(word: &str, names: &[&str], otherwise: impl Fn() -> String) -> String {
    match nearest(word, names) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => otherwise(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended() {
        let names = ["path", "time", "status", "uri", "client", "agent"];
        let table: &[(&str, Option<&str>)] = &[
            ("pth", Some("path")),
            ("paht", Some("path")),
            ("PATH", Some("path")),
            ("Status", Some("status")),
            ("statsu", Some("status")),
            ("ur", Some("uri")),
            ("browser", Some("agent")),
            ("week", Some("time:1w")),
            ("count", None),
            ("x", None),
            ("", None),
            ("frobnicate", None),
        ];
        for (word, name) in table {
            assert_eq!(nearest(word, &names), *name, "{word:?}");
        }
        assert_eq!(nearest(&"path".repeat(50), &names), None);
    }
}
