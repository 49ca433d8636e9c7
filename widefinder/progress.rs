//! The progress bar: on standard error, for people who wait.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use widefinder::Progress;
use widefinder::args::Args;

/// Runs that are over sooner need no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that shows up when a run takes longer than a second.
pub(crate) struct Bar {
    watch: Option<Box<dyn FnMut(Progress)>>,
    bar: ProgressBar,
}

impl Bar {
    /// Makes a bar if there is somebody to see it.
    pub(crate) fn new(args: &Args) -> Bar {
        let bar = ProgressBar::hidden();
        let wanted = !args.no_progress && !args.quiet && io::stderr().is_terminal();
        let watch = wanted.then(|| {
            let bar = bar.clone();
            Box::new(move |progress| show(&bar, progress)) as Box<dyn FnMut(Progress)>
        });
        Bar { watch, bar }
    }

    /// What to call while the run goes on.
    pub(crate) fn watcher(&mut self) -> Option<&mut dyn FnMut(Progress)> {
        self.watch.as_deref_mut().map(|watch| watch as _)
    }

    /// Removes the bar.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    if progress.elapsed < PATIENCE {
        return;
    }
    if bar.is_hidden() {
        let template = match progress.total {
            Some(_) => "{bar:30} {percent:>3}% of {total_bytes} ({bytes_per_sec}, {eta} left)",
            None => "{spinner} {bytes} ({bytes_per_sec})",
        };
        let style = ProgressStyle::with_template(template).expect("the template is valid");
        bar.set_style(style);
        bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
    }
    if let Some(total) = progress.total {
        bar.set_length(total);
    }
    bar.set_position(progress.done);
    bar.tick();
}
