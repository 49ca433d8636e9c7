//! The tables: which sides stand in a row, and how they are printed.

use engine::Order;

use crate::measure::{Effort, Figures, Side, row};
use crate::workloads::ours::Options;
use crate::workloads::work::{COSTS, Work};
use crate::workloads::{
    BATCH, JOBS, channels, default_buffer, ours, pariter, rayon, serial, set_up as workers,
};

/// The engine's sides, to which the others are compared.
pub(crate) const SINGLE: &str = "engine, batch 1";
pub(crate) const BATCHED: &str = "engine, batch 64";
pub(crate) const STAGE: &str = "engine, a stage";
/// Rivals of a map begin with one of these.
pub(crate) const PARITER: &str = "pariter";
pub(crate) const PAR_BRIDGE: &str = "par_bridge";
pub(crate) const CROSSBEAM: &str = "crossbeam";
pub(crate) const BARE_THREADS: &str = "std, bare threads";

/// One comparison.
pub(crate) struct Row<K> {
    pub(crate) key: K,
    pub(crate) figures: Vec<Figures>,
}

impl<K> Row<K> {
    pub(crate) fn side(&self, name: &str) -> &Figures {
        let mut sides = self.figures.iter();
        sides
            .find(|side| side.name == name)
            .expect("a side of the row")
    }

    /// The sides whose names begin so.
    pub(crate) fn sides<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Figures> {
        let sides = self.figures.iter();
        sides.filter(move |side| side.name.starts_with(prefix))
    }
}

/// The row of a map or a fold.
#[derive(Clone, Copy)]
pub(crate) struct Pool {
    pub(crate) cost: u32,
    pub(crate) jobs: usize,
}

fn pools() -> impl Iterator<Item = Pool> {
    COSTS
        .into_iter()
        .flat_map(|cost| JOBS.map(|jobs| Pool { cost, jobs }))
}

/// By capacity.
pub(crate) fn hand_over(effort: Effort) -> Vec<Row<usize>> {
    title(
        "Hand-over",
        "One worker to the caller, an item without work; by the buffer of the stage, \
         which is the capacity of the channel.",
    );
    head(&["buffer"], &[SINGLE, BATCHED]);
    let capacities = [0, 1, 16, 64, default_buffer(1)];
    let measure = |capacity: usize| {
        let options = |batch| {
            let options = Options::batch(batch);
            match (batch, capacity) {
                (BATCH, outputs) if outputs == default_buffer(1) => options,
                (_, outputs) => options.buffer(outputs),
            }
        };
        let mut sides = vec![
            Side::new(SINGLE, move |n| ours::generate(n, options(1))),
            Side::new(BATCHED, move |n| ours::generate(n, options(BATCH))),
            Side::new("engine, read, batch 1", move |n| ours::read(n, options(1))),
            Side::new("engine, read, batch 64", move |n| {
                ours::read(n, options(BATCH))
            }),
        ];
        sides.extend(channels::TOPOLOGIES.map(|topology| {
            let name = format!("{CROSSBEAM} {}", topology.name);
            Side::new(name, move |n| channels::send(n, capacity, topology))
        }));
        sides.push(Side::new("pariter, readahead", move |n| {
            pariter::readahead(n, capacity)
        }));
        let row = Row {
            key: capacity,
            figures: row(&sides, effort),
        };
        print(&[capacity.to_string()], &row, &[SINGLE, BATCHED]);
        row
    };
    capacities.map(measure).into()
}

pub(crate) fn map(effort: Effort) -> Vec<Row<Pool>> {
    title(
        "Map",
        "An iterator, a pool that works on its items, the caller that pulls the outputs. \
         \"wide\": with the buffer that the engine has with batch 64; the channel of par_bridge has it \
         too. pariter and the engine are in order where nothing else is said, par_bridge is not; \
         its pool stands before the clock starts.",
    );
    head(&["ns of work", "jobs"], &[SINGLE, BATCHED]);
    let measure = |key: Pool| {
        let (jobs, work) = (key.jobs, Work::lasting(key.cost));
        let (pool, wide) = (&rayon::pool(jobs), default_buffer(jobs));
        let ours = |name, order, batch| {
            let options = Options::batch(batch);
            Side::new(name, move |n| ours::map(n, work, jobs, order, options))
        };
        let sides = [
            ours(SINGLE, Order::Input, 1),
            ours(BATCHED, Order::Input, BATCH),
            ours("engine, by completion, batch 1", Order::Completion, 1),
            ours("engine, by completion, batch 64", Order::Completion, BATCH),
            Side::new(PARITER, move |n| pariter::map(n, work, jobs, None)),
            Side::new(format!("{PARITER}, wide"), move |n| {
                pariter::map(n, work, jobs, Some(wide))
            }),
            Side::new(format!("{PAR_BRIDGE}, channel"), move |n| {
                rayon::channel(n, work, pool, wide)
            }),
            Side::new(format!("{PAR_BRIDGE}, collect"), move |n| {
                rayon::collect(n, work, pool)
            }),
            Side::new("plain iterator", move |n| serial::sum(n, work)),
        ];
        pool_row(key, &sides, effort)
    };
    pools().map(measure).collect()
}

pub(crate) fn fold(effort: Effort) -> Vec<Row<Pool>> {
    title(
        "Fold",
        "An iterator, a pool whose workers add up what they make of its items: no output is \
         handed over until the end.",
    );
    head(&["ns of work", "jobs"], &[SINGLE, BATCHED]);
    let measure = |key: Pool| {
        let (jobs, work) = (key.jobs, Work::lasting(key.cost));
        let pool = &rayon::pool(jobs);
        let ours = |name, batch| {
            let options = Options::batch(batch);
            Side::new(name, move |n| ours::fold(n, work, jobs, options))
        };
        let sides = [
            ours(SINGLE, 1),
            ours(BATCHED, BATCH),
            Side::new(format!("{PAR_BRIDGE}, sum"), move |n| {
                rayon::sum(n, work, pool)
            }),
            Side::new("plain iterator", move |n| serial::sum(n, work)),
        ];
        pool_row(key, &sides, effort)
    };
    pools().map(measure).collect()
}

fn pool_row(key: Pool, sides: &[Side<'_>], effort: Effort) -> Row<Pool> {
    let row = Row {
        key,
        figures: row(sides, effort),
    };
    print(
        &[key.cost.to_string(), key.jobs.to_string()],
        &row,
        &[SINGLE, BATCHED],
    );
    row
}

/// By jobs.
pub(crate) fn set_up(effort: Effort) -> Vec<Row<usize>> {
    title(
        "Set-up",
        "Starting workers and ending them again, for a single item; the figures are per thread. \
         The drop of a rayon pool does not wait for its threads, all others do.",
    );
    head(&["threads"], &[STAGE]);
    let measure = |jobs: usize| {
        let side = |name, run: fn(usize) -> u64| Side::repeated(name, jobs, move || run(jobs));
        let sides = [
            side(STAGE, workers::stage),
            side(BARE_THREADS, workers::threads),
            side("pariter, parallel_map", workers::parallel_map),
            side("rayon, a pool", workers::pool),
        ];
        let row = Row {
            key: jobs,
            figures: row(&sides, effort),
        };
        print(&[jobs.to_string()], &row, &[STAGE]);
        row
    };
    JOBS.map(measure).into()
}

// ---- Markdown ----

pub(crate) fn title(title: &str, text: &str) {
    println!("\n### {title}\n\n{text}\n");
}

fn head(keys: &[&str], references: &[&str]) {
    let ratios = references.iter().map(|name| format!("{name} / side"));
    let columns: Vec<String> = keys
        .iter()
        .copied()
        .chain(["side", "ns", "fastest..slowest"])
        .map(str::to_owned)
        .chain(ratios)
        .collect();
    println!("| {} |", columns.join(" | "));
    println!("|{}", "---|".repeat(columns.len()));
}

fn print<K>(key: &[String], row: &Row<K>, references: &[&str]) {
    for side in &row.figures {
        let spread = format!("{}..{}", nanos(side.fastest()), nanos(side.slowest()));
        let mut cells = key.to_vec();
        cells.extend([side.name.clone(), nanos(side.median()), spread]);
        cells.extend(references.iter().map(|&name| match side.name == name {
            true => String::new(),
            false => format!("{:.2}", row.side(name).ratio(side)),
        }));
        println!("| {} |", cells.join(" | "));
    }
}

/// Three digits that count are more than the noise leaves.
pub(crate) fn nanos(nanos: f64) -> String {
    match nanos {
        ..10.0 => format!("{nanos:.1}"),
        _ => format!("{nanos:.0}"),
    }
}
