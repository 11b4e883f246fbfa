//! Countersign fixtures: the files of `fixtures/`, with the capture that each came from and what was masked in it.

use super::ascii::quoted;
use super::{Item, Record};
use crate::fixture::{FORMAT, Fixture, FixtureValue};

pub(super) fn item(record: &Record, name: &str) -> Item {
    let captured = &record.captured;
    let fixture = Fixture {
        format: FORMAT.to_owned(),
        name: name.to_owned(),
        about: Some(about(record)),
        provider: captured.provider.clone(),
        captured_at: captured.received_at.clone(),
        secret: captured.secret.clone(),
        request: Fixture::write_request(&captured.request),
        expect: record.expect.clone(),
        source: Some(captured.source.clone()),
        redacted: record.redacted.clone(),
    };
    Item { bytes: fixture.to_json().into_bytes(), beside: None }
}

/// What the file shows, in a sentence or two.
fn about(record: &Record) -> String {
    let captured = &record.captured;
    let who = captured.provider_name.as_deref().unwrap_or("a sender that was not recognised");
    let what = captured.event_type.as_deref().unwrap_or("a request");
    let mut about = format!("{} of {who}, captured {}.", crate::shorten(what, 80), captured.received_at);
    match record.redacted.as_ref() {
        None => {}
        Some(redacted) => {
            about.push_str(" Some of it is masked.");
            if let Some(secret) = &redacted.signed_with {
                about.push_str(&format!(" It is signed anew with the published test secret “{secret}”."));
            }
        }
    }
    about
}

impl Fixture {
    /// The file's text: indented by two spaces, a header on one line, and ASCII alone.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::from("{\n");
        let optional = |value: &Option<String>| value.as_deref().map_or_else(|| "null".to_owned(), quoted);
        let mut field = |indent: usize, name: &str, value: &str| {
            out.push_str(&format!("{:indent$}\"{name}\": {value},\n", ""));
        };
        field(2, "format", &quoted(&self.format));
        field(2, "name", &quoted(&self.name));
        if let Some(about) = &self.about {
            field(2, "about", &quoted(about));
        }
        field(2, "provider", &optional(&self.provider));
        field(2, "captured_at", &quoted(&self.captured_at));
        field(2, "secret", &optional(&self.secret));
        out.push_str(&format!("  \"request\": {},\n  \"expect\": {}", self.request_json(), self.expect_json()));
        if let Some(source) = &self.source {
            out.push_str(&format!(",\n  \"source\": {}", nested(source)));
        }
        if let Some(redacted) = &self.redacted {
            out.push_str(&format!(",\n  \"redacted\": {}", nested(redacted)));
        }
        out.push_str("\n}\n");
        out
    }

    fn request_json(&self) -> String {
        let request = &self.request;
        let headers = request.headers.iter().map(|(name, value)| {
            let value = match value {
                FixtureValue::Text(text) => quoted(text),
                FixtureValue::Bytes { base64 } => format!("{{ \"base64\": {} }}", quoted(base64)),
            };
            format!("      [{}, {value}]", quoted(name))
        });
        let headers = headers.collect::<Vec<_>>().join(",\n");
        let headers = if headers.is_empty() { "[]".to_owned() } else { format!("[\n{headers}\n    ]") };
        let mut fields = vec![
            ("method", quoted(&request.method)),
            ("target", quoted(&request.target)),
            ("version", quoted(&request.version)),
            ("headers", headers),
        ];
        fields.extend(request.body.as_deref().map(|body| ("body", quoted(body))));
        fields.extend(request.body_base64.as_deref().map(|body| ("body_base64", quoted(body))));
        fields.extend(request.body_cut_from.map(|length| ("body_cut_from", length.to_string())));
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("    \"{name}\": {value}")).collect();
        format!("{{\n{}\n  }}", fields.join(",\n"))
    }

    fn expect_json(&self) -> String {
        let expect = &self.expect;
        let optional = |value: &Option<String>| value.as_deref().map_or_else(|| "null".to_owned(), quoted);
        let mut out = format!(
            "{{\n    \"recognised\": {},\n    \"event_type\": {},\n    \"event_id\": {},\n    \"verdicts\": {}",
            optional(&expect.recognised),
            optional(&expect.event_type),
            optional(&expect.event_id),
            nested(&expect.verdicts).replace('\n', "\n  ")
        );
        if !expect.checks.is_empty() {
            out.push_str(&format!(",\n    \"checks\": {}", nested(&expect.checks).replace('\n', "\n  ")));
        }
        out.push_str("\n  }");
        out
    }
}

/// A value one level in.
fn nested(value: &impl serde::Serialize) -> String {
    super::ascii::pretty(value).replace('\n', "\n  ")
}
