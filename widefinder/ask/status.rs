//! Statuses of answers, and their classes.

use super::mistake::quoted;
use super::span::Span;
use crate::class::NAMES;

/// Reads `404` or `4xx`.
pub(super) fn status(text: &str) -> Result<Span, String> {
    let (first, last) = match text.as_bytes() {
        [digit @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => {
            let first = 100 * u64::from(digit - b'0');
            (first, first + 99)
        }
        [a, b, c] if text.bytes().all(|b| b.is_ascii_digit()) => {
            let status = [a, b, c]
                .iter()
                .fold(0, |n, d| 10 * n + u64::from(*d - b'0'));
            (status, status)
        }
        _ => {
            return Err(format!(
                "{} is no status; expected are three digits, a class from `1xx` to `5xx`, \
                 or a range such as `400..409`",
                quoted(text)
            ));
        }
    };
    Ok(Span::whole(first, last))
}

/// Reads a class, `1xx` to `5xx` or `other`.
pub(super) fn class(text: &str) -> Result<&'static str, String> {
    let class = NAMES.iter().find(|class| class.eq_ignore_ascii_case(text));
    class.copied().ok_or_else(|| {
        format!(
            "{} is no class; they are {}",
            quoted(text),
            NAMES.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_numbers_or_classes() {
        assert_eq!(status("404"), Ok(Span::whole(404, 404)));
        assert_eq!(status("000"), Ok(Span::whole(0, 0)));
        assert_eq!(status("5xx"), Ok(Span::whole(500, 599)));
        assert_eq!(status("1XX"), Ok(Span::whole(100, 199)));
        for text in [
            "", "40x", "0xx", "6xx", "4x", "40", "4040", "-40", "+40", "4 4", "xxx", "é1",
        ] {
            let message = format!(
                "`{text}` is no status; expected are three digits, \
                 a class from `1xx` to `5xx`, or a range such as `400..409`"
            );
            assert_eq!(status(text), Err(message));
        }
    }

    #[test]
    fn classes_are_few() {
        assert_eq!(class("5XX"), Ok("5xx"));
        assert_eq!(class("other"), Ok("other"));
        let message = "`6xx` is no class; they are 1xx, 2xx, 3xx, 4xx, 5xx, other";
        assert_eq!(class("6xx"), Err(message.to_owned()));
    }
}
