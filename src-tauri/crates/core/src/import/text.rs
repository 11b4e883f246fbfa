//! Bytes as text, and places in it.

use super::Fault;
use bytes::Bytes;
use serde_json::value::RawValue;

/// The text of a file, without a byte order mark.
pub(super) fn of(bytes: &Bytes) -> Result<&str, Fault> {
    let fault = |line, reason: String| Fault { item: 0, line, reason };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(fault(None, "The file is UTF-16. Save it as UTF-8 and import it again.".to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        // No text has such bytes, whatever its encoding is.
        if bytes[..bytes.len().min(8000)].contains(&0) {
            return fault(
                None,
                "This is no text but a binary file, which holds no request that can be read.".to_owned(),
            );
        }
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        fault(Some(line), format!("Line {line} is not UTF-8. Save the file as UTF-8 and import it again."))
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Counts lines forward through a text.
pub(super) struct LineOf<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> LineOf<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        LineOf { text, at: 0, line: 1 }
    }

    /// The line of a part of the text, which is not before the one that was asked for last.
    pub(super) fn part(&mut self, raw: &RawValue) -> usize {
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let offset = offset.min(self.text.len());
        if offset > self.at {
            self.line += self.text.as_bytes()[self.at..offset].iter().filter(|b| **b == b'\n').count();
            self.at = offset;
        }
        self.line
    }
}

/// A parser's error as a fault; `line` is where what it read begins.
pub(super) fn json_fault(item: usize, line: usize, error: &serde_json::Error, what: &str) -> Fault {
    let said = error.to_string();
    let cause = said.split(" at line ").next().unwrap_or_default();
    // What a parser calls its own types says nothing to whoever wrote the file.
    let cause = cause
        .split("expected struct ")
        .next()
        .filter(|kept| *kept != cause)
        .map_or_else(|| cause.to_owned(), |kept| format!("{kept}expected an object"));
    let line = if error.line() == 0 { line } else { line + error.line() - 1 };
    Fault { item, line: Some(line), reason: format!("{what}: {}.", crate::shorten(&cause, 200)) }
}
