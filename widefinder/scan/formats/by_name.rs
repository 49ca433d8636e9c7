//! Formats by the names that people and other tools have for them.

use super::wrapped::Wrapper;
use super::{alone, known};
use crate::scan::format::Format;

/// Names that others have given to formats, those of GoAccess, and the names that
/// these have here.
const SYNONYMS: [(&str, &str); 13] = [
    ("vcombined", "vhost_combined"),
    ("vcommon", "vhost_common"),
    ("awsalb", "alb"),
    ("awselb", "elb"),
    ("awss3", "s3"),
    ("iis", "w3c"),
    ("traefikjson", "traefik_json"),
    ("traefik", "traefik_json"),
    ("traefikclf", "traefik_clf"),
    ("npm", "nginx_proxy_manager"),
    ("ingress", "ingress_nginx"),
    ("main", "combined"),
    ("nginx", "combined"),
];

/// What lines are wrapped in by the first word of a text, as in `prefixed
/// combined`, and the rest of the text.
pub(in crate::scan) fn wrapper(text: &str) -> Option<(Wrapper, &str)> {
    let (word, rest) = text.split_once(' ')?;
    let mut wrappers = Wrapper::ALL.into_iter();
    let wrapper = wrappers.find(|wrapper| word.eq_ignore_ascii_case(wrapper.word()))?;
    Some((wrapper, rest))
}

/// The word of what lines are wrapped in, if a text is no more than that.
pub(in crate::scan) fn wrapper_word(text: &str) -> Option<&'static str> {
    let mut words = Wrapper::ALL.into_iter().map(Wrapper::word);
    words.find(|word| word.eq_ignore_ascii_case(text))
}

/// Finds a format by its name, or by the name that another has for it.
pub(in crate::scan) fn named(name: &str) -> Option<Format> {
    // Nobody should have to know which of the two stands between words.
    let name = name.to_ascii_lowercase().replace('-', "_");
    let synonym = SYNONYMS.iter().find(|(synonym, _)| name == *synonym);
    match synonym.map_or(&*name, |(_, name)| *name) {
        "common" => Some(Format::Common),
        "combined" => Some(Format::Combined),
        name => {
            let mut known = known().iter();
            let found = known.find(|format| format.name().eq_ignore_ascii_case(name));
            found.cloned()
        }
    }
}

/// The names that a format may be asked for by, those of others included.
pub(in crate::scan) fn names() -> Vec<String> {
    let mut names = vec!["common".to_owned(), "combined".to_owned()];
    let alone = alone();
    let alone = alone.iter().filter(|format| **format != Format::Combined);
    names.extend(alone.map(|format| format.name().to_owned()));
    let synonyms = SYNONYMS
        .iter()
        .filter(|(_, name)| names.iter().any(|n| n == name));
    let synonyms: Vec<_> = synonyms.map(|(synonym, _)| (*synonym).to_owned()).collect();
    names.extend(synonyms);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Field;

    #[test]
    fn formats_have_the_names_of_others_too() {
        for (name, own) in [
            ("COMBINED", "common or combined"),
            ("COMMON", "common"),
            ("VCOMBINED", "vhost_combined"),
            ("VCOMMON", "vhost_common"),
            ("traefik-clf", "traefik_clf"),
            ("TRAEFIKCLF", "traefik_clf"),
            ("Squid", "squid"),
        ] {
            assert_eq!(Format::named(name).unwrap().name(), own);
        }
        for name in ["prefixed combined", "Docker HAPROXY", "quoted combined %D"] {
            let format = Format::named(name).unwrap();
            assert!(format.source(&Field::Status).is_some(), "{name}");
        }
        assert!(names().iter().any(|name| name == "vcommon"));
    }
}
