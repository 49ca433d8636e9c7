use super::*;
use crate::scan::combined::Frame;
use crate::scan::directive::COMBINED;
use proptest::prelude::*;

pub(in crate::scan) fn cut<'c>(layout: &Layout, line: &'c str) -> Result<Vec<&'c [u8]>, Misfit> {
    let mut slots = vec![&b""[..]; layout.slots()];
    layout.cut(line.as_bytes(), &mut slots).map(|()| slots)
}

#[test]
fn slots_are_what_the_configuration_says() {
    let layout = Layout::parse("vhost_combined").unwrap();
    let line = r#"a.example:80 ::1 - jo doe [t] "GET /a?b \"c\" HTTP/1.1" 200 7 "-" "x y" more"#;
    let slots = cut(&layout, line).unwrap();
    let slots: Vec<_> = slots
        .iter()
        .map(|slot| String::from_utf8_lossy(slot))
        .collect();
    let expected = [
        "a.example",
        "80",
        "::1",
        "-",
        "jo doe",
        "t",
        r#"GET /a?b \"c\" HTTP/1.1"#,
        "200",
        "7",
        "-",
        "x y",
    ];
    assert_eq!(slots, expected);
    assert_eq!(layout.source(&Field::Vhost), Some(Source::Slot(0)));
    assert_eq!(
        layout.source(&Field::Path),
        Some(Source::Request(6, Part::Path))
    );
    assert_eq!(
        layout.source(&Field::Own("%>p".to_owned())),
        Some(Source::Slot(1))
    );
    assert_eq!(layout.source(&Field::Latency), None);
}

#[test]
fn nginx_variables_have_the_same_meanings() {
    let layout = Layout::parse(
        r#"$remote_addr - $remote_user [$time_local] "${request}" $status $request_time $upstream_addr"#,
    );
    let layout = layout.unwrap();
    let slots = cut(&layout, r#"::1 - - [t] "-" 499 0.250 10.0.0.1:80"#).unwrap();
    assert_eq!(slots[5], b"0.250");
    assert_eq!(layout.scale(&Field::Latency), Scale::Seconds);
    let own = Field::Own("$upstream_addr".to_owned());
    assert_eq!(layout.source(&own), Some(Source::Slot(6)));
}

#[test]
fn a_path_and_its_query_are_one_uri() {
    let layout = Layout::parse(r#"%h "%m %U%q %H" %{REFERER}i"#).unwrap();
    let slots = cut(&layout, r#"h "GET /a?b HTTP/1.1" r"#).unwrap();
    assert_eq!(slots, [&b"h"[..], b"GET", b"/a?b", b"HTTP/1.1", b"r"]);
    assert_eq!(
        layout.source(&Field::Query),
        Some(Source::Uri(2, Part::Query))
    );
    assert_eq!(layout.source(&Field::Referrer), Some(Source::Slot(4)));
}

#[test]
fn trailers_have_names_of_three_letters() {
    let layout = Layout::parse(r#"%h "%{X}^ti" %{Y}^to"#).unwrap();
    assert_eq!(cut(&layout, r#"h "x" y"#).unwrap(), [b"h", b"x", b"y"]);
    let own = |name: &str| layout.source(&Field::Own(name.to_owned()));
    assert_eq!(own("%{Y}^to"), Some(Source::Slot(2)));
}

#[test]
fn hosts_may_hold_colons_and_end_at_a_slash() {
    for (text, line, expected) in [
        (
            "%v:%p %h",
            "[2001:db8::1]:80 ::1",
            &["[2001:db8::1]", "80", "::1"][..],
        ),
        ("%v:%p %h", "a.example:80 ::1", &["a.example", "80", "::1"]),
        (
            "$scheme://$host$request_uri $status",
            "https://a.example:8443/b?c 200",
            &["https", "a.example:8443", "/b?c", "200"],
        ),
    ] {
        let layout = Layout::parse(text).unwrap();
        let slots = cut(&layout, line).unwrap();
        let expected: Vec<_> = expected.iter().map(|text| text.as_bytes()).collect();
        assert_eq!(slots, expected, "{text}");
    }
    let layout = Layout::parse("$host$request_uri $status").unwrap();
    assert_eq!(cut(&layout, "_ 400").unwrap(), [&b"_"[..], b"", b"400"]);
    let layout = Layout::parse("$remote_addr - $remote_user [$time_local] $status").unwrap();
    let slots = cut(&layout, "::1 -  [t] 400").unwrap();
    assert_eq!(slots, [&b"::1"[..], b"", b"t", b"400"]);
}

#[test]
fn of_two_durations_the_finer_is_the_latency() {
    for text in ["%T/%D %h", "%D %T", "%T %{ms}T %D"] {
        let layout = Layout::parse(text).unwrap();
        assert_eq!(layout.scale(&Field::Latency), Scale::Microseconds, "{text}");
    }
    let layout = Layout::parse("%T/%D %h").unwrap();
    assert_eq!(layout.source(&Field::Latency), Some(Source::Slot(1)));
}

#[test]
fn times_may_hold_what_stands_behind_them() {
    for (text, line, expected) in [
        (
            "%h %{%F %T}t %s",
            "h 2009-02-14 05:01:30 200",
            ["h", "2009-02-14 05:01:30", "200"],
        ),
        (
            "$host $status $time_local",
            "h 200 14/Feb/2009:05:01:30 +0530",
            ["h", "200", "14/Feb/2009:05:01:30 +0530"],
        ),
        (
            "%{%FT%T}t.%{msec_frac}t %{%z}t %h %s",
            "2009-02-14T05:01:30.987 +0530 h 200",
            ["2009-02-14T05:01:30.987 +0530", "h", "200"],
        ),
    ] {
        let layout = Layout::parse(text).unwrap();
        assert_eq!(
            cut(&layout, line).unwrap(),
            expected.map(str::as_bytes),
            "{text}"
        );
    }
}

#[test]
fn lists_hold_what_parts_their_values() {
    let layout = Layout::parse("$upstream_addr $upstream_response_time $status").unwrap();
    for (line, expected) in [
        (
            "a:1, b:1 : c:1 0.1, 0.2 : - 200",
            ["a:1, b:1 : c:1", "0.1, 0.2 : -", "200"],
        ),
        ("- - 499", ["-", "-", "499"]),
    ] {
        assert_eq!(
            cut(&layout, line).unwrap(),
            expected.map(str::as_bytes),
            "{line}"
        );
    }
}

#[test]
fn the_last_value_takes_the_rest_if_it_may_hold_spaces() {
    let layout = Layout::parse("%h %s %r").unwrap();
    let slots = cut(&layout, "h 200 GET / HTTP/1.1").unwrap();
    assert_eq!(slots[2], b"GET / HTTP/1.1");
}

#[test]
fn what_does_not_fit_is_named_by_its_place() {
    let layout = Layout::parse(COMBINED).unwrap();
    for (line, at) in [
        ("", 0),
        ("h - - [t] x", 7),
        (r#"h - - [t] "GET /" 2x0 5 "-" "-""#, 18),
        (r#"h - - [t] "GET /" 200 5 "-" "-"x"#, 31),
        (r#"h - - [t] "GET /" 200 5 "-" "open"#, 29),
    ] {
        assert_eq!(
            cut(&layout, line).map_err(|misfit| misfit.at),
            Err(at),
            "{line}"
        );
    }
}

proptest! {
    /// The text of the combined format means what the hand-written cutter
    /// does, where the latter finds both quoted fields.
    #[test]
    fn combined_is_cut_as_by_hand(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "h", " ", "-", "[", "]", "\"", "\\", "200", "a b", " \"", "\" ", "[t] \"", ",",
            ]),
            0..12,
        ),
        request in "[a \"\\\\]{0,6}",
    ) {
        let odd: String = pieces.concat();
        for line in [
            odd.clone(),
            format!(r#"h - u [t] "{request}" 200 5 "{odd}" "x""#),
            format!(r#"h - {odd} [t] "r" 200 5 "-" "x""#),
            format!(r#"h - u [{odd}] "r" 200 5 "-" "x""#),
        ] {
            let layout = Layout::parse(COMBINED).unwrap();
            let by_layout = cut(&layout, &line);
            let by_hand = Frame::parse(line.as_bytes());
            let Ok(frame) = by_hand else { continue };
            let (Some(referrer), Some(agent)) = (frame.referrer, frame.agent) else { continue };
            let Ok(slots) = by_layout else {
                // By hand `"` must follow a status; a layout says the same.
                prop_assert!(false, "{line:?} fits by hand only: {by_layout:?}");
                unreachable!()
            };
            prop_assert_eq!(slots[0], frame.client);
            prop_assert_eq!(slots[4], frame.request);
            prop_assert_eq!(&slots[7..], &[referrer, agent]);
        }
    }
}
