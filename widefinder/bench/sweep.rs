//! The newline sweep: the least that a program can do that looks at every byte.
//!
//! It opens, maps and cuts the same files and counts their newlines with as many
//! workers, so that its time is the limit of any question on this machine.

use engine::Order;
use memchr::memchr_iter;

use crate::error::Error;
use crate::open::{Content, Input};
use crate::plan::Plan;
use crate::unpack::Packing;

/// Counts the lines of all inputs with so many threads.
///
/// # Errors
///
/// When an input cannot be opened, or is a stream.
pub(super) fn sweep(plan: &Plan, threads: usize) -> Result<u64, Error> {
    let inputs: Vec<_> = plan.inputs.iter().map(Input::open).collect();
    let inputs = inputs.into_iter().collect::<Result<Vec<_>, _>>()?;
    let maps = inputs.iter().map(map).collect::<Result<Vec<_>, _>>()?;
    let newlines: u64 = engine::scope(|s| {
        let chunks = maps.iter().flat_map(|map| map.chunks(plan.chunk_size));
        let count = |newlines: &mut u64, chunk: &[u8]| {
            *newlines += memchr_iter(b'\n', chunk).count() as u64;
        };
        let sweep = s.stage("sweep").jobs(threads).order(Order::Completion);
        sweep.fold(chunks, |_worker| 0, count).sum()
    });
    // The last line of a file may lack its line end.
    let is_open = |map: &&&[u8]| map.last().is_some_and(|&last| last != b'\n');
    Ok(newlines + maps.iter().filter(is_open).count() as u64)
}

/// The bytes of an input that can be read again and again.
fn map(input: &Input) -> Result<&[u8], Error> {
    match &input.content {
        Content::Empty => Ok(&[]),
        Content::Map(map) => Ok(map),
        Content::Packed(_, packing) => Err(packed(&input.name, *packing)),
        Content::Later(_) | Content::Stream(_) | Content::Stdin => Err(Error::input(
            &input.name,
            "is a stream, which can be read only once, and a benchmark reads its files again \
             and again; save it to a file and name that",
        )),
    }
}

/// To unpack it would take most of the time, and scale otherwise than to count.
fn packed(name: &str, packing: Packing) -> Error {
    let (tool, file) = match name {
        "-" => (packing.tool(), String::new()),
        name => (packing.tool(), format!("{name} ")),
    };
    Error::input(
        name,
        format_args!(
            "is compressed with {packing}, and a benchmark measures files as they are; \
             unpack it and name that: {tool} {file}> unpacked.log"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::Question;

    #[test]
    fn lines_are_counted_for_any_threads_and_chunks() {
        for (log, lines) in [("", 0), ("\n", 1), ("a", 1), ("a\n\nb", 3), ("a\nb\n", 2)] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(&file, log).unwrap();
            let twice = vec![file.path().into(), file.path().into()];
            let mut plan = Plan::new(Question::overview(), twice);
            for (threads, chunk_size) in [(1, 1), (1, 1 << 20), (2, 1), (3, 2)] {
                plan.chunk_size = chunk_size;
                assert_eq!(sweep(&plan, threads).unwrap(), 2 * lines, "{log:?}");
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_stream_is_refused() {
        let plan = Plan::new(Question::overview(), vec!["/dev/null".into()]);
        let error = sweep(&plan, 1).unwrap_err().to_string();
        assert!(error.starts_with("/dev/null: is a stream"), "{error}");
    }
}
