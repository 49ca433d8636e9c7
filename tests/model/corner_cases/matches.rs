//! Where the first report's pattern may match in a line, and where it may not.

use super::{ARTICLE, Case, combined, common, fetch, log};

/// Lines in which `<DAY>` stands for the folder of a day's articles.
fn days<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    log(lines
        .into_iter()
        .map(|line| line.replace("<DAY>", "/ongoing/When/200x/2006/01/02/")))
}

pub(super) fn cases() -> Vec<Case> {
    let get = |uri: &str| format!("GET {uri} ");
    let request = |request: &str| combined("192.0.2.1", request, "200", "10", "-");
    vec![
        (
            "two matches in one line",
            log([format!(
                "{}{}",
                get(ARTICLE),
                get("/ongoing/When/199x/1999/12/31/Other")
            )]),
        ),
        (
            "the same match twice in one line",
            log([get(ARTICLE).repeat(2), get(ARTICLE)]),
        ),
        (
            "match in the referrer only",
            log([combined(
                "192.0.2.1",
                "GET / HTTP/1.1",
                "200",
                "10",
                &format!("see GET {ARTICLE} now"),
            )]),
        ),
        (
            "match in the agent only",
            log([format!(
                "{} GET {ARTICLE} \"",
                common("GET / HTTP/1.1", "200", "10 \"-\" \"x")
            )]),
        ),
        (
            "match in request and referrer",
            log([combined(
                "192.0.2.1",
                &format!("GET {ARTICLE} HTTP/1.1"),
                "200",
                "10",
                "GET /ongoing/When/200x/2001/01/01/Else x",
            )]),
        ),
        (
            "the first candidate fails, the second matches",
            days([
                "GET <DAY>a.png GET <DAY>b \"",
                "GET /ongoing/When/200x/2006/01/ GET <DAY>b x",
            ]),
        ),
        (
            "candidates that overlap",
            days([
                "GET GET <DAY>b x",
                "GET /ongoing/When/200x/2006/GET <DAY>b x",
                "GET <DAY>aGET <DAY>b x",
            ]),
        ),
        (
            "one candidate inside another with a dot between",
            days(["GET <DAY>a.GET <DAY>b x"]),
        ),
        (
            "match with a dot",
            log([
                fetch("/ongoing/When/200x/2006/09/29/tea.png"),
                fetch("/ongoing/When/200x/2006/09/29/.tea"),
                fetch("/ongoing/When/200x/2006/09/29/tea."),
            ]),
        ),
        (
            "match at the end of the line without a space",
            log([format!("GET {ARTICLE}"), format!("x GET {ARTICLE}")]),
        ),
        (
            "match at the end of the line with a space",
            log([get(ARTICLE)]),
        ),
        (
            "match at the end of the file with a space",
            get(ARTICLE).into_bytes(),
        ),
        (
            "match at the end of the file without a space",
            format!("GET {ARTICLE}").into_bytes(),
        ),
        ("match ended by a CR", log([format!("GET {ARTICLE}\r")])),
        (
            "match with a CR inside",
            log([
                format!("GET {ARTICLE}\rmore x"),
                fetch(&format!("{ARTICLE}\rmore")),
            ]),
        ),
        (
            "match with a tab inside",
            log([
                format!("GET {ARTICLE}\tmore x"),
                fetch(&format!("{ARTICLE}\tmore")),
            ]),
        ),
        (
            "match with a quote inside",
            log([
                format!("GET {ARTICLE}\"200 10"),
                fetch(&format!("{ARTICLE}\"more")),
            ]),
        ),
        (
            "match that would cross a newline",
            log([
                format!("GET {ARTICLE}"),
                "more x".to_owned(),
                "GET ".to_owned(),
                format!("{ARTICLE} x"),
                "GET /ongoing/When/200x/".to_owned(),
                "2006/09/29/Tea x".to_owned(),
            ]),
        ),
        (
            "space of the match is the newline",
            format!("GET {ARTICLE}\n").into_bytes(),
        ),
        (
            "a word that ends with GET",
            log([
                request(&format!("FORGET {ARTICLE} HTTP/1.1")),
                request(&format!("xGET {ARTICLE} HTTP/1.1")),
            ]),
        ),
        (
            "other methods",
            log([
                request(&format!("POST {ARTICLE} HTTP/1.1")),
                request(&format!("HEAD {ARTICLE} HTTP/1.1")),
                request(&format!("get {ARTICLE} HTTP/1.1")),
                request(&format!("GETS {ARTICLE} HTTP/1.1")),
            ]),
        ),
        (
            "two spaces behind the method",
            log([request(&format!("GET  {ARTICLE} HTTP/1.1"))]),
        ),
    ]
}
