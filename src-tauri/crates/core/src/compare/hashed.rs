//! What a handler says it hashed, against what was captured.
//!
//! A cause is named only where it is shown: the known change, made to the captured body, gives exactly these bytes.

use super::first::{FirstDifference, first_difference};
use super::{BodyChanges, bodies};
use crate::decode::{hex, loose_base64};
use crate::diagnosis::body::known_change;
use crate::request::Request;
use crate::rule::{PartKind, SchemeRule};
use crate::signing::{Key, Segment, mac};
use std::borrow::Cow;
use subtle::ConstantTimeEq;

/// What a handler says it hashed, against what was captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashed {
    /// How many bytes it hashed.
    pub len: usize,
    /// The name of the secret with which the received signature holds for the captured request.
    pub captured: Option<String>,
    /// The name of the secret with which it holds for these bytes as the body.
    pub as_body: Option<String>,
    /// The name of the secret with which it holds for these bytes as all that is signed: id, timestamp and body.
    pub as_content: Option<String>,
    /// Why nothing could be verified: one sentence. The comparison holds without.
    pub unverified: Option<String>,
    /// Where they first differ from the captured body; none where they do not, or where the capture ends before they do.
    pub from_body: Option<FirstDifference>,
    /// Where they first differ from the signed content.
    pub from_content: Option<FirstDifference>,
    /// How they come from the captured bytes, where that is known.
    pub cause: Option<HashedCause>,
    /// What was found and what to do, in a few sentences.
    pub words: String,
}

/// How hashed bytes come from captured ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedCause {
    /// A stable code: those that a diagnosis has for bodies, and `captured_body`, `signed_content`, `content_template`,
    /// `object_as_text`, `json_in_json`, `encoded`, `cut`, `empty`.
    pub code: &'static str,
    /// A sentence.
    pub words: String,
}

/// Compares bytes that a handler says it hashed with a captured request. They are taken as they are: whoever has them as hex
/// or base64 decodes them first.
#[must_use]
pub fn hashed(scheme: &SchemeRule, keys: &[Key], request: &Request, pasted: &[u8]) -> Hashed {
    let content = scheme.segments(request);
    let trial = Trial::new(scheme, keys, request, &content);
    let whole = request.cut_from.is_none();
    let within = |difference: Option<FirstDifference>| difference.filter(|d| whole || d.a.is_some());
    let signed: Vec<u8> = content.iter().flat_map(|segment| segment.bytes.iter().copied()).collect();
    let from_body = within(first_difference(&request.body, pasted));
    let from_content = within(first_difference(&signed, pasted));
    let cause = whole.then(|| cause(&content, &request.body, &signed, pasted)).flatten();
    let mut found = Hashed {
        len: pasted.len(),
        captured: if whole { trial.with_body(&request.body) } else { None },
        as_body: trial.with_body(pasted),
        as_content: trial.holds([pasted]),
        unverified: trial.fault(),
        from_body,
        from_content,
        cause,
        words: String::new(),
    };
    found.words = words(&found, request, &trial, pasted);
    found
}

/// The received signatures, tried with every key.
struct Trial<'a> {
    scheme: &'a SchemeRule,
    keys: Vec<&'a Key>,
    received: Vec<Vec<u8>>,
    content: &'a [Segment],
}

impl<'a> Trial<'a> {
    fn new(scheme: &'a SchemeRule, keys: &'a [Key], request: &Request, content: &'a [Segment]) -> Trial<'a> {
        // An empty key would let anybody sign.
        let keys = keys.iter().filter(|key| !key.is_empty()).collect();
        Trial { scheme, keys, received: scheme.received_macs(request), content }
    }

    fn fault(&self) -> Option<String> {
        let header = &self.scheme.signature.header;
        if self.received.is_empty() {
            return Some(format!(
                "{header} is absent or holds no signature that can be read, so nothing was verified."
            ));
        }
        self.keys.is_empty().then(|| "No usable secret is stored for this scheme, so nothing was verified.".to_owned())
    }

    fn with_body(&self, body: &[u8]) -> Option<String> {
        let parts = self.content.iter().map(|segment| match segment.kind {
            PartKind::Body => body,
            _ => &segment.bytes,
        });
        self.holds(parts.collect::<Vec<_>>())
    }

    fn holds<'b>(&self, parts: impl IntoIterator<Item = &'b [u8]> + Clone) -> Option<String> {
        let made = |key: &Key| mac(self.scheme.algorithm, key.bytes(), parts.clone());
        let right = |key: &&&Key| {
            let made = made(key);
            self.received.iter().any(|received| bool::from(received.ct_eq(&made)))
        };
        self.keys.iter().find(right).map(|key| key.name.clone())
    }
}

fn found(code: &'static str, words: impl Into<String>) -> Option<HashedCause> {
    Some(HashedCause { code, words: words.into() })
}

fn cause(content: &[Segment], body: &[u8], signed: &[u8], pasted: &[u8]) -> Option<HashedCause> {
    if pasted == body {
        return found("captured_body", "They are the captured body, byte for byte.");
    }
    if pasted == signed {
        return found("signed_content", "They are the signed content, byte for byte.");
    }
    if pasted.is_empty() {
        return found("empty", "They are no bytes at all: the body had been read by something else before.");
    }
    if let Some((code, words)) = known_change(body, pasted) {
        return found(code, format!("They are the captured body {words}."));
    }
    let at = content.iter().position(|segment| segment.kind == PartKind::Body)?;
    let joined = |part: &[Segment]| part.iter().flat_map(|s| s.bytes.iter().copied()).collect::<Vec<u8>>();
    let (before, behind) = (joined(&content[..at]), joined(&content[at + 1..]));
    let own = pasted.strip_prefix(before.as_slice()).and_then(|rest| rest.strip_suffix(behind.as_slice()));
    if !(before.is_empty() && behind.is_empty())
        && let Some((code, words)) = own.and_then(|own| known_change(body, own))
    {
        return found(code, format!("They are the signed content, with the captured body {words}."));
    }
    rendered(body, pasted).or_else(|| part(body, pasted)).or_else(|| written_again(body, own.unwrap_or(pasted)))
}

/// The body as some languages write it out.
fn rendered(body: &[u8], pasted: &[u8]) -> Option<HashedCause> {
    let text = std::str::from_utf8(pasted).ok()?;
    if text == "[object Object]" {
        let words = "“[object Object]” is what JavaScript makes of an object as text: the body had been parsed before.";
        return found("object_as_text", words);
    }
    if serde_json::from_str::<Cow<'_, str>>(text).is_ok_and(|inner| inner.as_bytes() == body) {
        return found("json_in_json", "They are the captured body as a JSON string: JSON.stringify was given a text.");
    }
    let decoded = |made: Option<Vec<u8>>| made.is_some_and(|made| made == body && !body.is_empty());
    let trimmed = text.trim();
    if decoded(hex(trimmed)) {
        return found("encoded", "They are the captured body in hex.");
    }
    decoded(loose_base64(trimmed)).then(|| found("encoded", "They are the captured body in base64.")).flatten()
}

/// The body with something else, or a part of it.
fn part(body: &[u8], pasted: &[u8]) -> Option<HashedCause> {
    if body.is_empty() {
        return None;
    }
    if body.starts_with(pasted) {
        return found(
            "cut",
            format!("They are the first {} of the captured body's {} bytes.", pasted.len(), body.len()),
        );
    }
    let other = if pasted.ends_with(body) {
        "They end with the captured body, and what stands before it is not what the scheme signs there."
    } else if pasted.starts_with(body) {
        "They begin with the captured body, and what stands behind it is not what the scheme signs there."
    } else {
        return None;
    };
    found("content_template", other)
}

/// The same JSON, written in a way that has no name here.
fn written_again(body: &[u8], pasted: &[u8]) -> Option<HashedCause> {
    match bodies(body, pasted).kind {
        BodyChanges::Json(changes) if changes.same_value => found(
            "body_reserialised",
            "They are the captured body parsed as JSON and written again: the same values in other bytes.",
        ),
        _ => None,
    }
}

fn words(found: &Hashed, request: &Request, trial: &Trial<'_>, pasted: &[u8]) -> String {
    let mut out = Vec::new();
    let same_body = found.from_body.is_none() && request.cut_from.is_none();
    let same_content = found.from_content.is_none() && request.cut_from.is_none();
    let cause = || found.cause.as_ref().map(|cause| cause.words.clone());
    let difference = |from: &Option<FirstDifference>, what: &str| {
        let words = &from.as_ref()?.words;
        Some(format!("Here the {what}, there what was hashed. {words}"))
    };
    match (&found.as_body, &found.as_content) {
        (Some(secret), _) if same_body => {
            out.push(format!(
                "These are the captured bytes, and the signature holds for them with the secret “{secret}”."
            ));
        }
        (_, Some(secret)) if same_content => {
            out.push(format!("This is the signed content, and the signature holds for it with the secret “{secret}”."));
        }
        (Some(secret), _) => {
            out.push(format!(
                "The signature holds for these bytes as the body, with the secret “{secret}”, and not for the captured body: \
                 the body was changed before it arrived here."
            ));
            out.extend(cause());
        }
        (None, Some(secret)) => {
            out.push(format!(
                "The signature holds for these bytes as all that is signed, with the secret “{secret}”, and not for the \
                 captured request: it was changed before it arrived here."
            ));
            out.extend(cause());
        }
        (None, None) => {
            out.extend(
                found.unverified.clone().or_else(|| Some("The signature does not hold for these bytes.".to_owned())),
            );
            out.extend(cause());
            if !(same_body || same_content) {
                // Told from the one that they share more with.
                let shared = |from: &Option<FirstDifference>| from.as_ref().map_or(0, |d| d.offset);
                let (from, what) = if shared(&found.from_content) > shared(&found.from_body) {
                    (&found.from_content, "signed content")
                } else {
                    (&found.from_body, "captured body")
                };
                out.extend(difference(from, what));
                out.push(advice(found, trial, pasted));
            } else if found.unverified.is_none() {
                out.push("They are what was captured: it is the secret that differs, or the request was changed before it arrived here.".to_owned());
            }
        }
    }
    out.retain(|sentence| !sentence.is_empty());
    out.join(" ")
}

/// What to do about bytes for which the signature does not hold.
fn advice(found: &Hashed, trial: &Trial<'_>, pasted: &[u8]) -> String {
    let longer = [[pasted, b"\n"].concat(), [pasted, b"\r\n"].concat()];
    let holds = |bytes: &[u8]| trial.with_body(bytes).is_some() || trial.holds([bytes]).is_some();
    if longer.iter().any(|bytes| holds(bytes)) {
        return "With a newline at their end it holds: the newline may have been lost in pasting.".to_owned();
    }
    let shorter = pasted.strip_suffix(b"\r\n").or_else(|| pasted.strip_suffix(b"\n"));
    if shorter.is_some_and(holds) {
        return "Without the newline at their end it holds: the newline may have come with pasting.".to_owned();
    }
    if found.captured.is_some() {
        return "Hash the body as it arrives, before anything parses or decodes it.".to_owned();
    }
    String::new()
}
