//! `curl` commands: each that begins a line; and the scripts that Countersign exports, which come back byte for byte.

use super::carried;
use super::{Fault, Imported, Item, item, note_length, place};
use crate::draft::paste::{Pasted, commands, script};
use crate::request::{Header, Headers, HttpVersion, Request};
use bytes::Bytes;

/// So many commands may be wrong: each may have been read to the end of the text before that showed.
const FAULTS: usize = 100;

pub(super) fn read(text: &str) -> Vec<Item> {
    if let Some(entries) = script::entries(text, FAULTS) {
        let last = given_up(entries.iter().filter(|entry| entry.sent.is_err()).count());
        let read = entries.into_iter().enumerate().map(|(index, entry)| of_script(index + 1, entry));
        return read.chain(last).collect();
    }
    let commands = commands(text, FAULTS);
    if commands.is_empty() {
        return vec![Err(Fault { item: 0, line: None, reason: "There is no curl command in this file.".to_owned() })];
    }
    let last = given_up(commands.iter().filter(|command| command.asks.is_err()).count());
    let read = commands.into_iter().enumerate().map(|(index, command)| match command.asks {
        Ok(pasted) => of_pasted(index + 1, command.line, pasted),
        Err(fault) => Err(Fault { item: index + 1, line: Some(fault.line), reason: fault.message }),
    });
    read.chain(last).collect()
}

/// What is said where so many were wrong.
fn given_up(wrong: usize) -> Option<Item> {
    (wrong >= FAULTS).then(|| {
        let reason = format!("{FAULTS} commands of this file cannot be read; the rest was not looked at.");
        Err(Fault { item: 0, line: None, reason })
    })
}

/// A delivery out of a script of Countersign.
fn of_script(number: usize, entry: script::Entry<'_>) -> Item {
    let fault = |line, reason: String| Fault { item: number, line: Some(line), reason };
    let sent = entry.sent.map_err(|wrong| fault(wrong.line, wrong.message))?;
    let Some(carried) = carried::of_comment(entry.comment) else {
        let reason = "The comment “# countersign: …” above this command cannot be read. Export the script again.";
        return Err(fault(entry.line, reason.to_owned()));
    };
    let written = Request {
        method: sent.method,
        target: sent.target.into(),
        version: HttpVersion::Http11,
        headers: sent
            .headers
            .into_iter()
            .map(|(name, value)| Header { name: name.into(), value: value.into() })
            .collect(),
        body: sent.body.into(),
        cut_from: None,
    };
    let name = entry.name.map(str::to_owned);
    carried::item(&carried, written, &mut super::bodies::Bodies::new(None), (number, entry.line, name), Vec::new())
}

/// What curl would send, but for what it says of itself.
fn of_pasted(number: usize, line: usize, pasted: Pasted) -> Item {
    let fault = |reason: String| Fault { item: number, line: Some(line), reason };
    if let Some(file) = pasted.body_from_file {
        let file = crate::shorten(&file, 100);
        return Err(fault(format!(
            "The body is in the file “{file}”, which is not read. Put its content into the command."
        )));
    }
    let Some((host, target)) = pasted.url.as_deref().and_then(place) else {
        return Err(fault("The command has no http or https URL.".to_owned()));
    };
    let mut headers = Headers::new();
    if !pasted.headers.has("host") {
        headers.push("Host", host);
    }
    for field in &pasted.headers {
        headers.push(field.name.clone(), field.value.clone());
    }
    let framed = headers.has("content-length") || headers.has("transfer-encoding");
    if !pasted.body.is_empty() && !framed {
        headers.push("Content-Length", pasted.body.len().to_string());
    }
    let request = Request {
        method: pasted.method,
        target: Bytes::from(target),
        version: HttpVersion::Http11,
        headers,
        body: pasted.body,
        cut_from: None,
    };
    let mut notes = pasted.notes;
    note_length(&request, &mut notes);
    item(Imported {
        item: number,
        line: Some(line),
        title: super::title_of(&request),
        request,
        raw_head: None,
        received_at_us: None,
        notes,
    })
}
