//! Whatever is typed, the program answers or says what is wrong; it never panics.

#[path = "asked/mod.rs"]
mod asking;
mod model;
mod support;

use asking::compare::plan;
use asking::logs::{any_log, small_log};
use asking::texts::{PIECES, layout, words};
use model::asked::combined_lines;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use support::answers::file;
use support::process;
use tempfile::NamedTempFile;
use widefinder::lines::Selection;
use widefinder::plan::Plan;
use widefinder::render::{self, Style};
use widefinder::report::Report;
use widefinder::run;

/// Answers in every form.
fn answer(words: &[String], file: &NamedTempFile) -> Option<()> {
    let plan = plan(words, file).map_err(|error| error.to_string()).ok()?;
    assert!(!plan.explain().is_empty());
    let plan = Plan { threads: 2, ..plan };
    if words.iter().any(|word| word == "--lines") {
        let mut selection = Selection::open(&plan);
        selection
            .write(None, &mut Vec::new())
            .expect("memory takes all");
        return Some(());
    }
    rendered(&run(&plan));
    Some(())
}

fn rendered(report: &Report) {
    let out = &mut Vec::new();
    render::json(out, report).expect("memory takes all");
    render::ndjson(out, report).expect("memory takes all");
    render::csv(out, report, true).expect("memory takes all");
    render::tsv(out, report, true).expect("memory takes all");
    render::markdown(out, report).expect("memory takes all");
    for width in [None, Some(1), Some(40)] {
        let style = Style {
            color: true,
            rich: true,
            width,
        };
        render::text(out, report, &style).expect("memory takes all");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn nothing_that_is_typed_makes_it_panic(log in small_log(8), words in words()) {
        answer(&words, &file(&log));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_format_makes_it_panic(
        log in any_log(),
        format in layout(),
        pieces in vec(select(PIECES), 0..40),
        by in select(vec!["line", "client", "path,query", "status,time", "latency", "%{X-Id}i"]),
        metrics in select(vec!["hits", "bytes,p50:latency", "first,visitors", "avg:upstream_latency"]),
    ) {
        let log = [&log.bytes, pieces.concat().as_bytes()].concat();
        let words = ["-b", by, "-m", metrics, "--log-format", &format].map(str::to_owned);
        answer(&words, &file(&log));
    }

    /// The combined format in a configuration's words means the same.
    #[test]
    fn the_text_of_the_combined_format_is_the_combined_format(
        log in any_log(),
        by in select(vec!["path", "client,user", "status,agent", "referrer", "time", "line,query"]),
        filter in select(vec!["status!=404", "bytes>=1000", "agent!~bot", "uri~tea", "user=-"]),
    ) {
        const APACHE: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;
        const NGINX: &str = "$remote_addr - $remote_user [$time_local] \"$request\" \
            $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";
        let all = file(&combined_lines(&log.bytes, |_| true));
        // Which is what nginx writes.
        let dashed = file(&combined_lines(&log.bytes, |entry| entry.ident == b"-"));
        let metrics = "hits,bytes,errors%,visitors,first,distinct:method,max:bytes";
        let tables = |format: &str, file: &NamedTempFile| {
            let words = ["-b", by, "-m", metrics, "-w", filter, "--log-format", format];
            let words = words.map(str::to_owned);
            let report = run(&plan(&words, file).expect("it is a question"));
            (report.balance(), report.tables, report.bad_lines)
        };
        prop_assert_eq!(tables(APACHE, &all), tables("combined", &all));
        prop_assert_eq!(tables(NGINX, &dashed), tables("combined", &dashed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_process_ends_with_an_exit_code_of_its_own(log in small_log(4), words in words()) {
        // No command line can hold it.
        prop_assume!(!words.concat().contains('\0'));
        let file = file(&log);
        let mut command = process::widefinder();
        let finished = process::run(command.args(&words).arg(file.path()), None, process::TIMEOUT);
        let finished = finished.map_err(TestCaseError::fail)?;
        let code = finished.status.code();
        prop_assert!(matches!(code, Some(0..=2)), "{:?}: {:?}", words, finished);
        prop_assert!(code != Some(2) || !finished.stderr.is_empty(), "{:?}", words);
    }
}
