//! Countersign fixtures.

use super::text::json_fault;
use super::{Fault, Imported, Item, item, moment};
use crate::fixture::{Fixture, FixtureError};

pub(super) fn read(text: &str) -> Vec<Item> {
    vec![one(text)]
}

fn one(text: &str) -> Item {
    let wrong = |reason: String| Fault { item: 1, line: None, reason };
    let fixture = Fixture::parse(text).map_err(|error| match error {
        FixtureError::Shape(error) => json_fault(1, 1, &error, "This is not a fixture"),
        error => wrong(format!("It cannot be read: {error}.")),
    })?;
    let request = fixture.request().map_err(|error| wrong(format!("It cannot be read: {error}.")))?;
    let received_at_us = moment(&fixture.captured_at)
        .ok_or_else(|| wrong("The field captured_at is no time: write it as 2026-11-20T12:00:00Z.".to_owned()))?;
    let notes = super::carried::notes(request.cut_from, fixture.redacted.as_ref());
    item(Imported {
        item: 1,
        line: Some(1),
        title: crate::shorten(&fixture.name, 200),
        request,
        raw_head: None,
        received_at_us: Some(received_at_us),
        notes,
    })
}
