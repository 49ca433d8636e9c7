//! What the program prints as JSON, as far as the answers speak of it.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Deserialize, Debug)]
pub(crate) struct Document {
    pub(crate) run: BTreeMap<String, Box<RawValue>>,
    pub(crate) tables: Vec<Table>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Table {
    pub(crate) by: Vec<String>,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) distinct: u64,
    pub(crate) rows: Vec<Row>,
    pub(crate) across: Option<Across>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Metric {
    pub(crate) name: String,
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
pub(crate) struct Across {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Row {
    pub(crate) key: Vec<String>,
    /// Of the parts that are not UTF-8.
    pub(crate) key_base64: Option<Vec<Option<String>>>,
    pub(crate) metrics: BTreeMap<String, Box<RawValue>>,
    #[serde(alias = "across")]
    pub(crate) cells: Option<Vec<Box<RawValue>>>,
}

impl Document {
    pub(crate) fn read(printed: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(printed)
            .map_err(|error| format!("no document of the known shape: {error}"))
    }
}
