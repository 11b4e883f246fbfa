//! The curl script that Countersign itself exports, see `export/curl.rs`: its one variable `$to` and its bodies out of
//! `printf` are read; nothing is run.

use super::PasteFault;
use super::words::{self, Word};

/// What stands before each of its commands, in a line of its own.
const COMMENT: &str = "# countersign:";
/// How the line begins that says where to.
const TO: &str = "[ -n \"$to\" ] || to=";

/// A delivery of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) target: Vec<u8>,
    /// Without those that only take out one of curl's own.
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// One command with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// The line of its comment, from 1.
    pub(crate) line: usize,
    /// Its name in the script, where it has one.
    pub(crate) name: Option<&'a str>,
    /// The comment `# countersign: {…}`.
    pub(crate) comment: &'a str,
    pub(crate) sent: Result<Sent, PasteFault>,
}

/// Whether a text is such a script.
pub(crate) fn is_one(text: &str) -> bool {
    place(text).is_some()
}

/// Where the line begins that says where to.
fn place(text: &str) -> Option<usize> {
    text.find(&format!("\n{TO}")).map(|at| at + 1)
}

/// The commands of a script of Countersign; nothing where the text is none. After so many faults the rest is not looked at.
pub(crate) fn entries(text: &str, faults: usize) -> Option<Vec<Entry<'_>>> {
    let to_at = place(text)?;
    let to = words::split(text, to_at + TO.len()).ok()?.words.first()?.bytes.clone();
    let to = String::from_utf8(to).ok()?;
    let to = to.strip_suffix('/').unwrap_or(&to);
    let mut out = Vec::new();
    let (mut at, mut line, mut name, mut wrong) = (0, 1, None, 0);
    while let Some(current) = text[at..].split_inclusive('\n').next() {
        let next = at + current.len();
        if current.starts_with(COMMENT) {
            let (sent, end) = match sent(text, next, to) {
                Ok((sent, end)) => (Ok(sent), end),
                Err(fault) => (Err(fault), next),
            };
            let comment = current.trim_end();
            out.push(Entry { line, name, comment, sent });
            wrong += usize::from(out.last().is_some_and(|entry| entry.sent.is_err()));
            if wrong == faults {
                break;
            }
            line += text[at..end].matches('\n').count();
            (at, name) = (end, None);
            continue;
        }
        name = current.strip_prefix("# ").map(str::trim_end);
        (at, line) = (next, line + 1);
    }
    (!out.is_empty()).then_some(out)
}

/// Reads one command, with the commands that print its body, and answers where it ends.
fn sent(text: &str, mut at: usize, to: &str) -> Result<(Sent, usize), PasteFault> {
    let mut body = Vec::new();
    let begins = |at: usize, what: &str| text[at..].starts_with(what);
    let mut curl = "curl ";
    if begins(at, "{") {
        at = line_end(text, at);
        while begins(at, "printf ") {
            let command = words::split(text, at + "printf ".len())?;
            match command.words.as_slice() {
                [format, text] if format.bytes == b"%s" => body.extend_from_slice(&text.bytes),
                [format] => body.extend(words::printed(&format.bytes)),
                _ => return Err(PasteFault::at(text, at, "This prints no body as Countersign's scripts do.")),
            }
            at = line_end(text, command.end);
        }
        curl = "} | curl ";
    }
    if !begins(at, curl) {
        let message = "Here should be the curl command of the delivery above. Export the script again.";
        return Err(PasteFault::at(text, at, message));
    }
    let command = words::split_with(text, at + curl.len(), Some(to))?;
    let sent = of_words(text, at, command.words, to, body)?;
    Ok((sent, line_end(text, command.end)))
}

/// Where the next line begins.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

fn of_words(text: &str, at: usize, words: Vec<Word>, to: &str, stdin: Vec<u8>) -> Result<Sent, PasteFault> {
    let fault = |at: usize, message: String| PasteFault::at(text, at, message);
    let (mut method, mut target, mut url) = (None, None, None);
    let (mut headers, mut body) = (Vec::new(), Vec::new());
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let option = String::from_utf8_lossy(&word.bytes).into_owned();
        let mut value = || words.next().ok_or_else(|| fault(word.at, format!("“{option}” needs a value here.")));
        match option.as_str() {
            "-q" | "-sS" | "-g" | "--path-as-is" | "--http1.0" | "--http1.1" => {}
            "-o" | "-w" => drop(value()?),
            "--head" => method = Some("HEAD".to_owned()),
            "-X" => method = Some(String::from_utf8_lossy(&value()?.bytes).into_owned()),
            "--request-target" => target = Some(value()?.bytes),
            "--data-binary" => {
                let value = value()?.bytes;
                body = if value == b"@-" { stdin.clone() } else { value };
            }
            "-H" => headers.extend(header(&value()?.bytes)),
            option if option.starts_with('-') => {
                let option = crate::shorten(option, 60);
                return Err(fault(
                    word.at,
                    format!("“{option}” is no option of Countersign's scripts, and is not read here. Take it out."),
                ));
            }
            _ => url = Some(word.bytes),
        }
    }
    let Some(url) = url else { return Err(fault(at, "The command has no URL.".to_owned())) };
    let Some(place) = url.strip_prefix(to.as_bytes()) else {
        return Err(fault(
            at,
            "The URL of this command does not begin with \"$to\", as in Countersign's scripts.".to_owned(),
        ));
    };
    let method = method.unwrap_or_else(|| if body.is_empty() { "GET" } else { "POST" }.to_owned());
    Ok(Sent { method, target: target.unwrap_or_else(|| place.to_vec()), headers, body })
}

/// `Name: value`, `Name;` for one without a value; `Name:` takes one of curl's own out.
fn header(given: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let Some(colon) = given.iter().position(|b| *b == b':') else {
        return given.strip_suffix(b";").map(|name| (name.to_vec(), Vec::new()));
    };
    let value = &given[colon + 1..];
    let value = value.strip_prefix(b" ").unwrap_or(value);
    (!value.is_empty()).then(|| (given[..colon].to_vec(), value.to_vec()))
}
