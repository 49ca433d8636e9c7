//! JSON is what `docs/output.schema.json` says, and a line of NDJSON is a part of the document.

mod support;

use boon::{Compiler, Schemas};
use serde_json::{Map, Value as Json, json};
use support::process::{TIMEOUT, run, widefinder};
use support::reports::{
    crossed, grouped, keyed, metric, report, row, stats, table, total, written,
};
use widefinder::render;
use widefinder::report::{AcrossReport, Report};
use widefinder::value::{Unit, Value};

const SCHEMA: &str = include_str!("../docs/output.schema.json");

/// A log of every kind of line, and of a path that is not UTF-8.
const LOG: &[u8] =
    b"h - - [10/Oct/2026:13:55:36 -0700] \"GET /caf\xe9 HTTP/1.1\" 200 1 \"http://x/\" \"a\"\n\
    h - - [10/Oct/2026:13:55:36 -0700] \"GET /tea HTTP/1.1\" 404 - \"-\" \"a\"\n\
    # comment\n\nbroken\n";

/// Fails if the document is not what the schema says; neither may it have fields of which the
/// schema does not speak.
fn assert_valid(document: &Json) {
    let schema: Json = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let mut strict = schema.clone();
    forbid_others(&mut strict);
    for schema in [schema, strict] {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler
            .add_resource("output.schema.json", schema)
            .expect("the schema has a place");
        let index = compiler
            .compile("output.schema.json", &mut schemas)
            .expect("the schema is valid");
        if let Err(error) = schemas.validate(document, index) {
            panic!("{error:#}\nof: {document:#}");
        }
    }
}

fn forbid_others(schema: &mut Json) {
    match schema {
        Json::Object(fields) => {
            fields.values_mut().for_each(forbid_others);
            let lists_fields = fields.contains_key("properties") && fields.contains_key("required");
            if lists_fields && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Json::Array(values) => values.iter_mut().for_each(forbid_others),
        _ => {}
    }
}

fn parse(bytes: &[u8]) -> Json {
    serde_json::from_slice(bytes).expect("it is JSON")
}

fn json_of(report: &Report) -> Json {
    parse(&written(|out| render::json(out, report)))
}

/// Puts the lines together as one document.
fn document(lines: &[u8]) -> Json {
    let mut document = Map::new();
    let mut tables: Vec<Map<String, Json>> = Vec::new();
    for line in lines.split_inclusive(|&byte| byte == b'\n') {
        let Json::Object(mut line) = parse(line) else {
            panic!("a line is an object");
        };
        let kind = line.remove("type").expect("a line has a type");
        let table = line.remove("table");
        match kind.as_str().expect("a name") {
            "run" => {
                let version = line.remove("version").expect("the run has the version");
                document.insert("version".to_owned(), version);
                document.insert("run".to_owned(), line.into());
            }
            "table" => {
                assert_eq!(table, Some(json!(tables.len())));
                line.insert("rows".to_owned(), json!([]));
                tables.push(line);
            }
            "row" => {
                assert_eq!(table, Some(json!(tables.len() - 1)));
                let rows = tables.last_mut().and_then(|table| table.get_mut("rows"));
                let rows = rows
                    .and_then(Json::as_array_mut)
                    .expect("a table was begun");
                rows.push(line.into());
            }
            other => {
                document.insert(other.to_owned(), line.into());
            }
        }
    }
    document.insert(
        "tables".to_owned(),
        tables.into_iter().map(Json::from).collect(),
    );
    document.into()
}

#[test]
fn what_the_program_prints_is_valid() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("access.log"), LOG).expect("a log");
    std::fs::write(folder.path().join("empty.log"), "").expect("a log");
    let questions: &[(&[&str], i32)] = &[
        (&["access.log"], 0),
        (&["empty.log"], 0),
        (&["access.log", "empty.log", "none.log"], 2),
        (&["-e", r"GET (\S+)", "-e", "x", "access.log"], 0),
        (&["-e", "nothing", "access.log"], 1),
        (&["-e", "nothing", "empty.log"], 1),
        (&["--preset", "wf1", "access.log"], 0),
        (&["--preset", "wf2", "access.log"], 0),
        (&["--preset", "wf2", "empty.log"], 0),
    ];
    for (question, code) in questions {
        let print = |form| {
            let mut command = widefinder();
            command
                .args(["-f", form])
                .args(*question)
                .current_dir(folder.path());
            let finished = run(&mut command, None, TIMEOUT).expect("it ends");
            assert_eq!(finished.status.code(), Some(*code), "{question:?}");
            finished.stdout
        };
        let json = parse(&print("json"));
        assert_valid(&json);
        assert_eq!(document(&print("ndjson")), json, "{question:?}");
    }
}

#[test]
fn tables_of_every_shape_are_valid() {
    let mut report = report(vec![grouped(), crossed(), total()]);
    report.stats = Some(stats());
    let mut bytes = keyed(&[b"\xff".to_vec(), b"a".to_vec()]);
    bytes.across = Some(AcrossReport {
        name: "k".to_owned(),
        columns: vec![b"x".to_vec(), b"\xfe".to_vec()],
    });
    bytes.rows[0].cells = vec![Value::Whole(1), Value::Absent];
    report.tables.push(bytes);
    let json = json_of(&report);
    assert_valid(&json);
    assert_eq!(document(&written(|out| render::ndjson(out, &report))), json);

    let [grouped, crossed, total, bytes] = [0, 1, 2, 3].map(|index| &json["tables"][index]);
    assert_eq!(grouped["per"], "vhost");
    assert_eq!(grouped["metrics"][1]["error_percent"], 1);
    assert_eq!(
        grouped["others"],
        json!({"rows": 6, "metrics": {
            "hits": 200, "p95:latency": null, "avg:bytes": null, "errors%": null, "first": null,
        }})
    );
    assert_eq!(
        grouped["rows"][0],
        json!({"key": ["www.example.org", "/"], "metrics": {
            "hits": 1200, "p95:latency": 0.12, "avg:bytes": 2500.25, "errors%": 12.5,
            "first": "2006-10-01T00:00:00-07:00",
        }})
    );
    assert_eq!(crossed["rows"][0]["across"], json!([12, 3, null]));
    assert_eq!(crossed["others"]["rows"], 0);
    assert_eq!(total["rows"][0]["key"], json!([]));
    assert_eq!(bytes["rows"][0]["key_base64"], json!(["/w==", "YQ=="]));
    assert_eq!(bytes["across"]["columns_base64"], json!(["eA==", "/g=="]));
}

#[test]
fn what_was_not_counted_is_null() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("access.log"), LOG).expect("a log");
    let print = |question: &[&str]| {
        let mut command = widefinder();
        command
            .arg("--json")
            .args(question)
            .arg("access.log")
            .current_dir(folder.path());
        parse(&run(&mut command, None, TIMEOUT).expect("it ends").stdout)["run"].clone()
    };
    let balance = |run: &Json| {
        let names = [
            "lines", "entries", "selected", "other", "bad", "blank", "comment",
        ];
        json!(names.map(|name| run[name].clone()))
    };
    assert_eq!(balance(&print(&[])), json!([5, 2, 2, 0, 1, 1, 1]));
    let of_lines = print(&["-e", "h"]);
    assert_eq!(
        balance(&of_lines),
        json!([5, null, null, null, null, null, null])
    );
    assert_eq!(balance(&of_lines["files"][0]), balance(&of_lines));
    let preset = print(&["--preset", "wf1"]);
    assert_eq!(
        balance(&preset),
        json!([null, null, null, null, null, null, null])
    );
}

/// Every digit of a number counts, and a reader of 64 bits must not be the only one.
#[test]
fn numbers_have_all_their_digits() {
    let most = Value::Whole(u128::MAX);
    let metrics = vec![
        metric("bytes", Unit::Bytes),
        metric("max:latency", Unit::Nanoseconds),
    ];
    let table = table(&["k"], metrics, vec![row(&[b"x"], &[most, most])]);
    let written = written(|out| render::json(out, &report(vec![table])));
    let text = String::from_utf8(written).expect("JSON is UTF-8");
    let expected = r#"{"bytes":340282366920938463463374607431768211455,"max:latency":340282366920938463463374607431.768211455}"#;
    assert!(text.contains(expected), "{text}");
}
