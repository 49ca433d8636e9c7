//! Tables of every shape, as people and spreadsheets see them.

mod support;

use support::reports::{crossed, grouped, metric, report, row, table, total, written};
use widefinder::render::{self, Style};
use widefinder::report::{AcrossReport, TableReport};
use widefinder::value::{Unit, Value};

fn text(table: TableReport, style: Style) -> String {
    let text = written(|out| render::text(out, &report(vec![table]), &style));
    String::from_utf8(text).expect("text is UTF-8")
}

fn plain(table: TableReport) -> String {
    text(table, Style::default())
}

/// On a terminal, without its colours.
fn rich(table: TableReport, width: usize) -> String {
    let style = Style {
        color: false,
        rich: true,
        width: Some(width),
    };
    text(table, style)
}

#[test]
fn groups_stand_apart_and_show_their_key_once() {
    let expected = r"vhost, path by hits (9 distinct)
  hits   share  ~p95:latency (s)  avg:bytes  errors%                      first  vhost            path
  1200  60.00%            0.1200     2500.3   12.50%  2006-10-01T00:00:00-07:00  www.example.org  /
    30   1.50%            0.0035        7.0    0.00%  2006-10-01T00:01:01-07:00                   /tea

    70   3.50%                 -          -   66.67%                          -  example.net      /caf\xe9
  ~ within 1% of the exact value
";
    assert_eq!(plain(grouped()), expected);
}

#[test]
fn a_terminal_shows_units_separators_and_bars() {
    let expected = r"vhost, path by hits (9 distinct)
   hits   share              ~p95:latency  avg:bytes  errors%                      first  vhost            path
  1,200  60.00%  ██████████        120 ms   2.44 KiB   12.50%  2006-10-01T00:00:00-07:00  www.example.org  /
     30   1.50%  ▎                3.50 ms        7 B    0.00%  2006-10-01T00:01:01-07:00                   /tea

     70   3.50%  ▋                      -          -   66.67%                          -  example.net      /caf\xe9
  ~ within 1% of the exact value
";
    assert_eq!(rich(grouped(), 200), expected);
}

#[test]
fn a_group_may_be_any_part_of_the_key() {
    let mut last = grouped();
    last.by.reverse();
    last.rows.iter_mut().for_each(|row| row.key.reverse());
    last.per = Some(1);
    let lines = plain(last);
    assert!(lines.contains("/         www.example.org\n"), "{lines}");
    assert!(lines.contains("/tea\n\n"), "{lines}");
    // Groups of one row need no space between them.
    let mut single = grouped();
    single.rows.remove(1);
    assert!(!plain(single).contains("\n\n"));
}

#[test]
fn a_cross_table_has_a_column_a_value() {
    let expected = "\
hour by hits (2 distinct)
  hour   hits   share  Mon  Tue      -
  00       15   0.04%   12    3      -
  01        0   0.00%    0    0      0
  02    40001  99.96%    1    0  40000
  gaps between times are not shown: there are too many
";
    assert_eq!(plain(crossed()), expected);
}

#[test]
fn columns_that_do_not_fit_are_counted() {
    let mut many = crossed();
    let columns = (0..1000).map(|number| format!("{number:03}").into_bytes());
    many.across = Some(AcrossReport {
        name: "k".to_owned(),
        columns: columns.collect(),
    });
    for row in &mut many.rows {
        row.cells = vec![Value::Whole(7); 1000];
    }
    many.gaps_left = false;
    let cut = rich(many.clone(), 80);
    assert!(cut.contains("  hour    hits  000  001  "), "{cut}");
    assert!(
        cut.ends_with("    7\n  987 more columns do not fit: use -f csv or a pipe\n"),
        "{cut}"
    );
    // The total is always shown, and a pipe gets all.
    assert!(rich(many.clone(), 18).contains("  hour    hits\n"));
    assert!(plain(many).contains("  998  999\n"));
}

#[test]
fn parts_of_a_key_share_the_room() {
    let referrer = b"http://forum.polytechnic.example.org/viewtopic.php?t=19225";
    let keys: [[&[u8]; 2]; 2] = [[b"/tea", referrer], [&[b'p'; 70], b"-"]];
    let rows = keys.map(|key| row(&key, &[Value::Whole(1)]));
    let table = table(
        &["path", "referrer"],
        vec![metric("hits", Unit::Count)],
        rows.to_vec(),
    );
    let expected = "\
path, referrer by hits (2 distinct)
  hits   share  path                   referrer
     1  50.00%  /tea                   http://forum.polytec…
     1  50.00%  pppppppppppppppppppp…  -
";
    assert_eq!(rich(table.clone(), 60), expected);
    let whole = rich(table, 200);
    assert!(whole.contains("/viewtopic.php?t=19225\n"), "{whole}");
}

#[test]
fn metrics_that_do_not_fit_are_counted() {
    let mut many = grouped();
    many.per = None;
    let expected = r"vhost, path by hits (9 distinct)
   hits  ~p95:latency  avg:bytes  vhost            path
  1,200        120 ms   2.44 KiB  www.example.org  /
     30       3.50 ms        7 B  www.example.org  /tea
     70             -          -  example.net      /caf\xe9
  2 more columns do not fit: use -f csv or a pipe
  ~ within 1% of the exact value
";
    assert_eq!(rich(many, 60), expected);
}

#[test]
fn a_total_that_is_longer_than_a_line_is_a_list() {
    let expected = "\
total
  hits                             1,000
  avg:latency                       1 ns
  bytes        295147905179352825856 EiB
";
    assert_eq!(rich(total(), 45), expected);
}

#[test]
fn a_total_is_one_row_without_a_key() {
    let expected = format!(
        "total\n  hits    share  avg:latency (s)  {:>39}\n  1000  100.00%                0  {}\n",
        "bytes",
        u128::MAX
    );
    assert_eq!(plain(total()), expected);
}

#[test]
fn a_metric_that_does_not_add_up_has_no_share_and_a_time_no_bar() {
    let by_time = table(
        &["path"],
        vec![metric("last", Unit::Time), metric("hits", Unit::Count)],
        vec![row(&[b"/"], &[support::reports::time(0), Value::Whole(3)])],
    );
    let expected = "\
path by last (1 distinct)
                       last  hits  path
  2006-10-01T00:00:00-07:00     3  /
";
    assert_eq!(plain(by_time.clone()), expected);
    assert_eq!(rich(by_time, 80), expected);
}

#[test]
fn wide_characters_are_aligned() {
    let rows = ["日本", "a"].map(|key| row(&[key.as_bytes(), b"/"], &[Value::Whole(1)]));
    let table = table(
        &["a", "b"],
        vec![metric("hits", Unit::Count)],
        rows.to_vec(),
    );
    let expected = "\
a, b by hits (2 distinct)
  hits   share  a     b
     1  50.00%  日本  /
     1  50.00%  a     /
";
    assert_eq!(plain(table), expected);
}

#[test]
fn separated_values_have_the_key_first() {
    let report = report(vec![grouped(), crossed(), total()]);
    let csv = written(|out| render::csv(out, &report, false));
    let expected = format!(
        "vhost,path,hits,~p95:latency,avg:bytes,errors%,first\n\
         www.example.org,/,1200,0.12,2500.25,12.5,2006-10-01T00:00:00-07:00\n\
         www.example.org,/tea,30,0.0035,7,0,2006-10-01T00:01:01-07:00\n\
         example.net,/caf\u{fffd},70,,,66.6667,\n\
         \n\
         hour,hits,Mon,Tue,-\n\
         00,15,12,3,\n\
         01,0,0,0,0\n\
         02,40001,1,0,40000\n\
         \n\
         hits,avg:latency,bytes\n\
         1000,0.000000001,{}\n",
        u128::MAX
    );
    assert_eq!(String::from_utf8_lossy(&csv), expected);
    let tsv = written(|out| render::tsv(out, &report, false));
    assert_eq!(String::from_utf8_lossy(&tsv), expected.replace(',', "\t"));
}

#[test]
fn markdown_has_the_columns_of_text() {
    let report = report(vec![grouped(), crossed()]);
    let markdown = written(|out| render::markdown(out, &report));
    let expected = r"### vhost, path by hits (9 distinct)

| hits | share | \~p95:latency (s) | avg:bytes | errors% | first | vhost | path |
| ---: | ---: | ---: | ---: | ---: | ---: | :--- | :--- |
| 1200 | 60.00% | 0.1200 | 2500.3 | 12.50% | 2006-10-01T00:00:00-07:00 | www\.example.org | / |
| 30 | 1.50% | 0.0035 | 7.0 | 0.00% | 2006-10-01T00:01:01-07:00 | www\.example.org | /tea |
| 70 | 3.50% | - | - | 66.67% | - | example.net | /caf\\xe9 |

\~ within 1% of the exact value

### hour by hits (2 distinct)

| hour | hits | share | Mon | Tue | - |
| :--- | ---: | ---: | ---: | ---: | ---: |
| 00 | 15 | 0.04% | 12 | 3 | - |
| 01 | 0 | 0.00% | 0 | 0 | 0 |
| 02 | 40001 | 99.96% | 1 | 0 | 40000 |

gaps between times are not shown: there are too many
";
    assert_eq!(String::from_utf8_lossy(&markdown), expected);
}
