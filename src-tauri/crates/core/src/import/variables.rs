//! `{{name}}` in `.http` files and Postman collections, as far as the file itself says what it stands for.

use std::cell::Cell;
use std::collections::HashMap;

/// Variables may stand for other variables, so deep.
const DEPTH: usize = 10;
/// What all variables of a file together may be filled with, in bytes and in times: few bytes of a file could ask for very
/// much.
const FILLED: usize = 64 * 1024 * 1024;
const TIMES: usize = 1_000_000;

/// The variables of a file.
#[derive(Debug, Clone)]
pub(super) struct Variables {
    named: HashMap<String, String>,
    bytes_left: Cell<usize>,
    times_left: Cell<usize>,
}

impl Default for Variables {
    fn default() -> Self {
        Variables { named: HashMap::new(), bytes_left: Cell::new(FILLED), times_left: Cell::new(TIMES) }
    }
}

/// Why a text cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unfilled {
    /// The file does not say what this one stands for.
    Unknown(String),
    /// It is another one at every sending.
    Fresh(String),
    /// They stand for one another without an end, or for very much.
    TooMuch,
}

impl Unfilled {
    pub(super) fn words(&self) -> String {
        match self {
            Unfilled::Unknown(name) => {
                format!("The file does not say what “{{{{{name}}}}}” stands for. Put its value there.")
            }
            Unfilled::Fresh(name) => format!(
                "“{{{{{name}}}}}” is made anew at every sending, so the request has no fixed bytes. Put a value there."
            ),
            Unfilled::TooMuch => {
                "The variables of this file stand for one another without an end, or for more than 64 MB.".to_owned()
            }
        }
    }
}

impl Variables {
    pub(super) fn set(&mut self, name: &str, value: String) {
        self.named.insert(name.to_owned(), value);
    }

    /// The text with its variables filled.
    pub(super) fn fill(&self, text: &str) -> Result<String, Unfilled> {
        self.fill_in(text, 0, &mut |name| Err(Unfilled::Unknown(name.to_owned())))
    }

    /// The same, where what is not known stays as it stands, as the clients of these files send it.
    pub(super) fn fill_known(&self, text: &str, notes: &mut Vec<String>) -> Result<String, Unfilled> {
        self.fill_in(text, 0, &mut |name| {
            let note = format!("“{{{{{name}}}}}” was left as it stands: the file does not say what it stands for.");
            if !notes.contains(&note) && notes.len() < 20 {
                notes.push(note);
            }
            Ok(())
        })
    }

    fn fill_in(
        &self,
        text: &str,
        depth: usize,
        unknown: &mut dyn FnMut(&str) -> Result<(), Unfilled>,
    ) -> Result<String, Unfilled> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(begin) = rest.find("{{") {
            // A name is a word; JSON may hold `{{` too.
            let Some((name, len)) = name(&rest[begin + 2..]) else {
                out.push_str(&rest[..begin + 2]);
                rest = &rest[begin + 2..];
                continue;
            };
            out.push_str(&rest[..begin]);
            let whole = &rest[begin..begin + 2 + len];
            match self.named.get(name) {
                Some(value) if depth < DEPTH && self.may_fill(value.len()) => {
                    out.push_str(&self.fill_in(value, depth + 1, unknown)?);
                }
                Some(_) => return Err(Unfilled::TooMuch),
                None if name.starts_with('$') => return Err(Unfilled::Fresh(name.to_owned())),
                None => {
                    unknown(name)?;
                    out.push_str(whole);
                }
            }
            rest = &rest[begin + whole.len()..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn may_fill(&self, len: usize) -> bool {
        let (bytes, times) = (self.bytes_left.get().checked_sub(len), self.times_left.get().checked_sub(1));
        let (Some(bytes), Some(times)) = (bytes, times) else { return false };
        self.bytes_left.set(bytes);
        self.times_left.set(times);
        true
    }

    /// A URL with its variables filled. One that stands for its origin and is not known is left out: of a URL only path and
    /// query reach a listener. Answers the URL, and the variable's name then.
    pub(super) fn fill_url(&self, url: &str) -> Result<(String, Option<String>), Unfilled> {
        match self.fill(url) {
            Err(Unfilled::Unknown(name)) => {
                let after = url.trim_start().strip_prefix("{{").and_then(|rest| rest.split_once("}}"));
                let at_origin = |rest: &&str| rest.is_empty() || rest.starts_with(['/', '?']);
                let Some(rest) =
                    after.filter(|(first, _)| first.trim() == name).map(|(_, rest)| rest).filter(at_origin)
                else {
                    return self.unknown_host(url, name);
                };
                self.fill(rest).map(|path| (format!("http://unknown{path}"), Some(name)))
            }
            other => other.map(|url| (url, None)),
        }
    }

    /// `https://{{host}}/path`.
    fn unknown_host(&self, url: &str, name: String) -> Result<(String, Option<String>), Unfilled> {
        let Some((_, rest)) = url.split_once("://") else { return Err(Unfilled::Unknown(name)) };
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        if !rest[..at].contains("{{") {
            return Err(Unfilled::Unknown(name));
        }
        self.fill(&rest[at..]).map(|path| (format!("http://unknown{path}"), Some(name)))
    }
}

/// The name before `}}`, and how long both are.
fn name(text: &str) -> Option<(&str, usize)> {
    /// No name is longer, in bytes.
    const NAME: usize = 200;
    let within = text.char_indices().take_while(|(at, c)| *at < NAME && (c.is_alphanumeric() || "$_-. ".contains(*c)));
    let end = within.last().map(|(at, c)| at + c.len_utf8())?;
    let name = text[..end].trim();
    let begins = name.chars().next().is_some_and(|c| c.is_alphabetic() || "$_".contains(c));
    (begins && text[end..].starts_with("}}")).then_some((name, end + 2))
}

/// What is said where a URL's origin is not known.
pub(super) fn unknown_origin(name: &str) -> String {
    format!("The file does not say what “{{{{{name}}}}}” stands for; it is in the host alone, which was left out.")
}
