//! A JSON body alone: what stands in many repositories' folders of sample payloads.

use super::text::json_fault;
use super::{Imported, Item, item};
use crate::ids::ProviderId;
use crate::request::{Headers, HttpVersion, Request};
use bytes::Bytes;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The body becomes a `POST` to the provider's path, where one was chosen, byte for byte.
pub(super) fn read(bytes: &Bytes, provider: Option<&ProviderId>) -> Vec<Item> {
    let json = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(json) {
        return vec![Err(json_fault(1, 1, &error, "This is not JSON"))];
    }
    let target = provider.map_or_else(|| "/".to_owned(), |id| format!("/{id}"));
    let request = Request {
        method: "POST".to_owned(),
        target: Bytes::from(target),
        version: HttpVersion::Http11,
        headers: Headers::new(),
        body: bytes.clone(),
        cut_from: None,
    };
    vec![item(Imported {
        item: 1,
        line: Some(1),
        title: super::title_of(&request),
        request,
        raw_head: None,
        received_at_us: None,
        notes: vec![
            "A bare payload has no headers: as imported it is unsigned, and no signature can be verified.".to_owned(),
        ],
    })]
}
