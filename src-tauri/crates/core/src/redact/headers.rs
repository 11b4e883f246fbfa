//! What stands in headers.

use super::{Found, Kind, Known, Part, hosts, mail, query};
use crate::draft::credentials::carries_credentials;
use crate::request::{Headers, text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::SocketAddr;
use std::ops::Range;

/// Headers by which a proxy says which host was asked.
const HOSTS: [&str; 5] = ["host", "x-forwarded-host", "x-original-host", "x-forwarded-server", "x-host"];
/// Headers with an address that may have a query.
const ADDRESSES: [&str; 7] =
    ["referer", "location", "x-original-url", "x-forwarded-uri", "x-rewrite-url", "x-original-uri", "link"];

/// Headers by which a proxy says who asked.
fn names_a_client(name: &str) -> bool {
    const NAMES: [&str; 5] =
        ["forwarded", "cf-connecting-ipv6", "x-envoy-external-address", "remote-addr", "x-azure-clientip"];
    NAMES.contains(&name) || name.ends_with("-ip") || name.ends_with("forwarded-for") || name.ends_with("remote-addr")
}

/// One header on its way through the searches.
struct Field<'a> {
    value: &'a [u8],
    part: Part,
    key: String,
    place: String,
}

impl Field<'_> {
    fn found(&self, kind: Kind, range: Range<usize>, shown: String, mask: impl Into<Vec<u8>>) -> Found {
        let (key, place) = (self.key.clone(), self.place.clone());
        Found { kind, key, place, pointer: None, part: self.part, range, shown, mask: mask.into() }
    }
}

pub(super) fn find(headers: &Headers, answer: bool, known: &Known, found: &mut Vec<Found>) {
    for (at, header) in headers.iter().enumerate() {
        let name = text(&header.name);
        let lower = name.to_ascii_lowercase();
        let (part, key, place) = match answer {
            true => (Part::AnswerHeader(at), format!("answer:{lower}"), format!("header {name} of the answer")),
            false => (Part::Header(at), format!("header:{lower}"), format!("header {name}")),
        };
        let field = Field { value: &header.value, part, key, place };
        if field.value.is_empty() {
            continue;
        }
        let all = 0..field.value.len();
        if lower.contains("cookie") && carries_credentials(&lower) {
            let mask = cookies(field.value, lower == "set-cookie");
            found.push(field.found(Kind::Cookies, all, cookie_hint(field.value), mask));
        } else if carries_credentials(&lower) {
            found.push(field.found(Kind::Credentials, all, credential_hint(field.value), credential(field.value)));
        } else {
            within(&field, &lower, known, found);
        }
    }
}

/// What stands within the value of a header that is none of the above.
fn within(field: &Field<'_>, lower: &str, known: &Known, found: &mut Vec<Found>) {
    let value = field.value;
    if names_a_client(lower) {
        let addresses = hosts::addresses(value).into_iter();
        found.extend(
            addresses
                .map(|(at, ip)| field.found(Kind::ClientIps, at, hosts::address_hint(ip), hosts::address_mask(ip))),
        );
    }
    let own_host = match lower {
        "forwarded" => forwarded_host(value),
        name if HOSTS.contains(&name) => hosts::public_host(value),
        _ => None,
    };
    match own_host {
        Some(at) => {
            let shown = hosts::hint(&value[at.clone()]);
            found.push(field.found(Kind::TunnelAddresses, at, shown, hosts::HOST_MASK));
        }
        None if ADDRESSES.contains(&lower) => query::find(value, field.part, &field.key, known, found),
        None => hosts::tunnels(value, field.part, &field.key, &field.place, known, found),
    }
    for at in mail::find(value) {
        let shown = mail::hint(&value[at.clone()]);
        found.push(field.found(Kind::Emails, at, shown, mail::MASK));
    }
}

/// Where the host stands in `for=…;host=…`.
fn forwarded_host(value: &[u8]) -> Option<Range<usize>> {
    let lower = value.to_ascii_lowercase();
    let begin = memchr::memmem::find(&lower, b"host=")? + 5;
    let begin = begin + usize::from(value.get(begin) == Some(&b'"'));
    let rest = &value[begin..];
    let end = rest.iter().position(|b| b";,\" ".contains(b)).unwrap_or(rest.len());
    hosts::public_host(&rest[..end]).map(|at| begin + at.start..begin + at.end)
}

/// The sender's own address.
pub(super) fn peer(peer: &str, found: &mut Vec<Found>) {
    let Ok(addr) = peer.parse::<SocketAddr>() else { return };
    if addr.ip().is_loopback() {
        return;
    }
    let mask = SocketAddr::new(hosts::address_mask(addr.ip()).parse().unwrap_or(addr.ip()), addr.port()).to_string();
    found.push(Found {
        kind: Kind::ClientIps,
        key: "peer".to_owned(),
        place: "the sender's address".to_owned(),
        pointer: None,
        part: Part::Peer,
        range: 0..peer.len(),
        shown: hosts::address_hint(addr.ip()),
        mask: mask.into(),
    });
}

/// `Bearer REDACTED`: the word before it says how a handler reads it.
fn credential(value: &[u8]) -> Vec<u8> {
    let text = text(value);
    match text.split_once(' ') {
        Some((word, _)) if word.eq_ignore_ascii_case("basic") => {
            format!("{word} {}", STANDARD.encode("REDACTED:REDACTED")).into_bytes()
        }
        Some((word, _)) if is_word(word) => format!("{word} REDACTED").into_bytes(),
        _ => b"REDACTED".to_vec(),
    }
}

fn credential_hint(value: &[u8]) -> String {
    let text = text(value);
    match text.split_once(' ') {
        Some((word, _)) if is_word(word) => format!("{word} ••••"),
        _ => super::hint(value),
    }
}

/// A scheme such as `Bearer`, and not the first half of something secret.
fn is_word(word: &str) -> bool {
    const SCHEMES: [&str; 8] =
        ["basic", "bearer", "digest", "token", "apikey", "negotiate", "hawk", "aws4-hmac-sha256"];
    SCHEMES.contains(&word.to_ascii_lowercase().as_str())
}

/// Names and attributes stay; values go.
fn cookies(value: &[u8], set: bool) -> Vec<u8> {
    let masked = |pair: &[u8]| match pair.iter().position(|b| *b == b'=') {
        Some(at) => [&pair[..=at], b"REDACTED"].concat(),
        None => b"REDACTED".to_vec(),
    };
    let pieces = value.split(|b| *b == b';').enumerate().map(|(at, piece)| match at {
        1.. if set => piece.to_vec(),
        _ => masked(piece),
    });
    pieces.collect::<Vec<_>>().join(&b';')
}

fn cookie_hint(value: &[u8]) -> String {
    let name = value.split(|b| b"=;".contains(b)).next().filter(|name| name.len() < value.len());
    name.map_or_else(|| super::hint(value), |name| format!("{}=••••", crate::shorten(&text(name), 30)))
}
