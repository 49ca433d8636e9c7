//! The result as a picture: speed-up by threads.
//!
//! It has no background, and colours that stand out on a white page as well as
//! on a dark one. To change the colours with the reader's preference instead
//! would depend on what shows the picture: a dark page may be shown to somebody
//! who prefers light ones.

use std::io::{self, Write};

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::fit::Fit;
use super::scaling::{Point, Scaling};
use crate::render::escape;

mod axis;

use axis::Threads;

/// Pixels, as good as any: the picture can be scaled.
const SIZE: (u32, u32) = (760, 500);

const TEXT: RGBColor = RGBColor(122, 122, 122);
const IDEAL: RGBColor = RGBColor(132, 132, 132);
const MEASURED: RGBColor = RGBColor(31, 126, 216);
const FITTED: RGBColor = RGBColor(168, 92, 214);
const SWEEP: RGBColor = RGBColor(196, 104, 18);

/// The picture or a part of it.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Speed-up over threads.
type Chart<'a, 's> = ChartContext<'a, SVGBackend<'s>, Cartesian2d<Threads, RangedCoordf64>>;

/// What was drawn, or an error, of which the drawing has none of its own: it goes
/// into memory.
type Drawn<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Writes the result as a picture in SVG: the speed-up over the smallest number
/// of threads by threads, with the shortest and the longest run; that of the
/// newline sweep; the ideal one; and the fitted law, if there is one.
///
/// # Errors
///
/// Those of `out`.
pub fn svg(out: &mut dyn Write, scaling: &Scaling) -> io::Result<()> {
    let mut picture = String::new();
    draw(&mut picture, scaling).map_err(io::Error::other)?;
    out.write_all(picture.as_bytes())
}

fn draw(picture: &mut String, scaling: &Scaling) -> Drawn {
    let area = SVGBackend::with_string(picture, SIZE).into_drawing_area();
    let area = area.margin(8, 0, 0, 0);
    let area = titled(area, scaling)?;
    let mut chart = axes(&area, scaling)?;
    ideal(&mut chart, scaling)?;
    sweep(&mut chart, scaling)?;
    law(&mut chart, scaling)?;
    measured(&mut chart, scaling)?;
    chart
        .configure_series_labels()
        .position(legend(scaling))
        .margin(14)
        .label_font(font(17))
        .draw()?;
    area.present()?;
    Ok(())
}

fn font(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&TEXT)
}

/// Where nothing is drawn: above a line that rises, below one that has risen.
fn legend(scaling: &Scaling) -> SeriesLabelPosition {
    let (_, last) = span(scaling);
    match last > scaling.cores as f64 {
        true => SeriesLabelPosition::LowerRight,
        false => SeriesLabelPosition::UpperLeft,
    }
}

/// The rest of the area below the titles.
fn titled<'s>(area: Area<'s>, scaling: &Scaling) -> Drawn<Area<'s>> {
    let question = short(&escape(scaling.question.join("; ").as_bytes()), 70);
    let files = match &scaling.inputs[..] {
        [input] => short(&escape(input.name.as_bytes()), 50),
        inputs => format!("{} files", inputs.len()),
    };
    let base = scaling.base();
    let best = scaling.points.iter().map(|point| point.runs.median());
    let best = scaling.bytes_per_second(best.fold(f64::INFINITY, f64::min)) / 1e9;
    let about = format!(
        "{files}, {:.2} GB; at best {best:.2} GB/s; medians of {} runs, shortest to longest",
        scaling.bytes() as f64 / 1e9,
        base.runs.seconds().len()
    );
    let area = area.titled(&question, font(23))?;
    Ok(area.titled(&about, font(17))?)
}

/// So many characters of a text, marked if it is cut.
fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn axes<'a, 's>(area: &'a Area<'s>, scaling: &Scaling) -> Drawn<Chart<'a, 's>> {
    let threads: Vec<_> = scaling.points.iter().map(|point| point.threads).collect();
    let widest = threads.iter().max().map_or(1.0, |&most| most as f64);
    let highest = scaling.points.iter().flat_map(|point| {
        let (low, high) = (point.runs.shortest(), point.sweeps.median());
        [
            scaling.speed_up(low),
            sweep_speed_up(scaling, high),
            ideal_at(scaling, widest),
        ]
    });
    let highest = highest.fold(1.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(24)
        .x_label_area_size(44)
        .y_label_area_size(54)
        .build_cartesian_2d(Threads::new(&threads, widest), 0.0..highest * 1.08)?;
    let over = match scaling.base().threads {
        1 => "speed-up over 1 thread".to_owned(),
        threads => format!("speed-up over {threads} threads"),
    };
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(TEXT.mix(0.25))
        .axis_style(TEXT)
        .label_style(font(17))
        .x_label_formatter(&|threads| format!("{threads}"))
        .y_label_formatter(&|speed_up| format!("{}", (speed_up * 100.0).round() / 100.0))
        .y_labels(8)
        .x_desc("threads")
        .y_desc(over)
        .axis_desc_style(font(17))
        .draw()?;
    Ok(chart)
}

/// The speed-up that the cores allow.
fn ideal_at(scaling: &Scaling, threads: f64) -> f64 {
    let base = scaling.base().threads.min(scaling.cores) as f64;
    threads.min(scaling.cores as f64) / base
}

fn sweep_speed_up(scaling: &Scaling, seconds: f64) -> f64 {
    scaling.base().sweeps.median() / seconds.max(f64::MIN_POSITIVE)
}

/// From the smallest number of threads to the largest.
fn span(scaling: &Scaling) -> (f64, f64) {
    let last = scaling.points.last().map_or(1, |point| point.threads);
    (scaling.base().threads as f64, last as f64)
}

fn ideal(chart: &mut Chart<'_, '_>, scaling: &Scaling) -> Drawn {
    let (first, last) = span(scaling);
    let corner = (scaling.cores as f64).clamp(first, last);
    let line = [first, corner, last].map(|threads| (threads, ideal_at(scaling, threads)));
    let style = ShapeStyle::from(IDEAL).stroke_width(2);
    let label = match scaling.cores {
        1 => "ideal on 1 core".to_owned(),
        cores => format!("ideal on {cores} cores"),
    };
    chart
        .draw_series(DashedLineSeries::new(line, 6, 5, style))?
        .label(label)
        .legend(move |(x, y)| DashedPathElement::new([(x, y), (x + 24, y)], 6, 5, style));
    Ok(())
}

fn sweep<'a, 's: 'a>(chart: &mut Chart<'a, 's>, scaling: &Scaling) -> Drawn {
    let at = |point: &Point| {
        (
            point.threads as f64,
            sweep_speed_up(scaling, point.sweeps.median()),
        )
    };
    let points: Vec<_> = scaling.points.iter().map(at).collect();
    chart.draw_series(LineSeries::new(
        points.iter().copied(),
        SWEEP.stroke_width(1),
    ))?;
    let marks = points
        .into_iter()
        .map(|at| TriangleMarker::new(at, 6, SWEEP.filled()));
    chart
        .draw_series(marks)?
        .label("scaling of the newline sweep")
        .legend(|(x, y)| {
            let mark = TriangleMarker::new((12, 0), 6, SWEEP.filled());
            EmptyElement::at((x, y)) + PathElement::new([(0, 0), (24, 0)], SWEEP) + mark
        });
    Ok(())
}

/// The law that was fitted: the one that says more, if both were.
fn law(chart: &mut Chart<'_, '_>, scaling: &Scaling) -> Drawn {
    match (&scaling.usl, &scaling.amdahl) {
        (Ok(law), _) => curve(chart, scaling, law),
        (_, Ok(law)) => curve(chart, scaling, law),
        _ => Ok(()),
    }
}

fn curve<T: Fit>(chart: &mut Chart<'_, '_>, scaling: &Scaling, law: &T) -> Drawn {
    /// Pieces of a line that look like a curve.
    const PIECES: usize = 120;
    let (first, last) = span(scaling);
    // A law of cores says nothing of threads that share one.
    let last = last.min(scaling.cores as f64);
    let curve = (0..=PIECES).map(|piece| {
        let threads = first + (last - first) * piece as f64 / PIECES as f64;
        (threads, scaling.speed_up(law.seconds(threads)))
    });
    let style = FITTED.stroke_width(2);
    chart
        .draw_series(LineSeries::new(curve, style))?
        .label(T::NAME)
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
    Ok(())
}

/// The points, and lines between them where no law was fitted.
fn measured(chart: &mut Chart<'_, '_>, scaling: &Scaling) -> Drawn {
    let at = |point: &Point| (point.threads as f64, scaling.speed_up(point.runs.median()));
    let points: Vec<_> = scaling.points.iter().map(at).collect();
    if scaling.amdahl.is_err() && scaling.usl.is_err() {
        chart.draw_series(LineSeries::new(
            points.iter().copied(),
            MEASURED.stroke_width(2),
        ))?;
    }
    let (_, last) = span(scaling);
    let bars = scaling
        .points
        .iter()
        .flat_map(|point| spread(scaling, point, last));
    chart.draw_series(bars)?;
    let marks = points
        .into_iter()
        .map(|at| Circle::new(at, 5, MEASURED.filled()));
    chart
        .draw_series(marks)?
        .label("measured")
        .legend(|(x, y)| Circle::new((x + 12, y), 5, MEASURED.filled()));
    Ok(())
}

/// A bar from the longest run to the shortest, with an end at each.
fn spread(scaling: &Scaling, point: &Point, last: f64) -> [PathElement<(f64, f64)>; 3] {
    /// Half of the width of an end, as a share of the axis.
    const END: f64 = 0.008;
    let x = point.threads as f64;
    let (low, high) = (
        scaling.speed_up(point.runs.longest()),
        scaling.speed_up(point.runs.shortest()),
    );
    let end = |y| [(x - END * last, y), (x + END * last, y)];
    [[(x, low), (x, high)], end(low), end(high)]
        .map(|line| PathElement::new(line.to_vec(), MEASURED.stroke_width(2)))
}

#[cfg(test)]
mod tests {
    use super::super::fit::{Amdahl, Usl};
    use super::super::scaling::examples::scaling;
    use super::*;
    use roxmltree::Document;

    fn picture(scaling: &Scaling) -> String {
        let mut out = Vec::new();
        svg(&mut out, scaling).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The centres of the circles: one for each point, and one of the legend.
    fn circles(document: &Document<'_>) -> Vec<(f64, f64)> {
        let circles = document
            .descendants()
            .filter(|node| node.has_tag_name("circle"));
        let number = |text: Option<&str>| text.unwrap().parse().unwrap();
        circles
            .map(|node| (number(node.attribute("cx")), number(node.attribute("cy"))))
            .collect()
    }

    fn texts(document: &Document<'_>) -> String {
        let texts = document
            .descendants()
            .filter(|node| node.has_tag_name("text"));
        texts.filter_map(|node| node.text()).collect()
    }

    #[test]
    fn every_point_is_drawn_where_it_belongs() {
        let text = picture(&scaling(&[1, 2, 4, 8], 8));
        let document = Document::parse(&text).unwrap();
        let circles = circles(&document);
        assert_eq!(circles.len(), 5);
        let points = &circles[..4];
        assert!(
            points.is_sorted_by(|a, b| a.0 < b.0 && a.1 > b.1),
            "{points:?}"
        );
        // The distances of threads 1, 2 and 4 are as 1 to 2.
        let ratio = (points[2].0 - points[1].0) / (points[1].0 - points[0].0);
        assert!((ratio - 2.0).abs() < 0.1, "{points:?}");
    }

    #[test]
    fn the_legend_tells_what_is_drawn() {
        let of = |threads: &[usize], cores| {
            let text = picture(&scaling(threads, cores));
            texts(&Document::parse(&text).unwrap())
        };
        let fitted = of(&[1, 2, 4, 8], 8);
        for name in [
            "measured",
            "newline sweep",
            "ideal on 8 cores",
            Usl::NAME,
            "over 1 thread",
        ] {
            assert!(fitted.contains(name), "{name}: {fitted}");
        }
        assert!(of(&[1, 2, 4], 4).contains(Amdahl::NAME));
        let bare = of(&[2, 4], 2);
        assert!(
            !bare.contains(Amdahl::NAME) && !bare.contains(Usl::NAME),
            "{bare}"
        );
        assert!(bare.contains("over 2 threads"), "{bare}");
    }

    #[test]
    fn what_people_typed_is_text_and_no_markup() {
        let mut scaling = scaling(&[1], 1);
        scaling.question = vec!["<a>&\"\x1b\u{202e}".to_owned()];
        scaling.inputs[0].name = "x]]><b>\x01".repeat(50);
        let text = picture(&scaling);
        let shown = texts(&Document::parse(&text).unwrap());
        assert!(shown.contains("<a>&\"\\x1b\\u{202e}"), "{shown}");
        assert!(shown.contains('…'), "{shown}");
    }

    #[test]
    fn times_of_nothing_can_be_drawn() {
        let mut scaling = scaling(&[1, 2], 1);
        for point in &mut scaling.points {
            point.runs = super::super::Sample::new(vec![0.0]);
            point.sweeps = super::super::Sample::new(vec![0.0]);
        }
        assert!(Document::parse(&picture(&scaling)).is_ok());
    }

    /// The contrast of two colours as WCAG defines it, from 1 to 21.
    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let luminance = |RGBColor(r, g, b): RGBColor| {
            let linear = |part: u8| match f64::from(part) / 255.0 {
                part if part <= 0.04045 => part / 12.92,
                part => ((part + 0.055) / 1.055).powf(2.4),
            };
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn all_can_be_read_on_light_and_dark_pages() {
        for page in [WHITE, RGBColor(13, 17, 23)] {
            assert!(contrast(TEXT, page) > 4.0, "text on {page:?}");
            for line in [IDEAL, MEASURED, FITTED, SWEEP] {
                assert!(contrast(line, page) > 3.0, "{line:?} on {page:?}");
            }
        }
    }
}
