//! `.http` files as VS Code's REST Client and the JetBrains IDEs read them: requests between `###`, `@name = value`,
//! comments, a query that goes on in the next lines.
//!
//! Deliberately absent: scripts (passed over, with a note), bodies in files (refused with their line), environments,
//! values that are made at sending, GraphQL, gRPC and WebSockets.

use super::bodies::Bodies;
use super::carried::{self, Carried};
use super::variables::{Unfilled, Variables, unknown_origin};
use super::{Fault, Imported, Item, item, note_length, place, version_of};
use crate::draft::leaving::is_token;
use crate::draft::paste::message::RequestLine;
use crate::request::{Headers, Request};
use bytes::Bytes;

/// A line with its number.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    number: usize,
    /// Without its end.
    text: &'a str,
    /// With it.
    whole: &'a str,
}

/// The lines between two `###`.
#[derive(Default)]
struct Block<'a> {
    name: &'a str,
    lines: Vec<Line<'a>>,
    /// Its request line was passed.
    begun: bool,
}

/// Whether a text without a known ending is such a file.
pub(super) fn begins(text: &str) -> bool {
    let first = text.lines().find(|line| !is_comment(line) && !line.trim().is_empty() && variable(line).is_none());
    first.is_some_and(|line| request_line(line.trim()).is_some())
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}

/// `@name = value`.
fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_start().strip_prefix('@')?.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    is_name.then(|| (name, value.trim()))
}

pub(super) fn read(text: &str, mut bodies: Bodies<'_>) -> Vec<Item> {
    let mut blocks = vec![Block::default()];
    let mut variables = Variables::default();
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = Line { number: index + 1, text: whole.trim_end_matches(['\n', '\r']), whole };
        if line.text.starts_with("###") {
            blocks.push(Block { name: line.text.trim_matches(['#', ' ', '\t']), ..Block::default() });
            continue;
        }
        if let Some(block) = blocks.last_mut() {
            // They hold for the whole file, wherever they stand before a request.
            if !block.begun
                && let Some((name, value)) = variable(line.text)
            {
                variables.set(name, value.to_owned());
                continue;
            }
            block.begun |= is_content(&line);
            block.lines.push(line);
        }
    }
    let requests = blocks.into_iter().filter(|block| block.begun).enumerate();
    let items: Vec<Item> =
        super::bounded(requests.map(|(index, block)| one(index + 1, &block, &variables, &mut bodies)));
    if items.is_empty() {
        return vec![Err(Fault { item: 0, line: None, reason: "There is no request in this file.".to_owned() })];
    }
    items
}

fn is_content(line: &Line<'_>) -> bool {
    !line.text.trim().is_empty() && !is_comment(line.text)
}

/// Method, URL and version; a line that is only a URL is a `GET`.
fn request_line(line: &str) -> Option<(&str, &str, &str)> {
    if let Some(read) = RequestLine::read(line) {
        return Some((read.method, read.target, read.version));
    }
    let (rest, version) = match line.rsplit_once(' ') {
        Some((rest, version)) if version.starts_with("HTTP/") => (rest.trim_end(), version),
        _ => (line, ""),
    };
    let is_url = |text: &str| text.contains("://") || text.starts_with("{{") || text.starts_with('/');
    match rest.split_once(char::is_whitespace) {
        Some((method, url)) if is_token(method.as_bytes()) && method.bytes().all(|b| b.is_ascii_uppercase()) => {
            is_url(url.trim()).then(|| (method, url.trim(), version))
        }
        _ => is_url(rest).then_some(("GET", rest, version)),
    }
}

fn one(number: usize, block: &Block<'_>, variables: &Variables, bodies: &mut Bodies<'_>) -> Item {
    let mut notes = Vec::new();
    let lines = without_scripts(&block.lines, &mut notes);
    let mut at = lines.iter().position(is_content).unwrap_or_default();
    let Some(first) = lines.get(at).copied() else {
        let line = block.lines.first().map(|line| line.number);
        return Err(Fault { item: number, line, reason: "There is no request between these lines.".to_owned() });
    };
    let fault = |line: Line<'_>, reason: String| Fault { item: number, line: Some(line.number), reason };
    let unfilled = |line: Line<'_>, why: &Unfilled| fault(line, why.words());
    let mut whole_line = first.text.trim().to_owned();
    at += 1;
    // A query goes on in lines that begin with white space.
    while let Some(line) = lines.get(at).filter(|line| line.text.starts_with([' ', '\t']) && is_content(line)) {
        whole_line.push_str(line.text.trim());
        at += 1;
    }
    let Some((method, url, version)) = request_line(&whole_line) else {
        let method = whole_line.split_whitespace().next().unwrap_or_default();
        let reason = match method {
            "GRAPHQL" | "GRPC" | "WEBSOCKET" => format!("{method} is not HTTP as a listener receives it."),
            _ => "This is not a request line like “POST https://example.com/path”.".to_owned(),
        };
        return Err(fault(first, reason));
    };
    let carried =
        block.lines.iter().take_while(|line| !is_content(line)).find_map(|line| carried::of_comment(line.text));
    // A sender may use any word as its method: what Countersign captured and exported is what it is.
    if carried.is_none() && matches!(method, "GRAPHQL" | "GRPC" | "WEBSOCKET") {
        return Err(fault(first, format!("{method} is not HTTP as a listener receives it.")));
    }
    let version = version_of(version, &mut notes);
    let (headers, body_at) = head(number, &lines, at, variables, &mut notes)?;
    let (url, unknown) = variables.fill_url(url).map_err(|why| unfilled(first, &why))?;
    let mut all = Headers::new();
    let target = match (url.starts_with('/'), place(&url)) {
        (true, _) => url,
        (false, Some((host, target))) => {
            match &unknown {
                Some(name) => notes.push(unknown_origin(name)),
                None if carried.is_none() && !headers.has("host") => all.push("Host", host),
                None => {}
            }
            target
        }
        (false, None) => return Err(fault(first, "This is not an http or https URL.".to_owned())),
    };
    for field in &headers {
        all.push(field.name.clone(), field.value.clone());
    }
    let body = match carried.as_ref().is_some_and(Carried::has_body) {
        true => Bytes::new(),
        false => body(number, lines.get(body_at..).unwrap_or_default(), variables, &headers, &mut notes)?,
    };
    if carried.is_none() && !body.is_empty() && !all.has("content-length") && !all.has("transfer-encoding") {
        all.push("Content-Length", body.len().to_string());
    }
    let request =
        Request { method: method.to_owned(), target: Bytes::from(target), version, headers: all, body, cut_from: None };
    if let Some(carried) = carried {
        let name = (!block.name.is_empty()).then(|| block.name.to_owned());
        return carried::item(&carried, request, bodies, (number, first.number, name), Vec::new());
    }
    note_length(&request, &mut notes);
    let title = if block.name.is_empty() { super::title_of(&request) } else { crate::shorten(block.name, 200) };
    item(Imported {
        item: number,
        line: Some(first.number),
        title,
        request,
        raw_head: None,
        received_at_us: None,
        notes,
    })
}

/// The headers up to the blank line, and where the body begins.
fn head(
    number: usize,
    lines: &[Line<'_>],
    from: usize,
    variables: &Variables,
    notes: &mut Vec<String>,
) -> Result<(Headers, usize), Fault> {
    let mut headers = Headers::new();
    let mut at = from;
    while let Some(line) = lines.get(at) {
        at += 1;
        if line.text.trim().is_empty() {
            break;
        }
        if is_comment(line.text) {
            continue;
        }
        let fault = |reason: String| Fault { item: number, line: Some(line.number), reason };
        let Some((name, value)) = line.text.split_once(':') else {
            return Err(fault(
                "This line is no header: there is no colon. A blank line goes before the body.".to_owned(),
            ));
        };
        let mut fill = |text: &str| variables.fill_known(text, notes).map_err(|why| fault(why.words()));
        headers.push(fill(name)?, fill(value.trim_matches([' ', '\t']))?);
    }
    Ok((headers, at))
}

/// The body, without the line ends before the next `###`: as long as its `Content-Length` says, where that fits.
fn body(
    number: usize,
    lines: &[Line<'_>],
    variables: &Variables,
    headers: &Headers,
    notes: &mut Vec<String>,
) -> Result<Bytes, Fault> {
    let mut out = String::new();
    for line in lines {
        let fault = |reason: String| Fault { item: number, line: Some(line.number), reason };
        let is_file = |rest: &str| rest.starts_with([' ', '\t', '@']);
        if line.text.strip_prefix('<').is_some_and(is_file) {
            return Err(fault(
                "The body is in a file, which is not read. Put its content here, after the blank line.".to_owned(),
            ));
        }
        out.push_str(&variables.fill_known(line.whole, notes).map_err(|why| fault(why.words()))?);
        if out.len() > super::TEXT_LIMIT {
            return Err(fault("With its variables filled the body is over 16 MB long.".to_owned()));
        }
    }
    let trimmed = out.trim_end_matches(['\r', '\n']).len();
    let said = headers.first("content-length").and_then(|value| crate::request::text(value).parse::<usize>().ok());
    let end = said.filter(|said| (trimmed..=out.len()).contains(said)).unwrap_or(trimmed);
    Ok(Bytes::from(out).slice(..end))
}

/// The lines without scripts, and without what says where an answer goes.
fn without_scripts<'a>(lines: &[Line<'a>], notes: &mut Vec<String>) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    let mut in_script = false;
    let mut scripts = false;
    for line in lines {
        let text = line.text.trim_end();
        if in_script {
            in_script = !text.ends_with("%}");
        } else if text.starts_with("< {%") || text.starts_with("> {%") {
            in_script = !text.ends_with("%}");
            scripts = true;
        } else if text.starts_with("> ")
            || text.starts_with(">> ")
            || text.starts_with(">>! ")
            || text.starts_with("<> ")
        {
            scripts = true;
        } else {
            out.push(*line);
        }
    }
    if scripts {
        notes.push("Its scripts, and what is done with the answer, were left out.".to_owned());
    }
    out
}
