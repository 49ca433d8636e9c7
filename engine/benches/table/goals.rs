//! What the engine is to reach, against what it did in this run.
//!
//! A median alone would call a difference within the noise a result, so the
//! rounds must agree with it.

use crate::measure::{Figures, Rounds};
use crate::tables::{
    BARE_THREADS, BATCHED, CROSSBEAM, PAR_BRIDGE, PARITER, Pool, Row, SINGLE, STAGE, nanos, title,
};
use crate::workloads::default_buffer;

/// For an item, handed over in batches of 64 with the default buffer.
const BATCHED_NANOS: f64 = 10.0;
/// For a pull of a stage without a buffer.
const ON_DEMAND_NANOS: f64 = 10_000.0;
/// For a thread of a stage.
const SET_UP_NANOS: f64 = 40_000.0;

/// The buffers with which one item at a time is compared with a channel.
const UNBATCHED: [usize; 3] = [1, 16, 64];

/// One round in so many may disagree with the median. By chance alone as few of
/// nine rounds are on one side in one case of 25.
const ROUNDS_TO_DISSENTER: usize = 9;

const FIXED: &str = "a fixed limit";

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Reached,
    Open,
    Missed,
}

impl Verdict {
    fn new(median: f64, against: f64, rounds: &Rounds) -> Verdict {
        let dissenters = rounds.all / ROUNDS_TO_DISSENTER;
        if median <= against && rounds.all - rounds.held <= dissenters {
            Verdict::Reached
        } else if median > against && rounds.held <= dissenters {
            Verdict::Missed
        } else {
            Verdict::Open
        }
    }

    fn word(self) -> &'static str {
        match self {
            Verdict::Reached => "yes",
            Verdict::Open => "open",
            Verdict::Missed => "**no**",
        }
    }
}

/// One line of the list.
struct Line {
    goal: &'static str,
    place: String,
    engine: String,
    nanos: f64,
    rival: String,
    against: f64,
    rounds: Rounds,
    verdict: Verdict,
}

impl Line {
    fn limit(goal: &'static str, place: &str, engine: &Figures, limit: f64) -> Line {
        Line::new(goal, place, engine, FIXED, limit, engine.within(limit))
    }

    fn against(goal: &'static str, place: &str, engine: &Figures, rival: &Figures) -> Line {
        let rounds = engine.ahead_of(rival);
        Line::new(goal, place, engine, &rival.name, rival.median(), rounds)
    }

    fn new(
        goal: &'static str,
        place: &str,
        engine: &Figures,
        rival: &str,
        against: f64,
        rounds: Rounds,
    ) -> Line {
        let nanos = engine.median();
        Line {
            goal,
            place: place.to_owned(),
            engine: engine.name.clone(),
            nanos,
            rival: rival.to_owned(),
            against,
            verdict: Verdict::new(nanos, against, &rounds),
            rounds,
        }
    }

    /// Lines with the same are counted together.
    fn group(&self) -> (&str, &str, &str) {
        (self.goal, &self.engine, &self.rival)
    }
}

pub(crate) fn print(
    hand_over: &[Row<usize>],
    map: &[Row<Pool>],
    fold: &[Row<Pool>],
    set_up: &[Row<usize>],
) {
    let mut lines = Vec::new();
    lines.extend(hand_over.iter().flat_map(of_hand_over));
    lines.extend(set_up.iter().flat_map(of_set_up));
    lines.extend(map.iter().flat_map(|row| of_pool("e: map", row)));
    lines.extend(fold.iter().flat_map(|row| of_pool("e: fold", row)));
    lines.sort_by(|a, b| a.group().cmp(&b.group()));
    title(
        "Goals",
        "Reached or missed: the median says so, and no more than one round in nine disagrees; \
         otherwise it is open.",
    );
    summary(&lines);
    title(
        "Goals one by one",
        "\"Rounds\": in how many of them it held.",
    );
    list(&lines);
}

fn of_hand_over(row: &Row<usize>) -> Vec<Line> {
    let place = format!("buffer {}", row.key);
    let mut lines = Vec::new();
    if row.key == default_buffer(1) {
        let engine = row.side(BATCHED);
        lines.push(Line::limit(
            "a: hand-over in batches",
            &place,
            engine,
            BATCHED_NANOS,
        ));
    }
    if UNBATCHED.contains(&row.key) {
        let engine = row.side(SINGLE);
        let rivals = row.sides(CROSSBEAM);
        lines.extend(rivals.map(|r| Line::against("b: hand-over one by one", &place, engine, r)));
    }
    if row.key == 0 {
        let engines = [SINGLE, BATCHED].map(|name| row.side(name));
        lines.extend(engines.map(|e| Line::limit("c: pull on demand", &place, e, ON_DEMAND_NANOS)));
    }
    lines
}

fn of_set_up(row: &Row<usize>) -> [Line; 2] {
    const GOAL: &str = "d: set-up, a thread";
    let place = format!("threads: {}", row.key);
    [
        Line::limit(GOAL, &place, row.side(STAGE), SET_UP_NANOS),
        // Not a goal of the engine: what the machine takes itself.
        Line::limit(GOAL, &place, row.side(BARE_THREADS), SET_UP_NANOS),
    ]
}

fn of_pool(goal: &'static str, row: &Row<Pool>) -> Vec<Line> {
    let place = format!("{} ns of work, jobs {}", row.key.cost, row.key.jobs);
    let engines = [BATCHED, SINGLE].into_iter().map(|name| row.side(name));
    engines
        .flat_map(|engine| {
            let rivals = row.sides(PARITER).chain(row.sides(PAR_BRIDGE));
            rivals.map(|rival| Line::against(goal, &place, engine, rival))
        })
        .collect()
}

fn summary(lines: &[Line]) {
    println!("| goal | side | against | reached | open | missed |");
    println!("|---|---|---|---|---|---|");
    for group in lines.chunk_by(|a, b| a.group() == b.group()) {
        let count = |verdict| group.iter().filter(|line| line.verdict == verdict).count();
        let (goal, engine, rival) = group[0].group();
        println!(
            "| {goal} | {engine} | {rival} | {} | {} | {} |",
            count(Verdict::Reached),
            count(Verdict::Open),
            count(Verdict::Missed),
        );
    }
}

fn list(lines: &[Line]) {
    println!("| goal | where | side | ns | against | ns | ratio | rounds | reached |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for line in lines {
        println!(
            "| {} | {} | {} | {} | {} | {} | {:.2} | {} of {} | {} |",
            line.goal,
            line.place,
            line.engine,
            nanos(line.nanos),
            line.rival,
            nanos(line.against),
            line.nanos / line.against,
            line.rounds.held,
            line.rounds.all,
            line.verdict.word(),
        );
    }
}
