//! From inputs to chunks: all the work there is, in order.

use std::io::{self, Read};

use engine::Scope;

use crate::chunk::{self, Chunk, Reader};
use crate::error::Error;
use crate::headed;
use crate::look::Look;
use crate::open::{Content, Input, refuse_compressed};
use crate::plan::Plan;
use crate::question::Pass;
use crate::scan::format::Formats;
use crate::scan::headers::Headers;

/// Chunks of a stream that are read ahead for each worker.
const READ_AHEAD: usize = 2;

/// A chunk, or what went wrong with an input, by its number.
pub(crate) type Work<'m> = Result<Chunk<'m>, (usize, Error)>;

/// All the work there is, in the order of the inputs.
pub(crate) type AllWork<'scope, 'm> = Box<dyn Iterator<Item = Work<'m>> + Send + 'scope>;

/// Cuts the inputs into chunks. A stream is read by a stage of its own, which
/// starts when the inputs before it are used up.
pub(crate) fn work<'scope, 'env: 'scope, 'm: 'scope>(
    scope: Scope<'scope, 'env>,
    plan: &Plan,
    passes: &[Pass],
    inputs: &'m [Input],
) -> AllWork<'scope, 'm> {
    let (size, threads) = (plan.chunk_size, plan.threads);
    let look = Look::new(&plan.question, passes);
    let chunks = move |(number, input): (usize, &'m Input)| -> AllWork<'scope, 'm> {
        match &input.content {
            Content::Empty => Box::new(std::iter::empty()),
            Content::Map(map) if let Some(headers) = Headers::of(&input.formats) => {
                let chunks = headed::mapped(&scope, threads, number, map, headers, size);
                Box::new(chunks.map(Ok))
            }
            Content::Map(map) => Box::new(chunk::mapped(number, map, &input.formats, size).map(Ok)),
            Content::Stream(_) | Content::Stdin => {
                let (reading, look) = (
                    scope.stage("read").buffer(READ_AHEAD * threads),
                    look.clone(),
                );
                Box::new(reading.generate(move |out| {
                    let (stream, formats) = match first_look(input, &look) {
                        Ok(stream) => stream,
                        Err(error) => return out.put(Err((number, error))),
                    };
                    for chunk in Reader::new(number, stream, formats, size) {
                        out.put(chunk.map_err(|error| (number, unreadable(input, &error))))?;
                    }
                    Ok(())
                }))
            }
        }
    };
    Box::new(inputs.iter().enumerate().flat_map(chunks))
}

fn unreadable(input: &Input, error: &io::Error) -> Error {
    Error::input(
        &input.name,
        format_args!("cannot be read to its end: {error}"),
    )
}

/// Opens a stream and tells its formats by its beginning; refuses it if it is
/// compressed, or if they do not fit the question.
fn first_look(input: &Input, look: &Look) -> Result<(impl Read + use<>, Formats), Error> {
    let failed =
        |error: io::Error| Error::input(&input.name, format_args!("cannot be read: {error}"));
    let mut stream = input.content.reader().map_err(failed)?;
    let mut first = Vec::new();
    stream
        .by_ref()
        .take(Look::BYTES as u64)
        .read_to_end(&mut first)
        .map_err(failed)?;
    refuse_compressed(&input.name, &first)?;
    let formats = look.formats(&input.name, &first)?;
    Ok((io::Cursor::new(first).chain(stream), formats))
}
