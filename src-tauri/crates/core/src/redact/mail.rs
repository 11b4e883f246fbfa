//! E-mail addresses in texts.

use std::ops::Range;

/// What stands in the place of one.
pub(super) const MASK: &str = "redacted@example.com";
/// The same in a URL.
pub(super) const ENCODED_MASK: &str = "redacted%40example.com";

/// The addresses in a text, in order. Those of domains that are kept for examples (RFC 2606) are none.
pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in memchr::memchr_iter(b'@', text) {
        let begin = found.last().map_or(0, |last| last.end);
        let local = text[begin..at].iter().rev().take(64).take_while(|b| is_local(**b)).count();
        let domain =
            text[at + 1..].iter().take(253).take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
        // A full stop behind it belongs to the sentence.
        let domain = text[at + 1..at + 1 + domain].trim_ascii_end_matches(b".-");
        if local > 0 && is_domain(domain) {
            found.push(at - local..at + 1 + domain.len());
        }
    }
    found
}

trait TrimEnd {
    fn trim_ascii_end_matches(&self, of: &[u8]) -> &[u8];
}

impl TrimEnd for [u8] {
    fn trim_ascii_end_matches(&self, of: &[u8]) -> &[u8] {
        let kept = self.iter().rposition(|b| !of.contains(b)).map_or(0, |at| at + 1);
        &self[..kept]
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte)
}

fn is_domain(domain: &[u8]) -> bool {
    let domain = String::from_utf8_lossy(domain).to_ascii_lowercase();
    let Some((rest, top)) = domain.rsplit_once('.') else { return false };
    let holds = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()) && !rest.is_empty();
    let second = rest.rsplit('.').next().unwrap_or_default();
    let reserved = ["example", "test", "invalid", "localhost"].contains(&top)
        || (second == "example" && ["com", "net", "org"].contains(&top));
    holds && !rest.starts_with('.') && !reserved
}

/// `a•••@e•••.com`.
pub(super) fn hint(address: &[u8]) -> String {
    let text = crate::request::text(address);
    let Some((local, domain)) = text.split_once('@') else { return super::hint(address) };
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let top = domain.rsplit('.').next().unwrap_or_default();
    format!("{}•••@{}•••.{top}", first(local), first(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_and_what_looks_like_them_is_not() {
        let rows: [(&str, &[&str]); 9] = [
            ("a.b+c@mail.pollo.ai", &["a.b+c@mail.pollo.ai"]),
            ("Write to <ann@pollo.ai>, or bob@ppt.video.", &["ann@pollo.ai", "bob@ppt.video"]),
            ("a@b.co@c.de", &["a@b.co"]),
            ("user@example.com user@mail.test", &[]),
            ("@scope/package a@b 3@4.5", &[]),
            ("a@-b.c1", &[]),
            ("déjà@vu.fr", &[]),
            ("\u{e9}x@vu.fr", &["x@vu.fr"]),
            ("a@.de", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = find(text.as_bytes()).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(hint(b"ann@pollo.ai"), "a•••@p•••.ai");
    }
}
