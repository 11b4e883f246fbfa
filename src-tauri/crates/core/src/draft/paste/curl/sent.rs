//! What curl sends for what was said: its order of headers, its methods, its body.
//!
//! As curl 7.88 was seen to do: `Host`, `Authorization`, `User-Agent`, `Referer`, `Cookie`, then the headers of `-H` in
//! order, then those of `--json`, then the `Content-Type` of a form. A header of `-H`, with a value or without, takes the
//! place of one of curl's own.

use super::super::http::left_to_the_sender;
use super::super::{PasteFault, Pasted, place};
use super::{Data, Said};
use crate::draft::leaving::is_token;
use crate::request::Headers;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// Makes the request of what was said; `from` is where the arguments begin.
pub(super) fn sent(mut said: Said<'_>, from: usize) -> Result<Pasted, PasteFault> {
    let has_data = !said.data.is_empty();
    let (mut body, body_from_file) = body(&mut said)?;
    if said.get && has_data {
        if body_from_file.is_some() {
            return Err(said.fault(from, "The command adds a file to the URL. Put the content itself into the URL."));
        }
        said.url_options.query = Some(std::mem::take(&mut body).into());
    }
    let Some(url) = &said.url else { return Err(said.fault(from, "The command has no URL.")) };
    let url = place::url(said.text, url, &said.url_options)?;
    let method = match &said.method {
        Some(method) if is_token(method.as_bytes()) => method.clone(),
        Some(_) => return Err(said.fault(from, "The method is not one that HTTP allows.")),
        None if said.head => "HEAD".to_owned(),
        None if has_data && !said.get => "POST".to_owned(),
        None => "GET".to_owned(),
    };
    let has_body = has_data && !said.get;
    if said.head && has_body {
        return Err(said.fault(from, "curl does not send a body with --head. Take one of them out."));
    }
    let headers = headers(&mut said, has_body)?;
    let headers = left_to_the_sender(headers, &url, body.len(), body_from_file.is_some());
    let mut notes = std::mem::take(&mut said.notes);
    if !said.idle.is_empty() {
        notes.push(format!("Left out, because they change nothing of the request: {}.", said.idle.join(", ")));
    }
    if !said.connection.is_empty() {
        let names = said.connection.join(", ");
        notes.push(format!(
            "Left out, because they belong to curl's connection: {names}. The endpoint is reached directly."
        ));
    }
    Ok(Pasted {
        method,
        url: Some(url),
        headers,
        body,
        body_from_file,
        follow_redirects: said.follow_redirects,
        insecure: said.insecure,
        notes,
    })
}

/// The body, or the file that it is in.
fn body(said: &mut Said<'_>) -> Result<(Bytes, Option<String>), PasteFault> {
    let data = std::mem::take(&mut said.data);
    let several = data.len() > 1;
    let mut out: Option<Vec<u8>> = None;
    for part in data {
        match part {
            Data::File { at, name, .. } if several => {
                let message = format!("The body is put together with the file “{name}”. Put its content here.");
                return Err(said.fault(at, &message));
            }
            Data::File { name, stripped, .. } => {
                if stripped {
                    said.notes.push(format!(
                        "curl would take the line ends out of the file “{name}”. Here it is sent as it is."
                    ));
                }
                return Ok((Bytes::new(), Some(name)));
            }
            Data::Bytes(bytes) => match &mut out {
                None => out = Some(bytes.into()),
                Some(before) => {
                    before.push(b'&');
                    before.extend_from_slice(&bytes);
                }
            },
        }
    }
    Ok((out.unwrap_or_default().into(), None))
}

/// A header of `-H`.
struct Given {
    name: String,
    /// Nothing where it only takes out one of curl's own.
    value: Option<Bytes>,
}

fn headers(said: &mut Said<'_>, has_body: bool) -> Result<Headers, PasteFault> {
    let given = given(said)?;
    let is_given = |name: &str| given.iter().any(|header| header.name.eq_ignore_ascii_case(name));
    let mut out = Headers::new();
    let hosts = || given.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    // A `Host` comes first, unless curl's own was taken out before.
    let host_first = hosts().next().is_some_and(|first| first.value.is_some());
    if host_first {
        out.push("Host", hosts().find_map(|header| header.value.clone()).unwrap_or_default());
    }
    let authorization = match (&said.bearer, &said.user) {
        (Some(token), _) => Some([b"Bearer ", &token[..]].concat()),
        (None, Some(user)) => {
            let mut user = user.clone();
            if !user.contains(&b':') {
                said.notes.push(
                    "The command gives a user without a password, which curl would ask for. An empty one was taken."
                        .to_owned(),
                );
                user.push(b':');
            }
            Some(format!("Basic {}", STANDARD.encode(user)).into_bytes())
        }
        (None, None) => None,
    };
    let cookies: Vec<_> = said.cookies.iter().filter(|cookie| !cookie.is_empty()).map(Vec::as_slice).collect();
    let referer = said.referer.as_ref().map(|text| text.strip_suffix(b";auto").unwrap_or(text).to_vec());
    let own = [
        ("Authorization", authorization),
        ("User-Agent", said.agent.clone()),
        ("Referer", referer),
        ("Cookie", Some(cookies.join(&b';'))),
    ];
    for (name, value) in own {
        if let Some(value) = value.filter(|value| !value.is_empty() && !is_given(name)) {
            out.push(name, value);
        }
    }
    for header in &given {
        if let Some(value) = header.value.clone().filter(|_| !(host_first && header.name.eq_ignore_ascii_case("host")))
        {
            out.push(header.name.clone(), value);
        }
    }
    if said.json {
        for name in ["Content-Type", "Accept"].into_iter().filter(|name| !is_given(name)) {
            out.push(name, "application/json");
        }
    } else if has_body && !is_given("content-type") {
        out.push("Content-Type", "application/x-www-form-urlencoded");
    }
    Ok(out)
}

/// The headers of `-H`: `Name: value`, `Name;` for one without a value, `Name:` to take one out.
fn given(said: &Said<'_>) -> Result<Vec<Given>, PasteFault> {
    let read = |word: &super::Word| {
        let bytes = &word.bytes[..];
        let colon = bytes.iter().position(|b| *b == b':');
        let (name, value) = match (colon, bytes.trim_ascii_end().strip_suffix(b";")) {
            (Some(at), _) => (&bytes[..at], Some(bytes[at + 1..].trim_ascii()).filter(|value| !value.is_empty())),
            (None, Some(name)) => (name, Some(&b""[..])),
            (None, None) => {
                return Err(said.fault(word.at, "This header has no colon: it should be like “Name: value”."));
            }
        };
        if !is_token(name) {
            return Err(said.fault(word.at, "The name of this header holds characters that HTTP forbids."));
        }
        if value.is_some_and(|value| value.iter().any(|&b| b != b'\t' && (b < b' ' || b == 0x7f))) {
            return Err(
                said.fault(word.at, "The value of this header holds characters that HTTP forbids, such as a line end.")
            );
        }
        let name = String::from_utf8_lossy(name).into_owned();
        Ok(Given { name, value: value.map(Bytes::copy_from_slice) })
    };
    said.headers.iter().map(read).collect()
}
