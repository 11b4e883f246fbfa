//! A run as a drawing: SVG that reads on light and on dark ground alike.

use super::words::wait;
use std::fmt::Write as _;

/// An attempt in the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Its number.
    pub attempt: u32,
    /// When it was planned, in milliseconds after the first.
    pub planned_ms: u64,
    /// When it was sent, on the schedule's clock; none where it was not.
    pub sent_ms: Option<u64>,
    /// What came: `500`, `timeout`.
    pub label: String,
    /// Whether that counts as delivered.
    pub good: bool,
}

/// Mid tones, which stand out from white and from black.
const GOOD: &str = "#1f9d57";
const BAD: &str = "#dc4c4c";
const QUIET: &str = "#7d8590";
/// Below this two short offsets overlap.
const NEAREST: f64 = 64.0;
/// Where attempts are set evenly apart: as wide as `+4 h 33 min`.
const APART: f64 = 90.0;
const MARGIN: f64 = 60.0;
const RADIUS: f64 = 11.0;
const WIDTH: f64 = 960.0;

/// The drawing of a run. Where attempts would fall on one another they are set evenly apart, and the drawing says so.
#[must_use]
pub fn drawing(title: &str, marks: &[Drawn]) -> String {
    let at = |mark: &Drawn| mark.sent_ms.unwrap_or(mark.planned_ms);
    let width = WIDTH.max(2.0 * MARGIN + APART * marks.len().saturating_sub(1) as f64);
    let (inner, last) = (width - 2.0 * MARGIN, marks.iter().map(at).max().unwrap_or_default().max(1));
    let scaled: Vec<f64> = marks.iter().map(|mark| MARGIN + inner * at(mark) as f64 / last as f64).collect();
    let to_scale = scaled.windows(2).all(|pair| pair[1] - pair[0] >= NEAREST);
    let step = inner / marks.len().saturating_sub(1).max(1) as f64;
    let places: Vec<f64> = if to_scale { scaled } else { (0..marks.len()).map(|n| MARGIN + step * n as f64).collect() };
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} 190\" width=\"{width:.0}\" height=\"190\" \
         role=\"img\" font-family=\"ui-monospace, monospace\" font-size=\"12\" text-anchor=\"middle\">\
         <title>{title}</title>",
        title = escaped(title),
    );
    // From circle to circle, so that nothing runs through the numbers.
    let ends = places.iter().map(|x| x - RADIUS).chain([width - MARGIN / 2.0]);
    let starts = std::iter::once(MARGIN / 2.0).chain(places.iter().map(|x| x + RADIUS));
    for (from, to) in starts.zip(ends) {
        let _ = write!(
            out,
            "<line x1=\"{from:.1}\" y1=\"90\" x2=\"{to:.1}\" y2=\"90\" stroke=\"{QUIET}\" stroke-opacity=\"0.6\"/>"
        );
    }
    for (mark, x) in marks.iter().zip(&places) {
        out.push_str(&one(mark, *x));
    }
    if !to_scale {
        let _ =
            write!(out, "<text x=\"{:.1}\" y=\"180\" fill=\"{QUIET}\">evenly spaced, not to scale</text>", width / 2.0);
    }
    out.push_str("</svg>\n");
    out
}

fn one(mark: &Drawn, x: f64) -> String {
    let sent = mark.sent_ms.is_some();
    let colour = match (sent, mark.good) {
        (false, _) => QUIET,
        (true, true) => GOOD,
        (true, false) => BAD,
    };
    let dashes = if sent { "" } else { " stroke-dasharray=\"3 3\"" };
    let below = match mark.sent_ms {
        Some(ms) => format!("+{}", offset(ms)),
        None => "not sent".to_owned(),
    };
    let planned = match mark.sent_ms.map(offset) {
        Some(sent) if sent == offset(mark.planned_ms) => String::new(),
        _ => format!(
            "<text x=\"{x:.1}\" y=\"165\" font-size=\"10\" fill=\"{QUIET}\">planned +{}</text>",
            offset(mark.planned_ms)
        ),
    };
    format!(
        "<path d=\"M{x:.1} 46V79M{x:.1} 101V134\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>\
         <circle cx=\"{x:.1}\" cy=\"90\" r=\"10\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
         <circle cx=\"{x:.1}\" cy=\"90\" r=\"9\" fill=\"{colour}\" fill-opacity=\"0.18\"/>\
         <text x=\"{x:.1}\" y=\"94\" font-size=\"10\" fill=\"{colour}\">{number}</text>\
         <text x=\"{x:.1}\" y=\"34\" font-weight=\"600\" fill=\"{colour}\">{label}</text>\
         <text x=\"{x:.1}\" y=\"150\" fill=\"{QUIET}\">{below}</text>\
         {planned}",
        number = mark.attempt,
        label = escaped(&mark.label),
    )
}

/// An offset, to a tenth of a second where that is seen.
fn offset(ms: u64) -> String {
    if ms < 120_000 { wait(ms / 100 * 100).replace("0 ms", "0.0 s") } else { wait(ms / 1_000 * 1_000) }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 knows no control characters but these.
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
