//! A pasted text as a request: a `curl` command, an HTTP message, or JSON.
//!
//! Invariants: what is not understood is a fault that names the place, never a guess. Nothing is run, expanded or read from
//! a file. A body is taken byte for byte.
//!
//! A `curl` command becomes what curl would send, but for what curl says of itself: its `User-Agent`, `Accept: */*` and
//! `Accept-Encoding`.

mod cmd;
mod curl;
mod http;
mod options;
mod place;
pub(crate) mod script;
mod words;

use crate::request::Headers;
use bytes::Bytes;

/// What a pasted text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// The method.
    pub method: String,
    /// Where to; nothing where the text does not say it.
    pub url: Option<String>,
    /// The headers, in order. `Host` and `Content-Length` are missing where the sender adds the same.
    pub headers: Headers,
    /// The body; empty where it is in a file.
    pub body: Bytes,
    /// The file that the text names as its body, as the text spells it.
    pub body_from_file: Option<String>,
    /// The command would follow redirects.
    pub follow_redirects: bool,
    /// The command would accept any certificate.
    pub insecure: bool,
    /// What was left out or changed, a sentence or two each.
    pub notes: Vec<String>,
}

/// Why a pasted text could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PasteFault {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// One or two sentences.
    pub message: String,
}

impl PasteFault {
    /// A fault at a place, in bytes from the text's beginning.
    fn at(text: &str, at: usize, message: impl Into<String>) -> Self {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        PasteFault {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
        }
    }
}

/// Reads a pasted text.
///
/// # Errors
/// The first thing that is not understood.
pub fn read(text: &str) -> Result<Pasted, PasteFault> {
    // A byte order mark is what some programs put before a text, and no part of it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.len() - text.trim_start().len();
    let begin = &text[start..];
    if begin.is_empty() {
        return Err(PasteFault::at(text, 0, "There is nothing to read."));
    }
    if let Some(after) = curl::begins(begin) {
        return curl::read(text, start + after);
    }
    if http::begins(begin) {
        return http::read(text, start);
    }
    let json = serde_json::from_str::<serde::de::IgnoredAny>(text);
    match json {
        Ok(_) => Ok(json_body(text)),
        Err(error) if begin.starts_with(['{', '[']) => {
            let line_start =
                text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            let at = line_start + error.column().saturating_sub(1);
            let message = error.to_string();
            let cause = message.split(" at line ").next().unwrap_or_default();
            Err(PasteFault::at(text, at, format!("This begins like JSON, but it is not: {cause}.")))
        }
        Err(_) => {
            let message =
                "This is neither a curl command, nor an HTTP request that begins like “POST /path HTTP/1.1”, nor JSON.";
            Err(PasteFault::at(text, start, message))
        }
    }
}

/// What other readers of HTTP messages share with this one.
pub(crate) mod message {
    pub(crate) use super::http::{RequestLine, body};
}

/// Whether a line of a text begins a `curl` command.
pub(crate) fn has_command(text: &str) -> bool {
    text.lines().any(|line| curl::begins(line.trim_start()).is_some())
}

/// A `curl` command of a text with several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The line that it begins on, from 1.
    pub line: usize,
    /// What it asks for, or the first thing in it that is not understood.
    pub asks: Result<Pasted, PasteFault>,
}

/// Reads every `curl` command that begins a line of a text; what stands between them is passed over. It ends after
/// `faults` commands that are not understood: each may have been read to the end of the text.
#[must_use]
pub fn commands(text: &str, mut faults: usize) -> Vec<Command> {
    let mut out = Vec::new();
    let (mut at, mut done) = (0, 0);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let begin = at;
        at += line.len();
        let indent = line.len() - line.trim_start().len();
        let Some(after) = curl::begins(&line[indent..]).filter(|_| begin >= done) else { continue };
        let asks = match curl::read_one(text, begin + indent + after, false) {
            Ok((pasted, end)) => {
                done = end;
                Ok(pasted)
            }
            Err(fault) => {
                faults = faults.saturating_sub(1);
                Err(fault)
            }
        };
        let failed = asks.is_err();
        out.push(Command { line: index + 1, asks });
        if failed && faults == 0 {
            break;
        }
    }
    out
}

fn json_body(text: &str) -> Pasted {
    let mut headers = Headers::new();
    headers.push("Content-Type", "application/json");
    Pasted {
        method: "POST".to_owned(),
        url: None,
        headers,
        body: Bytes::copy_from_slice(text.as_bytes()),
        body_from_file: None,
        follow_redirects: false,
        insecure: false,
        notes: vec!["The text is JSON: it became the body.".to_owned()],
    }
}

/// A command line as the words of a program's arguments, with the quotes of a POSIX shell. No shell reads it.
///
/// # Errors
/// Where a quote is not closed, a word is something that a shell would have to look up, or more than one command stands there.
pub fn arguments(command: &str) -> Result<Vec<String>, String> {
    let read = words::split(command, 0).map_err(|fault| fault.message)?;
    if let Some(ended_by) = read.ended_by {
        return Err(format!("“{ended_by}” is for a shell, and no shell reads this: write one program and its words."));
    }
    Ok(read.words.into_iter().map(|word| String::from_utf8_lossy(&word.bytes).into_owned()).collect())
}
