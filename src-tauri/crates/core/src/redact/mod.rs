//! What should not be handed on with a delivery: finding it, showing it, masking it.
//!
//! Invariants: finding and masking are one: what [`find`] names is exactly what [`mask`] replaces. Every byte beside a mask
//! stays. A masked JSON body is JSON of the same shape: a text stays a text, a number a number, a yes or no one of them.
//! The value of a stored secret is masked always, in plain, base64, hex and percent-encoded form, escaped as JSON allows it,
//! and in bodies that gzip, deflate or brotli compress, whatever is chosen.
//! A [`Found`] never holds the whole of what was found. Deliberately absent: what stands inside compressed bodies and bodies
//! that are no text is not looked for, stored secrets apart; [`Unsearched`] says so, and also which compressed bodies could
//! not be looked into at all.

mod body;
mod coding;
mod headers;
mod hosts;
mod json;
mod mail;
mod multipart;
mod query;
mod secrets;
mod sign;
mod texts;

pub use secrets::SecretSearch;
pub use sign::{SignedAnew, published_for, published_secret, sign_anew};

use crate::request::{Headers, Request};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// What something is that may be masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A header that gives access: `Authorization`, an API key.
    Credentials,
    /// `Cookie` and `Set-Cookie`.
    Cookies,
    /// A token in a query string.
    Tokens,
    /// A public address of this machine, as a tunnel gives it.
    TunnelAddresses,
    /// A client's address, as a proxy notes it.
    ClientIps,
    /// An e-mail address.
    Emails,
    /// What the user chose.
    Chosen,
    /// The value of a stored secret.
    Secrets,
}

impl Kind {
    /// Every kind that can be chosen by its name.
    pub const ALL: [Kind; 6] =
        [Kind::Credentials, Kind::Cookies, Kind::Tokens, Kind::TunnelAddresses, Kind::ClientIps, Kind::Emails];

    /// Those that are masked where nothing is chosen. An e-mail address may be what a test is about, and masking it changes
    /// the body: that is the user's decision.
    pub const SUGGESTED: [Kind; 5] =
        [Kind::Credentials, Kind::Cookies, Kind::Tokens, Kind::TunnelAddresses, Kind::ClientIps];

    /// Its name on the command line and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Credentials => "credentials",
            Kind::Cookies => "cookies",
            Kind::Tokens => "tokens",
            Kind::TunnelAddresses => "tunnel_addresses",
            Kind::ClientIps => "client_ips",
            Kind::Emails => "emails",
            Kind::Chosen => "chosen",
            Kind::Secrets => "secrets",
        }
    }
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The request target.
    Target,
    /// The value of the request's header of that index.
    Header(usize),
    /// The request's body.
    Body,
    /// The sender's own address.
    Peer,
    /// The value of the answer's header of that index.
    AnswerHeader(usize),
    /// The answer's body.
    AnswerBody,
}

/// Something that may be masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Names the place over many deliveries: `header:authorization`, `query:token`, `json:/items/*/email`, `text:emails`.
    pub key: String,
    /// The place for a person: “header Authorization”.
    pub place: String,
    /// Its JSON pointer, where it is a value in a JSON body; `*` stands for the number in a list.
    pub pointer: Option<String>,
    /// Where it stands.
    pub part: Part,
    /// Its bytes there.
    pub range: Range<usize>,
    /// Shortened and itself masked.
    pub shown: String,
    /// What stands there instead, where it is masked.
    pub mask: Vec<u8>,
}

/// What is masked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// These kinds, wherever they stand.
    pub kinds: BTreeSet<Kind>,
    /// The places of these keys, whatever their kind.
    pub mask: BTreeSet<String>,
    /// The places of these keys are not, whatever their kind.
    pub keep: BTreeSet<String>,
    /// JSON pointers into bodies; a step `*` stands for any.
    pub pointers: Vec<String>,
    /// The body and the headers that are signed stay as they are, but for stored secrets.
    pub keep_exact: bool,
}

impl Choices {
    /// What is masked where nobody chose: [`Kind::SUGGESTED`].
    #[must_use]
    pub fn suggested() -> Self {
        Choices { kinds: Kind::SUGGESTED.into(), ..Choices::default() }
    }

    /// Whether something is to be masked. `signed` are the headers that are signed, in lower case.
    #[must_use]
    pub fn takes(&self, found: &Found, signed: &[String]) -> bool {
        let exact = self.keep_exact && found.is_signed(signed);
        let chosen = found.kind == Kind::Chosen || self.kinds.contains(&found.kind) || self.mask.contains(&found.key);
        chosen && !exact && !self.keep.contains(&found.key)
    }
}

impl Found {
    /// Whether it stands in what is signed. `signed` are the headers that are signed, in lower case.
    #[must_use]
    pub fn is_signed(&self, signed: &[String]) -> bool {
        match self.part {
            Part::Body => true,
            Part::Header(_) => signed.iter().any(|name| self.key.strip_prefix("header:") == Some(name)),
            _ => false,
        }
    }
}

/// What the listener answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: Bytes,
}

/// A request with what belongs to it: what is searched and masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// Who sent it, `ip:port`; empty where that does not go out.
    pub peer: String,
    /// The answer, where it goes out.
    pub answer: Option<Answer>,
}

/// What is known beside a request.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Public host names of this machine, in lower case.
    pub hosts: Vec<String>,
}

/// Why a body was not searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsearched {
    /// It is compressed: stored secrets were looked for in what it holds, and nothing else.
    Compressed,
    /// It is compressed and could not be looked into: the coding is not known, the body is damaged or too large. Stored
    /// secrets may be in it.
    Sealed,
    /// It is no text.
    NotText,
}

/// Finds what may be masked, in the order in which it stands: target, headers, body, sender, answer.
#[must_use]
pub fn find(exchange: &Exchange, known: &Known, pointers: &[String]) -> Vec<Found> {
    let request = &exchange.request;
    let mut found = Vec::new();
    query::find(&request.target, Part::Target, "query", known, &mut found);
    headers::find(&request.headers, false, known, &mut found);
    body::find(&request.headers, &request.body, Part::Body, known, pointers, &mut found);
    headers::peer(&exchange.peer, &mut found);
    if let Some(answer) = &exchange.answer {
        headers::find(&answer.headers, true, known, &mut found);
        body::find(&answer.headers, &answer.body, Part::AnswerBody, known, &[], &mut found);
    }
    found
}

/// Why the body of a request is not searched; none where it is.
#[must_use]
pub fn unsearched(request: &Request) -> Option<Unsearched> {
    body::unsearched(&request.headers, &request.body)
}

/// An address with what the choices take of it masked: tokens in its query, tunnels, a user.
#[must_use]
pub fn masked_address(address: &str, known: &Known, choices: &Choices) -> String {
    let mut found = Vec::new();
    query::find(address.as_bytes(), Part::Target, "query", known, &mut found);
    let taken: Vec<&Found> = found.iter().filter(|found| choices.takes(found, &[])).collect();
    crate::request::text(&spliced(address.as_bytes(), &taken))
}

/// What was masked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masked {
    /// The places in words, in order, each once.
    pub places: Vec<String>,
    /// The stored secrets whose values were there, as a sentence has them: “main” of Pollo.ai.
    pub secrets: Vec<String>,
    /// The request line, a header or the order of them is not as it was captured.
    pub head: bool,
    /// The body is not as it was captured.
    pub body: bool,
    /// A header that is signed is not as it was captured.
    pub signed_header: bool,
    /// A compressed body, of the request or the answer, could not be looked into: stored secrets may be in it.
    pub sealed: bool,
}

impl Masked {
    /// Whether nothing was masked.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.places.is_empty() && !self.head && !self.body && !self.signed_header
    }

    fn note_secrets(&mut self, names: Vec<String>) {
        for name in names {
            self.note(&format!("the value of the secret {name}"));
            if !self.secrets.contains(&name) {
                self.secrets.push(name);
            }
        }
    }

    fn note(&mut self, place: &str) {
        if !self.places.iter().any(|known| known == place) {
            self.places.push(place.to_owned());
        }
    }
}

/// Masks what the choices take of what was found, and then every stored secret. Where the body's length changes, a
/// `Content-Length` that was right stays right. `signed` are the headers that are signed, in lower case.
pub fn mask(
    exchange: &mut Exchange,
    found: &[Found],
    choices: &Choices,
    secrets: &SecretSearch,
    signed: &[String],
) -> Masked {
    let mut masked = Masked::default();
    let length = exchange.request.body.len();
    let taken: Vec<&Found> = found.iter().filter(|found| choices.takes(found, signed)).collect();
    let mut parts: Vec<Part> = taken.iter().map(|found| found.part).collect();
    parts.sort_unstable();
    parts.dedup();
    for part in parts {
        let here: Vec<&Found> = taken.iter().copied().filter(|found| found.part == part).collect();
        let mut places: HashSet<&str> = HashSet::new();
        for found in here.iter().filter(|found| places.insert(&found.place)) {
            // Names that a stranger chose are among its words.
            masked.note(&secrets.hide_text(&found.place).unwrap_or_else(|| found.place.clone()));
        }
        masked.signed_header |= matches!(part, Part::Header(_)) && here.iter().any(|found| found.is_signed(signed));
        replace(exchange, part, |bytes| Some(spliced(bytes, &here)), &mut masked);
    }
    hide_secrets(exchange, secrets, signed, &mut masked);
    if exchange.request.body.len() != length {
        keep_length_right(&mut exchange.request, length);
        masked.head = true;
    }
    masked
}

/// Exchanges the bytes of a part and notes what that touches.
fn replace(
    exchange: &mut Exchange,
    part: Part,
    with: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
    masked: &mut Masked,
) -> bool {
    let request = &mut exchange.request;
    let at = |headers: &mut Headers, at: usize, with: &mut dyn FnMut(&[u8]) -> Option<Vec<u8>>| -> Option<()> {
        let value = with(&headers.iter().nth(at)?.value)?;
        let mut index = 0..;
        *headers = headers
            .iter()
            .cloned()
            .map(|mut field| {
                if index.next() == Some(at) {
                    field.value = Bytes::from(value.clone());
                }
                field
            })
            .collect();
        Some(())
    };
    let mut with = Some(with);
    let mut once = |bytes: &[u8]| with.take().and_then(|with| with(bytes));
    let done = match part {
        Part::Target => once(&request.target).map(|new| request.target = new.into()),
        Part::Header(index) => at(&mut request.headers, index, &mut once),
        Part::Body => once(&request.body).map(|new| request.body = new.into()),
        Part::Peer => once(exchange.peer.as_bytes()).map(|new| exchange.peer = crate::request::text(&new)),
        Part::AnswerHeader(index) => {
            exchange.answer.as_mut().and_then(|answer| at(&mut answer.headers, index, &mut once))
        }
        Part::AnswerBody => {
            exchange.answer.as_mut().and_then(|answer| once(&answer.body).map(|new| answer.body = new.into()))
        }
    };
    if done.is_some() {
        masked.head |= matches!(part, Part::Target | Part::Header(_));
        masked.body |= part == Part::Body;
    }
    done.is_some()
}

/// Bytes with some masks. Those that overlap become one, over all that they cover: the mask of the longest.
fn spliced(bytes: &[u8], found: &[&Found]) -> Vec<u8> {
    let mut order: Vec<&Found> = found.to_vec();
    order.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    let mut masks: Vec<(Range<usize>, &Found)> = Vec::new();
    for found in order {
        let range = found.range.start.min(bytes.len())..found.range.end.min(bytes.len());
        match masks.last_mut() {
            Some((last, of)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *of = if found.range.len() > of.range.len() { found } else { of };
            }
            _ => masks.push((range, found)),
        }
    }
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    for (range, found) in masks {
        out.extend_from_slice(&bytes[at..range.start]);
        out.extend_from_slice(&found.mask);
        at = range.end;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

fn hide_secrets(exchange: &mut Exchange, secrets: &SecretSearch, signed: &[String], masked: &mut Masked) {
    // First, as a mask among compressed bytes makes them unreadable.
    for part in [Part::Body, Part::AnswerBody] {
        hide_in_compressed(exchange, part, secrets, masked);
    }
    let mut parts = vec![Part::Target, Part::Body, Part::Peer, Part::AnswerBody];
    parts.extend((0..exchange.request.headers.len()).map(Part::Header));
    let answered = exchange.answer.as_ref().map_or(0, |answer| answer.headers.len());
    parts.extend((0..answered).map(Part::AnswerHeader));
    for part in parts {
        let mut names = Vec::new();
        let hidden = replace(exchange, part, |bytes| secrets.hide(bytes, &mut names), masked);
        if !hidden {
            continue;
        }
        if let Part::Header(index) = part {
            let name = exchange.request.headers.iter().nth(index).map(|field| crate::request::text(&field.name));
            masked.signed_header |= name.is_some_and(|name| signed.contains(&name.to_ascii_lowercase()));
        }
        masked.note_secrets(names);
    }
    hide_names(&mut exchange.request.headers, secrets, masked);
}

/// Looks for secrets in what a compressed body holds. Where one is there, the body is compressed anew, with masks; where
/// the whole of it cannot be read or compressed, nothing of it is kept but a word that says so.
fn hide_in_compressed(exchange: &mut Exchange, part: Part, secrets: &SecretSearch, masked: &mut Masked) {
    let (headers, body) = match (part, &exchange.answer) {
        (Part::Body, _) => (&exchange.request.headers, &exchange.request.body),
        (_, Some(answer)) => (&answer.headers, &answer.body),
        (_, None) => return,
    };
    let named = coding::codings(headers);
    // What is compressed as it is stored, a file, has no such header.
    let bare = named.is_empty() && body.starts_with(&[0x1f, 0x8b, 8]);
    let codings = if bare { vec!["gzip".to_owned()] } else { named };
    if secrets.is_empty() || body.is_empty() || codings.is_empty() {
        return;
    }
    let Some(inflated) = coding::inflate(body, &codings, coding::LIMIT) else {
        masked.sealed = true;
        return;
    };
    let mut names = Vec::new();
    let Some(hidden) = secrets.hide(&inflated.bytes, &mut names) else {
        masked.sealed |= !inflated.whole;
        return;
    };
    let plain = if inflated.whole { hidden } else { secrets::MASK.into() };
    let packed = coding::deflate(&plain, &codings);
    let unpacked = packed.is_none();
    replace(exchange, part, |_| Some(packed.unwrap_or(plain)), masked);
    masked.note_secrets(names);
    if unpacked {
        let answer = exchange.answer.as_mut().filter(|_| part == Part::AnswerBody);
        let headers = answer.map_or(&mut exchange.request.headers, |answer| &mut answer.headers);
        *headers = without_coding(headers);
        masked.head |= part == Part::Body;
        masked.note("header Content-Encoding: the body is not compressed any more");
    }
}

/// Headers of a body that is not compressed.
fn without_coding(headers: &Headers) -> Headers {
    let identity = |mut field: crate::request::Header| {
        if field.name.eq_ignore_ascii_case(b"content-encoding") {
            field.value = Bytes::from_static(b"identity");
        }
        field
    };
    headers.iter().cloned().map(identity).collect()
}

/// A secret may stand where a header's name does.
fn hide_names(headers: &mut Headers, secrets: &SecretSearch, masked: &mut Masked) {
    let mut names = Vec::new();
    let hidden: Headers = headers
        .iter()
        .cloned()
        .map(|mut field| {
            if let Some(name) = secrets.hide(&field.name, &mut names) {
                field.name = name.into();
            }
            field
        })
        .collect();
    if !names.is_empty() {
        *headers = hidden;
        masked.head = true;
        masked.secrets.extend(names);
        masked.secrets.dedup();
        masked.note("the name of a header");
    }
}

fn keep_length_right(request: &mut Request, was: usize) {
    let length = Bytes::from(request.body.len().to_string());
    let is_length = |name: &[u8]| name.eq_ignore_ascii_case(b"content-length");
    request.headers = request
        .headers
        .iter()
        .cloned()
        .map(|mut field| {
            if is_length(&field.name) && field.value == was.to_string() {
                field.value = length.clone();
            }
            field
        })
        .collect();
}

/// What is shown of something: so little that nothing is given away, and so much that it is recognised.
fn hint(bytes: &[u8]) -> String {
    let text = crate::request::text(bytes);
    let count = text.chars().count();
    let kept: String = if count >= 12 { text.chars().take(3).collect() } else { String::new() };
    format!("{}••••", kept.trim_end())
}

#[cfg(test)]
mod tests;
