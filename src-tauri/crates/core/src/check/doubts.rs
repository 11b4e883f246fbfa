//! Why an endpoint refuses what is right: the same event signed as a classic mistake would compute it. Where the endpoint
//! accepts one of them, the mistake is proved.

use super::bodies::{escaped, python, sorted};
use super::make::{MakeError, Maker, Setup, set};
use super::probe::Form;
use crate::decode::node_base64;
use crate::draft::Draft;
use crate::rule::{KeyForm, Part, PartKind, SchemeRule};
use crate::signing::mac;
use serde_json::Value;

/// A classic mistake that an endpoint may make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The cause's word.
    pub cause: &'static str,
    /// What it means, in a sentence or two.
    pub meaning: String,
    /// The title of how to mend it.
    pub mend: &'static str,
    /// What to look at in a handler.
    pub topic: &'static str,
    mistake: Mistake,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    KeyAsText,
    KeyDecoded,
    KeyEmpty,
    KeyWithLineEnd,
    BodyAlone,
    WithoutId,
    WithoutTimestamp,
    BodyEmpty,
    BodyObject,
    BodyUndefined,
    BodyPython,
    BodyPythonSorted,
    BodySorted,
    BodyIndented,
    BodyPhp,
    Milliseconds,
}

/// The mistakes that the scheme allows, the likeliest first; none where the provider does not sign.
#[must_use]
pub fn doubts(setup: &Setup<'_>) -> Vec<Doubt> {
    let Some(scheme) = setup.scheme() else { return Vec::new() };
    let time = scheme.header_of(PartKind::Timestamp);
    let id = scheme.header_of(PartKind::Id);
    let mut all = Vec::new();
    let mut add = |mistake, cause, mend, topic, meaning: String| {
        all.push(Doubt { cause, meaning, mend, topic, mistake });
    };
    match scheme.key {
        KeyForm::Base64 => add(
            Mistake::KeyAsText,
            "key_not_decoded",
            "the secret is base64",
            "key",
            "The handler uses the secret as text. It is base64: decode it first.".to_owned(),
        ),
        KeyForm::Utf8 => add(
            Mistake::KeyDecoded,
            "key_decoded",
            "the secret is text",
            "key",
            "The handler decodes the secret as base64. It is text: use its bytes as they are.".to_owned(),
        ),
    }
    let parsed = "The handler hashes the parsed body, written again, and not the bytes that came.";
    add(Mistake::BodyPython, "reserialises", "the body is parsed before it is hashed", "raw_body", parsed.to_owned());
    add(
        Mistake::BodyObject,
        "hashes_object",
        "the body is parsed before it is hashed",
        "raw_body",
        "The handler hashes “[object Object]”: the parsed body in place of the bytes that came.".to_owned(),
    );
    for mistake in [Mistake::BodyPhp, Mistake::BodyPythonSorted, Mistake::BodySorted, Mistake::BodyIndented] {
        add(mistake, "reserialises", "the body is parsed before it is hashed", "raw_body", parsed.to_owned());
    }
    add(
        Mistake::BodyEmpty,
        "hashes_nothing",
        "the body is gone before it is hashed",
        "raw_body",
        "The handler hashes an empty body: something before it has read the body already.".to_owned(),
    );
    add(
        Mistake::BodyUndefined,
        "hashes_undefined",
        "the body is gone before it is hashed",
        "raw_body",
        "The handler hashes “undefined” in place of the body: nothing has read the body for it.".to_owned(),
    );
    if time.is_some() || id.is_some() {
        add(
            Mistake::BodyAlone,
            "hashes_body_alone",
            "more than the body is signed",
            "signed_content",
            format!("The handler hashes the body alone. What is signed is {}.", content(scheme)),
        );
    }
    if let (Some(id), Some(time)) = (id, time) {
        let meaning =
            |name| format!("The handler leaves {name} out of what it hashes. What is signed is {}.", content(scheme));
        add(Mistake::WithoutId, "leaves_id_out", "the id is signed too", "signed_content", meaning(id));
        add(
            Mistake::WithoutTimestamp,
            "leaves_timestamp_out",
            "the timestamp is signed too",
            "signed_content",
            meaning(time),
        );
    }
    add(
        Mistake::KeyEmpty,
        "key_empty",
        "the secret is empty",
        "key",
        "The handler's secret is empty: whoever knows that can sign for the provider. Look at how it is read."
            .to_owned(),
    );
    add(
        Mistake::KeyWithLineEnd,
        "key_with_line_end",
        "the secret has a line end",
        "key",
        "The handler's secret has a line end behind it: trim it where it is read.".to_owned(),
    );
    if scheme.time.is_some() {
        add(
            Mistake::Milliseconds,
            "reads_milliseconds",
            "the timestamp is in seconds",
            "timestamp",
            "The handler takes the timestamp for milliseconds. It is in seconds.".to_owned(),
        );
    }
    all
}

/// The signed content in words: `id.timestamp.body`.
pub(super) fn content(scheme: &SchemeRule) -> String {
    let words: String = scheme.content.iter().map(Part::word).collect();
    if words == "body" { "the body as it came".to_owned() } else { format!("{words}, the body as it came") }
}

impl Maker<'_> {
    /// A fresh event, signed as that mistake computes it.
    ///
    /// # Errors
    /// Where the event cannot be composed.
    pub fn make_doubt(
        &mut self,
        doubt: &Doubt,
        now_us: i64,
        random: &mut dyn FnMut() -> u64,
    ) -> Result<Draft, MakeError> {
        let mut draft = self.event(Form::Compact, true, now_us, random)?;
        let Some((scheme, secret)) = self.signs() else { return Ok(draft) };
        let mistake = doubt.mistake;
        let id = format!("msg_{:016x}", random());
        let per_second = if mistake == Mistake::Milliseconds { 1_000 } else { 1_000_000 };
        let timestamp = now_us.div_euclid(per_second).to_string();
        let key = match (mistake, scheme.key) {
            (Mistake::KeyEmpty, _) => Vec::new(),
            (Mistake::KeyWithLineEnd, KeyForm::Utf8) => format!("{secret}\n").into_bytes(),
            (Mistake::KeyAsText, _) => secret.as_bytes().to_vec(),
            (Mistake::KeyDecoded, _) | (_, KeyForm::Base64) => node_base64(secret),
            (_, KeyForm::Utf8) => secret.as_bytes().to_vec(),
        };
        let body = mistake.body(&draft.body);
        let parts = scheme.content.iter().map(|part| match (part, part.kind()) {
            (Part::Body, _) => body.as_slice(),
            (Part::Literal { text }, _) => text.as_bytes(),
            (_, PartKind::Timestamp) => timestamp.as_bytes(),
            _ => id.as_bytes(),
        });
        let parts: Vec<&[u8]> = parts.collect();
        // The parts before the body are pairs of a header and a separator.
        let kept = match mistake {
            Mistake::BodyAlone => vec![body.as_slice()],
            Mistake::WithoutId | Mistake::WithoutTimestamp => {
                let out = if mistake == Mistake::WithoutId { PartKind::Id } else { PartKind::Timestamp };
                let at = scheme.content.iter().position(|part| part.kind() == out).unwrap_or(parts.len());
                parts.iter().enumerate().filter(|(n, _)| *n != at && *n != at + 1).map(|(_, part)| *part).collect()
            }
            _ => parts,
        };
        let signature = mac(scheme.algorithm, &key, kept);
        for part in &scheme.content {
            let Part::Header { name, kind } = part else { continue };
            let value = if *kind == PartKind::Timestamp { &timestamp } else { &id };
            put(&mut draft, name, value);
        }
        let form = &scheme.signature;
        put(&mut draft, &form.header, &format!("{}{}", form.prefix, form.encoding.write(&signature)));
        Ok(draft)
    }
}

fn put(draft: &mut Draft, name: &str, value: &str) {
    if draft.headers.has(name) {
        set(&mut draft.headers, name, value.to_owned());
    } else {
        draft.headers.push(name.to_owned(), value.to_owned());
    }
}

impl Mistake {
    /// What that mistake takes for the body.
    fn body(self, body: &[u8]) -> Vec<u8> {
        let value = serde_json::from_slice::<Value>(body).ok();
        let from =
            |write: fn(&Value) -> String| value.as_ref().map_or_else(|| body.to_vec(), |v| write(v).into_bytes());
        match self {
            Mistake::BodyEmpty => Vec::new(),
            Mistake::BodyUndefined => b"undefined".to_vec(),
            Mistake::BodyObject => b"[object Object]".to_vec(),
            Mistake::BodyPython => from(python),
            Mistake::BodyPythonSorted => from(|value| python(&sorted(value))),
            // PHP's `json_encode` escapes what need not be escaped.
            Mistake::BodyPhp => from(|value| escaped(&value.to_string()).replace('/', "\\/")),
            Mistake::BodySorted => from(|value| sorted(value).to_string()),
            Mistake::BodyIndented => from(|value| serde_json::to_string_pretty(value).unwrap_or_default()),
            _ => body.to_vec(),
        }
    }
}
