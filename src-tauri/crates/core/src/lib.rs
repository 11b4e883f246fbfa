//! What a webhook is: requests, provider rules, signing, verdicts, diagnosis.
//!
//! Pure: no IO, no clock, no threads. `now` is an argument. Bytes stay bytes until [`request::text`].

pub mod catalogue;
pub mod check;
pub mod client;
pub mod clock;
pub mod compare;
pub mod compose;
pub mod decode;
pub mod diagnosis;
pub mod draft;
pub mod export;
pub mod filter;
pub mod fixture;
pub mod handshake;
pub mod ids;
pub mod import;
pub mod json;
pub mod json_text;
pub mod judge;
pub mod redact;
pub mod request;
pub mod resign;
pub mod response;
pub mod retry;
pub mod route;
pub mod rule;
pub mod secret;
pub mod shape;
pub mod signing;
pub mod snippets;
pub mod template;
pub mod tunnel;
pub mod verdict;

/// A text cut to at most `most` characters, with `…` where something was cut.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
