//! What stands in a text, whatever it is a text of: tunnels, e-mail addresses, and what the URLs in it hold.

use super::query::{is_token, pairs};
use super::{Kind, Known, hosts, mail};
use percent_encoding::percent_decode;
use std::ops::Range;

/// Something in a text.
pub(super) struct Hit {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    pub(super) shown: String,
    pub(super) mask: &'static str,
}

/// What stands in a text, kind by kind.
pub(super) fn find(text: &[u8], known: &Known) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let tunnels = hosts::find(text, known).into_iter();
    hits.extend(tunnels.map(|range| Hit {
        kind: Kind::TunnelAddresses,
        shown: hosts::hint(&text[range.clone()]),
        range,
        mask: hosts::HOST_MASK,
    }));
    let addresses = mail::find(text).into_iter();
    hits.extend(addresses.map(|range| Hit {
        kind: Kind::Emails,
        shown: mail::hint(&text[range.clone()]),
        range,
        mask: mail::MASK,
    }));
    in_urls(text, &mut hits);
    hits
}

/// The end of an address in a text.
fn ends_url(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control() || b"\"'<>`\\{}".contains(&byte)
}

/// Tokens and e-mail addresses in the query strings and fragments of URLs, and users before their hosts.
fn in_urls(text: &[u8], hits: &mut Vec<Hit>) {
    for begin in memchr::memmem::find_iter(text, b"://").map(|at| at + 3) {
        let authority = text[begin..].iter().take(512).take_while(|b| !ends_url(**b) && !b"/?#".contains(b)).count();
        if let Some(at) = memchr::memrchr(b'@', &text[begin..begin + authority]) {
            let shown = super::hint(&text[begin..begin + at]);
            hits.push(Hit { kind: Kind::Credentials, range: begin..begin + at, shown, mask: "REDACTED" });
        }
    }
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b'?', b'#', rest)) {
        let begin = at + found + 1;
        let end = begin + text[begin..].iter().take_while(|b| !ends_url(**b) && !b"?#".contains(b)).count();
        at = end;
        for (name, range) in pairs(&text[..end], begin) {
            let value = &text[range.clone()];
            if value.is_empty() {
                continue;
            }
            if is_token(&name) {
                hits.push(Hit { kind: Kind::Tokens, shown: super::hint(value), range, mask: "REDACTED" });
            } else if memchr::memchr(b'%', value).is_some() {
                let decoded: Vec<u8> = percent_decode(value).collect();
                let shown = mail::find(&decoded).first().map(|at| mail::hint(&decoded[at.clone()]));
                hits.extend(shown.map(|shown| Hit { kind: Kind::Emails, range, shown, mask: mail::ENCODED_MASK }));
            }
        }
    }
}
