//! What people are told of a table besides its rows.

use super::column::metric_name;
use super::decimal::Decimal;
use super::number::whole;
use crate::report::{MetricReport, Report, TableReport};
use crate::value::Unit;

/// What is not in the rows, behind the title; nothing for a total.
pub(super) fn note(table: &TableReport, report: &Report, rich: bool) -> Option<String> {
    if table.by.is_empty() {
        return None;
    }
    let distinct = whole(u128::from(table.distinct), rich);
    let hits = table.metrics.iter().position(|m| m.name == "hits");
    let hits = hits.and_then(|index| table.whole[index]);
    let (Some(hits), true) = (hits, table.matches) else {
        return Some(format!("({distinct} distinct)"));
    };
    let balance = report.balance();
    let (all, what) = match balance.fits {
        None => (balance.lines, "lines"),
        Some(_) => (balance.selected, "entries"),
    };
    // The presets do not count what they read.
    if u128::from(all) < hits {
        return Some(format!("({distinct} distinct)"));
    }
    let (hits, all) = (whole(hits, rich), whole(u128::from(all), rich));
    Some(format!(
        "({hits} of {all} {what} match, {distinct} distinct)"
    ))
}

/// What is not exact and not complete, below the rows.
pub(super) fn remarks(table: &TableReport) -> Vec<String> {
    let mut remarks = approximations(&table.metrics);
    if table.gaps_left {
        remarks.push("gaps between times are not shown: there are too many".to_owned());
    }
    remarks
}

/// Says that a terminal has no room for so many columns.
pub(super) fn hidden(columns: usize) -> Option<String> {
    let columns = match columns {
        0 => return None,
        1 => "1 more column does not fit".to_owned(),
        columns => format!("{columns} more columns do not fit"),
    };
    Some(format!("{columns}: use -f csv or a pipe"))
}

/// One remark if all approximate metrics are equally good.
fn approximations(metrics: &[MetricReport]) -> Vec<String> {
    let approximate = metrics.iter().filter_map(|m| Some((m, m.error?)));
    let approximate: Vec<_> = approximate.collect();
    let remark = |name: &str, unit: Unit, error: u32| {
        let error = Decimal::ratio(u128::from(error), 100, 0, 2).trimmed();
        // The bound of an estimated count is three standard errors.
        let how_often = match unit {
            Unit::Count => ", 997 times of 1000",
            _ => "",
        };
        format!("{name} within {error}% of the exact value{how_often}")
    };
    match &approximate[..] {
        [] => Vec::new(),
        [(metric, first), others @ ..] if others.iter().all(|(_, error)| error == first) => {
            vec![remark("~", metric.unit, *first)]
        }
        all => all
            .iter()
            .map(|(metric, error)| remark(&metric_name(metric), metric.unit, *error))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_once_if_they_are_equal() {
        let metric = |name: &str, error| MetricReport {
            name: name.to_owned(),
            unit: match error {
                Some(163) => Unit::Count,
                _ => Unit::Bytes,
            },
            adds_up: false,
            error,
        };
        let exact = metric("hits", None);
        let [a, b] = [100, 163].map(|error| metric(&format!("m{error}"), Some(error)));
        assert!(approximations(std::slice::from_ref(&exact)).is_empty());
        assert_eq!(
            approximations(&[exact.clone(), a.clone(), a.clone()]),
            ["~ within 1% of the exact value"]
        );
        assert_eq!(
            approximations(&[a, exact, b]),
            [
                "~m100 within 1% of the exact value",
                "~m163 within 1.63% of the exact value, 997 times of 1000"
            ]
        );
    }
}
