//! A pasted HTTP request: `POST /x HTTP/1.1`, headers, a blank line, the body.

use super::{PasteFault, Pasted};
use crate::draft::leaving::{Parts, is_token};
use crate::request::{Header, Headers, text};
use bytes::Bytes;

/// Whether a text begins like an HTTP request.
pub(super) fn begins(text: &str) -> bool {
    RequestLine::read(text.lines().next().unwrap_or_default()).is_some()
}

/// The first line of a request.
pub(crate) struct RequestLine<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) version: &'a str,
}

impl<'a> RequestLine<'a> {
    /// `POST /x HTTP/1.1`, or `POST /x` with a method in capitals and a path or a URL.
    pub(crate) fn read(line: &'a str) -> Option<Self> {
        let (method, rest) = line.trim_end().split_once(' ')?;
        let rest = rest.trim_start();
        let (target, version) = match rest.rsplit_once(' ') {
            Some((target, version)) if version.starts_with("HTTP/") => (target.trim_end(), version),
            _ => (rest, ""),
        };
        let is_place = target.starts_with('/') || target.contains("://");
        let is_plain = method.bytes().all(|b| b.is_ascii_uppercase()) && is_place && !target.contains(' ');
        let holds = is_token(method.as_bytes()) && !target.is_empty() && (is_plain || !version.is_empty());
        holds.then_some(RequestLine { method, target, version })
    }
}

/// Reads a request that begins at a place in the text.
pub(super) fn read(text: &str, from: usize) -> Result<Pasted, PasteFault> {
    let first = text[from..].lines().next().unwrap_or_default();
    let Some(line) = RequestLine::read(first) else {
        return Err(PasteFault::at(text, from, "This is not a request line like “POST /path HTTP/1.1”."));
    };
    let mut notes = Vec::new();
    if !matches!(line.version, "" | "HTTP/1.1") {
        notes.push(format!("The request says {}. It is sent as HTTP/1.1.", line.version));
    }
    let after = text[from..].find('\n').map_or(text.len(), |end| from + end + 1);
    let (headers, body_at) = head(text, after)?;
    let url = url(text, from, &line, &headers, &mut notes)?;
    let body = body(&Bytes::copy_from_slice(&text.as_bytes()[body_at..]), &headers, &mut notes);
    let headers = match &url {
        Some(url) => left_to_the_sender(headers, url, body.len(), false),
        None => headers,
    };
    Ok(Pasted {
        method: line.method.to_owned(),
        url,
        headers,
        body,
        body_from_file: None,
        follow_redirects: false,
        insecure: false,
        notes,
    })
}

/// The headers, and where the body begins.
fn head(text: &str, from: usize) -> Result<(Headers, usize), PasteFault> {
    let mut headers = Headers::new();
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() {
            return Ok((headers, at));
        }
        if line.starts_with([' ', '\t']) {
            return Err(PasteFault::at(
                text,
                begin,
                "This line begins with a space, so it would go on the header before it. HTTP no longer allows that.",
            ));
        }
        let Some((name, value)) = line.split_once(':') else {
            let message = "This line is no header: there is no colon. A blank line goes before the body.";
            return Err(PasteFault::at(text, begin, message));
        };
        if !is_token(name.as_bytes()) {
            return Err(PasteFault::at(text, begin, "The name of this header holds characters that HTTP forbids."));
        }
        if let Some(bad) = value.find(|c: char| c != '\t' && c.is_ascii_control()) {
            let message = "The value of this header holds a character that HTTP forbids.";
            return Err(PasteFault::at(text, begin + name.len() + 1 + bad, message));
        }
        headers.push(name.to_owned(), value.trim_matches([' ', '\t']).to_owned());
    }
    Ok((headers, at))
}

/// The URL: the target itself, or the target at the `Host`.
fn url(
    whole: &str,
    from: usize,
    line: &RequestLine<'_>,
    headers: &Headers,
    notes: &mut Vec<String>,
) -> Result<Option<String>, PasteFault> {
    let target_at = from + line.method.len() + 1;
    let target = line.target;
    if !target.starts_with('/') {
        let read = Parts::read(target).map(|_| Some(target.to_owned()));
        return read.ok_or_else(|| {
            PasteFault::at(whole, target_at, "The target is neither a path that begins with “/” nor a URL.")
        });
    }
    let Some(host) = headers.first("host").map(|host| text(host)).filter(|host| !host.is_empty()) else {
        notes.push(format!(
            "There is no Host header, so the URL is not known. The path is {}.",
            crate::shorten(target, 200)
        ));
        return Ok(None);
    };
    let url = match host.strip_suffix(":443") {
        Some(host) => format!("https://{host}{target}"),
        None => format!("http://{host}{target}"),
    };
    // A host with a path or a user in it is no host.
    if host.contains(['/', '?', '#', '@']) || Parts::read(&url).is_none() {
        return Err(PasteFault::at(
            whole,
            from,
            format!("No URL can be made of the Host header “{}”.", crate::shorten(&host, 60)),
        ));
    }
    if host.ends_with(":443") {
        notes.push("The URL begins with https://, because the Host header says port 443.".to_owned());
    } else {
        notes.push("The request does not say whether it was sent over TLS. The URL begins with http://.".to_owned());
    }
    Ok(Some(url))
}

/// The body, without the line ends that a copy from an editor adds.
pub(crate) fn body(pasted: &Bytes, headers: &Headers, notes: &mut Vec<String>) -> Bytes {
    let whole = pasted.clone();
    if headers.all("transfer-encoding").any(|value| value.to_ascii_lowercase().ends_with(b"chunked")) {
        let found = unchunked(&whole);
        notes.push(match found {
            Some(_) => "The body was in chunks. It was put together.".to_owned(),
            None => {
                "The request says that its body is in chunks, but it is not. The body was taken as it is.".to_owned()
            }
        });
        return found.unwrap_or(whole);
    }
    let length = headers.first("content-length").and_then(|value| text(value).trim().parse::<usize>().ok());
    match length {
        Some(length) if length < whole.len() && whole[length..].iter().all(|b| matches!(b, b'\r' | b'\n')) => {
            notes.push("The line ends after the body were left out, as its Content-Length says.".to_owned());
            whole.slice(..length)
        }
        Some(length) if length != whole.len() => {
            notes.push(format!(
                "The Content-Length says {length} bytes and the body has {}. The body was taken as it is.",
                whole.len()
            ));
            whole
        }
        _ => whole,
    }
}

/// A body out of its chunks; nothing where it is not in chunks. Line ends may have lost their carriage returns.
fn unchunked(body: &[u8]) -> Option<Bytes> {
    let mut out = Vec::new();
    let mut rest = body;
    loop {
        let end = rest.iter().position(|b| *b == b'\n')?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out.into());
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n")?;
    }
}

/// The headers without those that the sender adds in the same place with the same value: a first `Host` that the URL says,
/// and a last `Content-Length`. So a change of the URL or of the body changes them too.
pub(super) fn left_to_the_sender(headers: Headers, url: &str, body_len: usize, body_in_file: bool) -> Headers {
    let authority = Parts::read(url).map(|parts| parts.authority).unwrap_or_default();
    let (hosts, last) = (headers.all("host").count(), headers.len().saturating_sub(1));
    let lengths = headers.all("content-length").count();
    let adds = |at: usize, header: &Header| {
        let host = at == 0 && hosts == 1 && &header.name[..] == b"Host" && header.value == authority;
        let right = header.value == body_len.to_string() && body_len > 0 || body_in_file;
        let length = at == last && lengths == 1 && &header.name[..] == b"Content-Length" && right;
        host || length
    };
    headers.iter().enumerate().filter(|(at, header)| !adds(*at, header)).map(|(_, header)| header.clone()).collect()
}
