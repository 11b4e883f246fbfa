//! Updating a fixture from a delivery: what would change, and writing it.

use super::capture;
use super::file::{self, Content, Listed};
use crate::Inner;
use crate::comparing::{Comparable, compare};
use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::sending::input;
use crate::wire::FixtureField;
use countersign_core::fixture::Fixture;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Write as _;

/// Names a file's content.
pub(super) fn version_of(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}-{}", hasher.finish(), bytes.len())
}

/// An update of a file.
pub(super) struct Update {
    pub(super) fixture: Fixture,
    pub(super) fields: Vec<FixtureField>,
    pub(super) notes: Vec<String>,
    pub(super) comparison: crate::wire::Comparison,
    pub(super) version: String,
}

/// What changes of a fixture beside its request.
fn told_differences(old: &Fixture, new: &Fixture) -> Vec<FixtureField> {
    let shown = |text: &str| countersign_core::shorten(text, 80);
    let text = |value: &Option<String>| value.as_deref().map_or_else(|| "none".to_owned(), shown);
    let verdicts = |fixture: &Fixture| {
        let all = fixture.expect.verdicts.iter().map(|(scheme, outcome)| format!("{scheme} {}", outcome.as_str()));
        all.collect::<Vec<_>>().join(", ")
    };
    let checks = |fixture: &Fixture| {
        let word = |holds: &bool| if *holds { "holds" } else { "does not hold" };
        let all = fixture.expect.checks.iter().map(|(check, holds)| format!("{check} {}", word(holds)));
        all.collect::<Vec<_>>().join(", ")
    };
    let source = |fixture: &Fixture| {
        let source = fixture.source.as_ref();
        source.map_or_else(|| "none".to_owned(), |source| format!("{} of the log {}", source.delivery, source.log))
    };
    let redacted = |fixture: &Fixture| {
        let Some(redacted) = &fixture.redacted else { return "nothing".to_owned() };
        let anew = redacted.signed_with.as_ref().map_or_else(String::new, |with| format!(", signed anew with {with}"));
        format!("{}{anew}", redacted.masked.join(", "))
    };
    let pairs = [
        ("captured_at", shown(&old.captured_at), shown(&new.captured_at)),
        ("provider", text(&old.provider), text(&new.provider)),
        ("secret", text(&old.secret), text(&new.secret)),
        ("expect.recognised", text(&old.expect.recognised), text(&new.expect.recognised)),
        ("expect.event_type", text(&old.expect.event_type), text(&new.expect.event_type)),
        ("expect.event_id", text(&old.expect.event_id), text(&new.expect.event_id)),
        ("expect.verdicts", verdicts(old), verdicts(new)),
        ("expect.checks", checks(old), checks(new)),
        ("source", source(old), source(new)),
        ("redacted", redacted(old), redacted(new)),
    ];
    let changed = pairs.into_iter().filter(|(_, old, new)| old != new);
    changed
        .map(|(field, old, new)| (field, shown(&old), shown(&new)))
        .map(|(field, old, new)| FixtureField {
            field: field.to_owned(),
            words: format!("{old} becomes {new}."),
            old: Some(old),
            new: Some(new),
        })
        .collect()
}

/// Replaces a file, whole or not at all.
pub(super) fn replace(listed: &Listed, text: &str) -> Result<(), EngineError> {
    let failed = |error: std::io::Error| input(format!("The file cannot be written: {error}. It is as it was."));
    let folder = listed.path.parent().unwrap_or(&listed.path);
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    let permissions = std::fs::metadata(&listed.path).map_err(failed)?.permissions();
    file.as_file().set_permissions(permissions).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&listed.path).map_err(|error| failed(error.error))?;
    Ok(())
}

impl Inner {
    /// The places that are masked in a file; none where nothing is, or the file is no fixture.
    pub(super) fn masked_in(&self, file: &str) -> Result<Vec<String>, EngineError> {
        let content = file::read(&self.file_of(file)?).map_err(input)?;
        let redacted = content.fixture.and_then(|fixture| fixture.redacted);
        Ok(redacted.map_or_else(Vec::new, |redacted| redacted.masked))
    }

    /// What a fixture would become. Reads the log and the file: blocks.
    pub(super) fn update_of(&self, file: &str, delivery: &str, written: &str) -> Result<(Listed, Update), EngineError> {
        let listed = self.file_of(file)?;
        let content = file::read(&listed).map_err(input)?;
        let Content { bytes, fixture: Some(old), request: Some(request), .. } = content else {
            return Err(input("This file is no Countersign fixture, so it cannot be updated from a delivery."));
        };
        let id = parse_id(delivery)?;
        let found = self.store.delivery(id)?.ok_or_else(|| EngineError::NoSuchDelivery { id: id.to_string() })?;
        let made = Fixture::parse(written).map_err(|error| input(format!("The delivery is no fixture: {error}.")))?;
        let new = Fixture { name: old.name.clone(), about: old.about.clone(), ..made };
        // What is compared is what is written, not what was captured: something of it may be masked.
        let becomes = new.request().map_err(|error| input(format!("The delivery is no fixture: {error}.")))?;
        let mut fields = capture::differences(&request, &becomes);
        fields.extend(told_differences(&old, &new));
        let mut notes = Vec::new();
        if old.redacted.is_some() {
            notes.push(
                "Some of the file was masked when it was exported. The same places are masked in the update, and what is \
                 masked where nothing is chosen."
                    .to_owned(),
            );
        }
        if found.request.cut_from.is_some() {
            notes.push("Only the beginning of the delivery's body was kept.".to_owned());
        }
        if new.redacted.is_some() && old.redacted.is_none() {
            notes.push("A stored secret stands in the delivery; it is masked in the file.".to_owned());
        }
        let a = Comparable::of_request(listed.name.clone(), &request);
        let comparison = compare(&a, &Comparable::of_request(format!("delivery {id}"), &becomes));
        let version = version_of(&bytes);
        Ok((listed, Update { fixture: new, fields, notes, comparison, version }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_changes_beside_the_request_is_told() {
        let fixture = |more: &str| {
            Fixture::parse(&format!(
                r#"{{"format":"countersign-fixture/1","name":"n","provider":null,"captured_at":"2026-11-20T12:00:00Z",
                    "secret":null,"request":{{"method":"GET","target":"/","version":"HTTP/1.1","headers":[]}}{more}}}"#
            ))
            .expect("a fixture")
        };
        let masked = |place: &str| format!(r#","redacted":{{"masked":["{}","{place}"]}}"#, "x".repeat(100));
        let rows = [
            ("nothing", fixture(""), vec![]),
            ("a check", fixture(r#","expect":{"checks":{"shape":false}}"#), vec!["expect.checks"]),
            ("where it is from", fixture(r#","source":{"log":"l","delivery":"7"}"#), vec!["source"]),
            ("what was masked", fixture(&masked("a")), vec!["redacted"]),
        ];
        let told = |old: &Fixture, new: &Fixture| {
            told_differences(old, new).into_iter().map(|field| field.field).collect::<Vec<_>>()
        };
        for (name, new, expected) in rows {
            assert_eq!(told(&fixture(""), &new), expected, "{name}");
        }
        assert_eq!(told(&fixture(&masked("a")), &fixture(&masked("b"))), ["redacted"], "behind what is shown of it");
    }
}
