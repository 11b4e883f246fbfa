//! The fields of a `multipart/form-data` body (RFC 7578).

use memchr::memmem;
use std::ops::Range;

/// What stands between the parts, by the value of `Content-Type`; none where the body is no form.
pub(super) fn boundary(media: &str) -> Option<String> {
    let lower = media.to_ascii_lowercase();
    if !lower.starts_with("multipart/") {
        return None;
    }
    let at = lower.find("boundary=")? + "boundary=".len();
    let value = media[at..].split(';').next()?.trim().trim_matches('"');
    (!value.is_empty()).then(|| format!("--{value}"))
}

/// The names of the fields, and where their values stand.
pub(super) fn values(body: &[u8], boundary: &str) -> Vec<(String, Range<usize>)> {
    let begins: Vec<usize> = memmem::find_iter(body, boundary.as_bytes()).collect();
    let parts = begins.windows(2).map(|two| two[0] + boundary.len()..two[1]);
    parts.filter_map(|part| value(body, part)).collect()
}

fn value(body: &[u8], part: Range<usize>) -> Option<(String, Range<usize>)> {
    let bytes = &body[part.clone()];
    let (head, len) = match memmem::find(bytes, b"\r\n\r\n") {
        Some(at) => (at, 4),
        None => (memmem::find(bytes, b"\n\n")?, 2),
    };
    let name = name(&crate::request::text(&bytes[..head]))?;
    let value = &bytes[head + len..];
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    let value = value.strip_suffix(b"\r").unwrap_or(value);
    let begin = part.start + head + len;
    (!value.is_empty()).then(|| (name, begin..begin + value.len()))
}

/// `token` of `Content-Disposition: form-data; name="token"; filename="x"`.
fn name(head: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let piece = line.split(';').map(str::trim).find(|piece| piece.to_ascii_lowercase().starts_with("name="))?;
    Some(piece["name=".len()..].trim_matches('"').to_owned())
}
