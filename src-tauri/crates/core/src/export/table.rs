//! The list as CSV (RFC 4180), for a spreadsheet.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and a sender decides what stands there:
//! such a cell gets an apostrophe before it.

use super::{Exporter, Item, Record};
use crate::request::text;

const COLUMNS: [&str; 16] = [
    "id",
    "received_at",
    "method",
    "path",
    "query",
    "provider",
    "event_type",
    "event_id",
    "verdicts",
    "reason",
    "secret",
    "checks",
    "body_len",
    "status",
    "peer",
    "pinned",
];

pub(super) fn begin() -> Vec<u8> {
    row(COLUMNS.iter().map(|name| (*name).to_owned()).collect())
}

pub(super) fn item(exporter: &mut Exporter<'_>, record: &Record) -> Item {
    let captured = &record.captured;
    let request = &captured.request;
    let applying: Vec<_> = captured.verdicts.iter().filter(|told| told.applies).collect();
    let joined = |texts: Vec<String>, by: &str| texts.join(by);
    let failing = captured.checks.iter().map(|c| format!("{}:{}", c.check, if c.holds { "holds" } else { "fails" }));
    let cells = vec![
        captured.source.delivery.clone(),
        captured.received_at.clone(),
        request.method.clone(),
        text(request.path()),
        request.query().map(text).unwrap_or_default(),
        captured.provider.clone().unwrap_or_default(),
        captured.event_type.clone().unwrap_or_default(),
        captured.event_id.clone().unwrap_or_default(),
        joined(applying.iter().map(|told| format!("{}:{}", told.scheme, told.outcome.as_str())).collect(), " "),
        joined(applying.iter().map(|told| told.reason.clone()).collect(), " "),
        captured.secret.clone().unwrap_or_default(),
        joined(failing.collect(), " "),
        request.body_len().to_string(),
        captured.answer.as_ref().map(|answer| answer.status.to_string()).unwrap_or_default(),
        captured.peer.clone(),
        captured.pinned.to_string(),
    ];
    if cells.iter().any(|cell| is_formula(cell)) {
        exporter.say(
            "has a cell that a spreadsheet would take for a formula: an apostrophe stands before it.",
            "have cells that a spreadsheet would take for formulas: an apostrophe stands before them.",
        );
    }
    let safe = cells.into_iter().map(|cell| if is_formula(&cell) { format!("'{cell}") } else { cell });
    Item { bytes: row(safe.collect()), beside: None }
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn row(cells: Vec<String>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // A vector takes every byte, and all rows have as many cells.
    writer.write_record(cells).unwrap_or_default();
    writer.into_inner().unwrap_or_default()
}
