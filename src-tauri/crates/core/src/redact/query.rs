//! Tokens in query strings.

use super::{Found, Kind, Known, Part, hosts, mail};
use crate::request::text;
use percent_encoding::percent_decode;
use std::ops::Range;

/// Whether the value of a parameter of that name usually gives access.
pub(super) fn is_token(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "token",
        "key",
        "secret",
        "password",
        "passwd",
        "pwd",
        "pass",
        "auth",
        "authorization",
        "sig",
        "signature",
        "jwt",
        "session",
        "sid",
        "code",
        "apikey",
    ];
    const ENDINGS: [&str; 10] =
        ["token", "secret", "password", "_key", "-key", "apikey", "signature", "credential", "_sig", "accesskey"];
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a text in a field of that name usually gives access. In a body, `code`, `key`, `session` and `signature` are
/// usually something else.
pub(super) fn is_token_field(name: &str) -> bool {
    const NAMES: [&str; 6] = ["jwt", "pwd", "pass", "passphrase", "authorization", "bearer"];
    const ENDINGS: [&str; 14] = [
        "token",
        "secret",
        "password",
        "passwd",
        "credential",
        "apikey",
        "api_key",
        "api-key",
        "accesskey",
        "access_key",
        "secretkey",
        "secret_key",
        "privatekey",
        "private_key",
    ];
    /// They say where the next page is.
    const OTHERS: [&str; 6] =
        ["pagetoken", "page_token", "continuationtoken", "continuation_token", "synctoken", "sync_token"];
    if name.len() > 100 {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let ends = |with: &[&str]| with.iter().any(|ending| name.ends_with(ending));
    NAMES.contains(&name.as_str()) || ends(&ENDINGS) && !ends(&OTHERS)
}

/// The parameters of `a=b&c=d` from a place on: the name, decoded, and where the value stands.
pub(super) fn pairs(bytes: &[u8], from: usize) -> Vec<(String, Range<usize>)> {
    let mut at = from;
    let mut pairs = Vec::new();
    for piece in bytes[from..].split(|b| *b == b'&' || *b == b';') {
        let begin = at;
        at += piece.len() + 1;
        if let Some(equals) = piece.iter().position(|b| *b == b'=') {
            let name = text(&percent_decode(&piece[..equals]).collect::<Vec<u8>>());
            pairs.push((name, begin + equals + 1..begin + piece.len()));
        }
    }
    pairs
}

/// Finds tokens and e-mail addresses among the parameters, tunnels anywhere, and a user in an address. `key` is how the
/// places are named: `query`, `form`, or a header.
pub(super) fn find(bytes: &[u8], part: Part, key: &str, known: &Known, found: &mut Vec<Found>) {
    let from = match (key, memchr::memchr(b'?', bytes)) {
        ("form", _) => Some(0),
        (_, Some(at)) => Some(at + 1),
        (_, None) => None,
    };
    let head = &bytes[..from.unwrap_or(bytes.len())];
    user(head, part, key, found);
    if key == "query" {
        path(head, part, found);
    }
    nameless(bytes, from, part, key, found);
    for (name, range) in from.map(|from| pairs(bytes, from)).unwrap_or_default() {
        if range.is_empty() {
            continue;
        }
        let value = &bytes[range.clone()];
        let name = if mail::find(name.as_bytes()).is_empty() { name } else { "*".to_owned() };
        let (key, place) = match key {
            "query" => (format!("query:{name}"), format!("the query's {name}")),
            "form" => (format!("form:{name}"), format!("the form's {name}")),
            header => (format!("{header}?{name}"), format!("{name} in {}", header.replacen(':', " ", 1))),
        };
        let decoded: Vec<u8> = percent_decode(value).collect();
        let (kind, mask, shown) = if is_token(&name) {
            (Kind::Tokens, b"REDACTED".to_vec(), super::hint(value))
        } else if let Some(at) = mail::find(&decoded).first() {
            (Kind::Emails, mail::MASK.replace('@', "%40").into_bytes(), mail::hint(&decoded[at.clone()]))
        } else {
            continue;
        };
        found.push(Found { kind, key, place, pointer: None, part, range, shown, mask });
    }
    let place = match key {
        "query" => "the request target",
        "form" => "the body",
        header => &header.replacen(':', " ", 1),
    };
    hosts::tunnels(bytes, part, &format!("{key}:tunnel"), place, known, found);
}

/// E-mail addresses in the path, and tokens in parameters between its slashes: `/u/ann@pollo.ai;token=1/hook`.
fn path(head: &[u8], part: Part, found: &mut Vec<Found>) {
    let begin = memchr::memmem::find(head, b"://")
        .map_or(0, |at| at + 3 + head[at + 3..].iter().position(|b| *b == b'/').unwrap_or(head.len() - at - 3));
    let mut at = begin;
    for piece in head[begin..].split(|b| b"/;?".contains(b)) {
        let range = at..at + piece.len();
        at += piece.len() + 1;
        let equals = piece.iter().position(|b| *b == b'=').filter(|equals| equals + 1 < piece.len());
        let name = equals.map(|equals| text(&percent_decode(&piece[..equals]).collect::<Vec<u8>>()));
        let (kind, range, mask, shown) = match (equals, name) {
            (Some(equals), Some(name)) if is_token(&name) => {
                let value = range.start + equals + 1..range.end;
                (Kind::Tokens, value, "REDACTED", super::hint(&piece[equals + 1..]))
            }
            _ => match mail_in(piece) {
                Some(shown) => (Kind::Emails, range, mail::ENCODED_MASK, shown),
                None => continue,
            },
        };
        let key = format!("path:{}", kind.name());
        let (place, mask) = ("the path".to_owned(), mask.into());
        found.push(Found { kind, key, place, pointer: None, part, range, shown, mask });
    }
}

/// E-mail addresses in pieces of a query or a form that have no name, and in the names.
fn nameless(bytes: &[u8], from: Option<usize>, part: Part, key: &str, found: &mut Vec<Found>) {
    let Some(from) = from else { return };
    let mut at = from;
    for piece in bytes[from..].split(|b| *b == b'&' || *b == b';') {
        let begin = at;
        at += piece.len() + 1;
        let name = &piece[..piece.iter().position(|b| *b == b'=').unwrap_or(piece.len())];
        let Some(shown) = mail_in(name) else { continue };
        found.push(Found {
            kind: Kind::Emails,
            key: format!("{key}:names"),
            place: format!("a name in the {}", if key == "form" { "form" } else { "query" }),
            pointer: None,
            part,
            range: begin..begin + name.len(),
            shown,
            mask: mail::ENCODED_MASK.into(),
        });
    }
}

/// What is shown of the first e-mail address in percent-encoded text.
fn mail_in(piece: &[u8]) -> Option<String> {
    memchr::memchr2(b'@', b'%', piece)?;
    let decoded: Vec<u8> = percent_decode(piece).collect();
    mail::find(&decoded).first().map(|at| mail::hint(&decoded[at.clone()]))
}

/// `http://user:password@host/`.
fn user(head: &[u8], part: Part, key: &str, found: &mut Vec<Found>) {
    let Some(begin) = memchr::memmem::find(head, b"://").map(|at| at + 3) else { return };
    let rest = &head[begin..];
    let authority = &rest[..rest.iter().position(|b| *b == b'/').unwrap_or(rest.len())];
    if let Some(at) = memchr::memrchr(b'@', authority) {
        found.push(Found {
            kind: Kind::Credentials,
            key: format!("{key}:user"),
            place: "the user in an address".to_owned(),
            pointer: None,
            part,
            range: begin..begin + at,
            shown: super::hint(&authority[..at]),
            mask: b"REDACTED".to_vec(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_give_access_are_known_by_their_name() {
        for name in ["token", "Access_Token", "api_key", "X-Amz-Signature", "sig", "client-secret"] {
            assert!(is_token(name), "{name}");
        }
        for name in ["id", "event", "monkey", "tokens_used", "design", "keyword"] {
            assert!(!is_token(name), "{name}");
        }
    }

    #[test]
    fn values_are_found_where_they_stand() {
        let target = "http://me:pw@x.ngrok.io/a?api%5Fkey=abc&to=ann%40pollo.ai&empty_token=&id=1";
        let mut found = Vec::new();
        find(target.as_bytes(), Part::Target, "query", &Known::default(), &mut found);
        let found: Vec<(&str, &str)> = found.iter().map(|f| (f.key.as_str(), &target[f.range.clone()])).collect();
        let expected = [
            ("query:user", "me:pw"),
            ("query:api_key", "abc"),
            ("query:to", "ann%40pollo.ai"),
            ("query:tunnel", "x.ngrok.io"),
        ];
        assert_eq!(found, expected);
    }
}
