//! Bodies that are compressed: they are looked into, up to a limit.

use crate::request::{Headers, text};
use flate2::Compression;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::{Read, Write as _};

/// The most that is inflated of a body, in bytes. A small body can claim gigabytes.
pub(super) const LIMIT: u64 = if cfg!(test) { 64 * 1024 } else { 16 * 1024 * 1024 };

/// How a body is compressed: the codings in the order in which they were applied, in lower case. Empty where it is not.
pub(super) fn codings(headers: &Headers) -> Vec<String> {
    let named = headers.iter().filter(|field| field.name.eq_ignore_ascii_case(b"content-encoding"));
    let all = named.map(|field| text(&field.value).to_ascii_lowercase()).collect::<Vec<_>>().join(",");
    let codings = all.split(',').map(str::trim).filter(|coding| !coding.is_empty() && *coding != "identity");
    codings.map(str::to_owned).collect()
}

/// What was inflated.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inflated {
    pub(super) bytes: Vec<u8>,
    /// It is all there: not over the limit, not damaged, not cut.
    pub(super) whole: bool,
}

/// Undoes the codings; none where one of them is not known.
pub(super) fn inflate(body: &[u8], codings: &[String], limit: u64) -> Option<Inflated> {
    let mut inflated = Inflated { bytes: body.to_vec(), whole: true };
    for coding in codings.iter().rev() {
        let next = one(&inflated.bytes, coding, limit)?;
        inflated = Inflated { whole: inflated.whole && next.whole, ..next };
    }
    Some(inflated)
}

fn one(body: &[u8], coding: &str, limit: u64) -> Option<Inflated> {
    Some(match coding {
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(body), limit),
        "deflate" => {
            // It is meant to be zlib's format; some send bare deflate.
            let zlib = read(ZlibDecoder::new(body), limit);
            if zlib.whole || !zlib.bytes.is_empty() { zlib } else { read(DeflateDecoder::new(body), limit) }
        }
        "br" => read(brotli_decompressor::Decompressor::new(body, 4096), limit),
        _ => return None,
    })
}

fn read(from: impl Read, limit: u64) -> Inflated {
    let mut bytes = Vec::new();
    // What was read before an error stays.
    let ended = from.take(limit + 1).read_to_end(&mut bytes).is_ok();
    let whole = ended && bytes.len() as u64 <= limit;
    Inflated { bytes, whole }
}

/// Compresses a body as it was; none where that is not known here.
pub(super) fn deflate(body: &[u8], codings: &[String]) -> Option<Vec<u8>> {
    let [coding] = codings else { return None };
    match coding.as_str() {
        "gzip" | "x-gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body).ok()?;
            encoder.finish().ok()
        }
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body).ok()?;
            encoder.finish().ok()
        }
        _ => None,
    }
}
