//! A draft copied as a text and read back, and run by the programs it is written for.
#![expect(clippy::expect_used, reason = "a test ends where something is wrong")]

mod pasted;
mod programs;
mod recorder;
mod round_trip;
mod shells;
mod texts;

use countersign_core::draft::Draft;
use countersign_core::request::Headers;

/// A draft of text.
fn draft(method: &str, url: &str, headers: &[(&str, &str)], body: impl Into<bytes::Bytes>) -> Draft {
    let mut list = Headers::new();
    for (name, value) in headers {
        list.push((*name).to_owned(), (*value).to_owned());
    }
    Draft { method: method.to_owned(), url: url.to_owned(), headers: list, body: body.into() }
}
