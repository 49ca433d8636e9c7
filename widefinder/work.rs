//! From inputs to chunks: all the work there is.

use std::cmp::Reverse;
use std::io::{self, Read};

use engine::{Order, Scope};

use crate::chunk::{self, Chunk, Reader};
use crate::error::Error;
use crate::headed;
use crate::look::Look;
use crate::open::{Content, Input};
use crate::plan::Plan;
use crate::question::Pass;
use crate::scan::format::Formats;
use crate::scan::headers::Headers;
use crate::unpack::Unpacker;

/// Chunks of streams that are read ahead for each worker.
const READ_AHEAD: usize = 2;

/// A chunk, or what went wrong with an input, by its number.
pub(crate) type Work<'m> = Result<Chunk<'m>, (usize, Error)>;

/// All the work there is.
pub(crate) type AllWork<'scope, 'm> = Box<dyn Iterator<Item = Work<'m>> + Send + 'scope>;

/// An input and its number.
type Numbered<'m> = (usize, &'m Input);

/// Cuts the inputs into chunks, in their order if that is asked for.
///
/// A stream is read by a stage of its own, which starts when the inputs before
/// it are used up. Files that are compressed are unpacked by a stage with up to
/// as many workers as there are threads, a file each. In order they get ahead of
/// the first of them by some chunks only, since these wait in memory; in any
/// order all of them come first and at once, the largest to begin with, so that
/// no worker is left alone with it.
pub(crate) fn work<'scope, 'env: 'scope, 'm: 'scope>(
    scope: Scope<'scope, 'env>,
    plan: &Plan,
    passes: &[Pass],
    inputs: &'m [Input],
    order: Order,
) -> AllWork<'scope, 'm> {
    let mut inputs: Vec<_> = inputs.iter().enumerate().collect();
    if let Order::Completion = order {
        inputs.sort_by_key(|(_, input)| (!is_pooled(input), Reverse(packed_length(input))));
    }
    let alike = |one: &Numbered<'m>, next: &Numbered<'m>| is_pooled(one.1) && is_pooled(next.1);
    let groups: Vec<_> = inputs.chunk_by(alike).map(<[_]>::to_vec).collect();
    let cut = Cut {
        look: Look::new(&plan.question, passes),
        size: plan.chunk_size,
        threads: plan.threads,
    };
    let chunks = move |group: Vec<Numbered<'m>>| match group[0] {
        (_, input) if is_pooled(input) => cut.unpacked(&scope, group, order),
        (number, input) => cut.read(&scope, number, input),
    };
    Box::new(groups.into_iter().flat_map(chunks))
}

/// Whether several such inputs can be read at once: regular files that are read
/// as streams.
fn is_pooled(input: &Input) -> bool {
    matches!(input.content, Content::Packed(..) | Content::Later(_))
}

fn packed_length(input: &Input) -> usize {
    match &input.content {
        Content::Packed(map, _) => map.len(),
        _ => 0,
    }
}

/// How inputs are cut.
#[derive(Clone)]
struct Cut {
    look: Look,
    size: usize,
    threads: usize,
}

impl Cut {
    /// The chunks of an input that is read alone.
    fn read<'scope, 'm: 'scope>(
        &self,
        scope: &Scope<'scope, '_>,
        number: usize,
        input: &'m Input,
    ) -> AllWork<'scope, 'm> {
        match &input.content {
            Content::Empty => Box::new(std::iter::empty()),
            Content::Map(map) if let Some(headers) = Headers::of(&input.formats) => {
                let chunks = headed::mapped(scope, self.threads, number, map, headers, self.size);
                Box::new(chunks.map(Ok))
            }
            Content::Map(map) => {
                Box::new(chunk::mapped(number, map, &input.formats, self.size).map(Ok))
            }
            _ => {
                let reading = scope.stage("read").buffer(READ_AHEAD * self.threads);
                let cut = self.clone();
                Box::new(reading.generate(move |out| {
                    for work in cut.stream(number, input) {
                        out.put(work)?;
                    }
                    Ok(())
                }))
            }
        }
    }

    /// The chunks of inputs that are read at once.
    fn unpacked<'scope, 'm: 'scope>(
        &self,
        scope: &Scope<'scope, '_>,
        inputs: Vec<Numbered<'m>>,
        order: Order,
    ) -> AllWork<'scope, 'm> {
        let unpacking = scope
            .stage("unpack")
            .jobs(self.threads.min(inputs.len()))
            .buffer(READ_AHEAD * self.threads)
            .order(order);
        let cut = self.clone();
        Box::new(unpacking.flat_map(inputs, move |(number, input)| cut.stream(number, input)))
    }

    /// The chunks of a stream.
    fn stream<'m>(
        &self,
        number: usize,
        input: &'m Input,
    ) -> Box<dyn Iterator<Item = Work<'m>> + 'm> {
        match first_look(input, &self.look) {
            Ok((stream, formats)) => {
                let chunks = Reader::new(number, stream, formats, self.size);
                let failed = move |error| (number, unreadable(input, &error));
                Box::new(chunks.map(move |chunk| chunk.map_err(failed)))
            }
            Err(error) => Box::new(std::iter::once(Err((number, error)))),
        }
    }
}

fn unreadable(input: &Input, error: &io::Error) -> Error {
    Error::input(
        &input.name,
        format_args!("cannot be read to its end: {error}"),
    )
}

/// Opens a stream, unpacks it if it is compressed, and tells its formats by its
/// beginning; refuses it if they do not fit the question.
fn first_look<'m>(input: &'m Input, look: &Look) -> Result<(impl Read + use<'m>, Formats), Error> {
    let failed =
        |error: io::Error| Error::input(&input.name, format_args!("cannot be read: {error}"));
    let stream = input.content.reader().map_err(failed)?;
    let mut stream = Unpacker::new(stream).map_err(failed)?;
    let mut first = Vec::new();
    let read = stream
        .by_ref()
        .take(Look::BYTES as u64)
        .read_to_end(&mut first);
    let formats = look.formats(input, &first)?;
    // What could be read before a failure is good.
    let failure = Failure(read.err());
    Ok((io::Cursor::new(first).chain(failure).chain(stream), formats))
}

/// Gives a failure where there was one, and no bytes.
struct Failure(Option<io::Error>);

impl Read for Failure {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
