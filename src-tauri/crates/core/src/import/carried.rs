//! What an export of Countersign put beside a request, so that it comes back byte for byte.

use super::bodies::Bodies;
use super::{Fault, Imported, Item, moment};
use crate::fixture::Redacted;
use crate::request::Request;

pub(super) use crate::export::carried::Carried;

impl Carried {
    /// The body is not where the format has bodies.
    pub(super) fn has_body(&self) -> bool {
        self.body_file.is_some() || self.body_base64.is_some()
    }
}

/// What a comment `# countersign: {…}` holds.
pub(super) fn of_comment(line: &str) -> Option<Carried> {
    let json = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix("countersign:")?;
    serde_json::from_str(json).ok()
}

/// The item that was exported, out of the request as the format has written it; `place` is its number, its line and its
/// name.
pub(super) fn item(
    carried: &Carried,
    written: Request,
    bodies: &mut Bodies<'_>,
    place: (usize, usize, Option<String>),
    mut notes: Vec<String>,
) -> Item {
    let (number, line, name) = place;
    let fault = |reason: String| Fault { item: number, line: Some(line), reason };
    let file = match &carried.body_file {
        Some(file) => Some(bodies.take(file).map_err(fault)?),
        None => None,
    };
    let request = carried.restore(written, file).map_err(|error| fault(format!("It cannot be read: {error}.")))?;
    let received_at_us = moment(&carried.captured_at)
        .ok_or_else(|| fault("The field captured_at is no time in the form of RFC 3339.".to_owned()))?;
    notes.extend(self::notes(request.cut_from, carried.redacted.as_ref()));
    let title = name.unwrap_or_else(|| super::title_of(&request));
    super::item(Imported {
        item: number,
        line: Some(line),
        title: crate::shorten(&title, 200),
        request,
        raw_head: None,
        received_at_us: Some(received_at_us),
        notes,
    })
}

/// What is to be known of what was exported.
pub(super) fn notes(cut_from: Option<u64>, redacted: Option<&Redacted>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(whole) = cut_from {
        notes.push(format!("Its body was cut when it was captured: it had {whole} bytes or more."));
    }
    if let Some(redacted) = redacted {
        let places = crate::shorten(&redacted.masked.join(", "), 200);
        notes.push(format!("Some of it was masked when it was exported: {places}."));
        if let Some(secret) = &redacted.signed_with {
            notes.push(format!("It was signed anew with the published test secret “{}”.", crate::shorten(secret, 60)));
        }
    }
    notes
}
