//! From the text of a configuration to a layout, or to the place where it cannot
//! be understood.

use memchr::{memchr_iter, memmem};

use super::{Holds, Layout, Slot, Told};
use crate::ask::{Field, Mistake, nearest};
use crate::error::Error;
use crate::scan::configured::Configured;
use crate::scan::directive::{Reader, Shape, Token, expand, meaning, rank_of_client, shape};
use crate::scan::formats;
use crate::scan::sample::{is_read, sample};

impl Layout {
    /// Reads what stands behind `LogFormat` or `log_format` in a configuration.
    /// It may begin with the name of a format, as in `combined %D`, or be the
    /// whole directive.
    ///
    /// # Errors
    ///
    /// When it has no directive, or lines in it cannot be cut in one way only.
    pub fn parse(text: &str) -> Result<Layout, Error> {
        Layout::read(text).map_err(|mistake| Error::Question {
            option: "--log-format".to_owned(),
            mistake,
        })
    }

    fn read(text: &str) -> Result<Layout, Mistake> {
        let mut configured = Configured::read(text)?;
        expand(&mut configured);
        let mut reader = Reader::new(configured.text());
        let mut layout = Layout {
            name: text.trim().to_owned(),
            slots: Vec::new(),
            tail: Vec::new(),
            told: Told::Slots,
        };
        let mut parts = Vec::new();
        let mistake = |(part, message)| configured.mistake(part, message);
        while let Some((token, part)) = reader.next().map_err(mistake)? {
            match token {
                Token::Text(byte) => layout.tail.push(byte),
                Token::Directive(directive) => match layout.push(directive) {
                    Ok(()) => parts.push(part),
                    Err(message) => return Err(configured.mistake(part, message)),
                },
            }
        }
        if layout.slots.is_empty() {
            return Err(no_format(&configured));
        }
        layout.find_client();
        layout.finish().map_err(|(slot, message)| {
            let part = parts.get(slot).cloned().unwrap_or_default();
            configured.mistake(part, message)
        })?;
        Ok(layout)
    }

    /// Adds a slot; what was the tail stands before it.
    fn push(&mut self, directive: String) -> Result<(), String> {
        if let Some(last) = self.slots.last_mut()
            && let Some(joined) = joined(&last.directive, &self.tail, &directive)
        {
            (last.holds, last.scale) = meaning(&joined);
            last.directive = joined;
            self.tail.clear();
            return Ok(());
        }
        // Apache writes the brackets itself.
        let brackets = directive == "%t";
        if brackets {
            self.tail.push(b'[');
        }
        let (holds, scale) = meaning(&directive);
        let is_uri = matches!(holds, Holds::Field(Field::Uri | Field::Path));
        match self.slots.last_mut().filter(|_| self.tail.is_empty()) {
            Some(last) if is_uri && last.holds == Holds::Field(Field::Vhost) => {
                last.shape = Shape::Origin;
            }
            Some(last) => {
                return Err(format!(
                    "nothing stands between {} and {directive}, \
                     so that the two cannot be told apart",
                    last.directive
                ));
            }
            None => {}
        }
        self.slots.push(Slot {
            before: std::mem::take(&mut self.tail),
            shape: shape(&directive),
            passes: 0,
            directive,
            holds,
            scale,
        });
        if brackets {
            self.tail.push(b']');
        }
        Ok(())
    }

    /// Where no directive writes the client's address, a header of a proxy tells it.
    fn find_client(&mut self) {
        let is_client = |slot: &Slot| slot.holds == Holds::Field(Field::Client);
        if self.slots.iter().any(is_client) {
            return;
        }
        let mut headers: Vec<_> = self
            .slots
            .iter_mut()
            .filter_map(|slot| Some((rank_of_client(&slot.directive)?, slot)))
            .collect();
        headers.sort_by_key(|(rank, _)| *rank);
        if let Some((_, slot)) = headers.into_iter().next() {
            slot.holds = Holds::Field(Field::Client);
        }
    }

    /// Looks at each slot with what stands behind it.
    fn finish(&mut self) -> Result<(), (usize, String)> {
        for index in 0..self.slots.len() {
            let behind = match self.slots.get(index + 1) {
                Some(next) => next.before.clone(),
                None => self.tail.clone(),
            };
            let slot = &mut self.slots[index];
            slot.passes = match (sample(&slot.directive), &behind[..]) {
                (None, _) => 0,
                (Some(sample), []) => memchr_iter(b' ', sample.as_bytes()).count(),
                (Some(sample), behind) => memmem::find_iter(sample.as_bytes(), behind).count(),
            };
            let is_blank = !behind.is_empty() && behind.iter().all(|byte| *byte == b' ');
            if slot.shape == Shape::Free && is_blank {
                let message = format!(
                    "{} may hold spaces, so that its end cannot be told from the space behind \
                     it; in quotes it could",
                    slot.directive
                );
                return Err((index, message));
            }
        }
        Ok(())
    }
}

/// What two directives write together, if the two are one value: a URI, which the
/// query begins with its own mark, or is not there, or a time.
fn joined(first: &str, between: &[u8], second: &str) -> Option<String> {
    let joined = format!("{first}{}{second}", String::from_utf8_lossy(between));
    let is_time = matches!(between, b"" | b"." | b"," | b" ") && is_read(&joined);
    (joined == "%U%q" || is_time && first.starts_with("%{") && second.starts_with("%{"))
        .then_some(joined)
}

/// The mistake in a text without any directive: hardly more than a name.
fn no_format(configured: &Configured<'_>) -> Mistake {
    let text = configured.text();
    if let Some(word) = formats::wrapper_word(text.trim()) {
        let message = format!(
            "{word} says what stands around a line; a format follows it, as in `{word} combined`"
        );
        return configured.mistake(0..text.len(), message);
    }
    let names = formats::names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let meant = match nearest(text.trim(), &names) {
        Some(name) => format!("did you mean `{name}`? There are "),
        None => String::from("there are "),
    };
    let message = format!(
        "no format has this name; {meant}{}, \
         and any LogFormat or log_format with directives such as %h or $remote_addr",
        names.join(", ")
    );
    configured.mistake(0..text.len(), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::format::Source;
    use crate::scan::layout::tests::cut;

    #[test]
    fn times_are_those_that_are_read() {
        let time = |text: &str| Layout::parse(text).unwrap().source(&Field::Time);
        for text in [
            "$remote_addr $time_iso8601",
            "$remote_addr [$msec] $status",
            "%h %{sec}t %s",
            "%h [%{%Y-%m-%dT%H:%M:%S}t.%{usec_frac}t%{%z}t] %s",
        ] {
            assert_eq!(time(text), Some(Source::Slot(1)), "{text}");
        }
        let text = "%h %{%H:%M}t %s";
        assert_eq!(time(text), None);
        let own = Field::Own("%{%H:%M}t".to_owned());
        let layout = Layout::parse(text).unwrap();
        assert_eq!(layout.source(&own), Some(Source::Slot(1)));
    }

    #[test]
    fn formats_are_read_as_they_stand_in_a_configuration() {
        let apache = "LogFormat \"%h %t \\\"%r\\\" \\\n%>s\" \\\n mine\n";
        let slots = cut(&Layout::parse(apache).unwrap(), r#"h [t] "GET /" 200"#).unwrap();
        assert_eq!(slots, [&b"h"[..], b"t", b"GET /", b"200"]);
        let nginx = "log_format mine escape=json '{\"a\":\"$remote_addr\",'\n '\"s\":$status}';";
        let slots = cut(&Layout::parse(nginx).unwrap(), r#"{"a":"::1","s":200}"#).unwrap();
        assert_eq!(slots, [b"::1", b"200"]);
    }

    #[test]
    fn a_header_tells_the_client_where_nothing_else_does() {
        let client = |text: &str| Layout::parse(text).unwrap().source(&Field::Client);
        for (text, slot) in [
            ("%{X-Real-IP}i %{X-Forwarded-For}i %l %u %t", Some(1)),
            ("$http_cf_connecting_ip - [$time_local]", Some(0)),
            ("%{X-Forwarded-For}i %h %l %u %t", Some(1)),
            ("%l %u %t", None),
        ] {
            assert_eq!(client(text), slot.map(Source::Slot), "{text}");
        }
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for (text, message, place) in [
            ("combind", "did you mean `combined`?", 0..7),
            ("docker", "as in `docker combined`", 0..6),
            ("frobnicate", "there are common, combined", 0..10),
            ("", "no format", 0..0),
            ("%h%u", "nothing stands between %h and %u", 2..4),
            ("%h %{Referer", "no directive", 3..12),
            ("%h %{Content-Type}o %D", "may hold spaces", 3..19),
            ("%h %^ x", "no directive", 3..5),
            ("$remote_addr $ x", "no variable", 13..14),
            ("%h %r %s", "%r may hold spaces", 3..5),
            (
                "log_format a '$host $http_user_agent '\n'$status';",
                "may hold spaces",
                20..36,
            ),
            ("%h\n%s", "the end of a line", 2..3),
            ("%h %{%z}t%{%H}t", "nothing stands between", 9..15),
        ] {
            let mistake = Layout::read(text).unwrap_err();
            assert!(mistake.message.contains(message), "{mistake}");
            assert_eq!(mistake.place, place, "{text}");
        }
    }
}
