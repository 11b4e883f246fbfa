//! An `.http` file, as VS Code's REST Client and the HTTP Client of the JetBrains IDEs read it.
//!
//! Requests stand one after another, each behind `### name`. A body stands in the file where both clients send it as it is
//! written; otherwise (bytes that are no text, line ends other than `\n`, `{{…}}`, lines that begin like a comment or a
//! command) it is in a file of its own, which `< ./…` names. What is known of a delivery stands in a comment `# countersign: {…}`,
//! see [`super::carried`]: `left_out` has the headers that the client makes itself or that no line can hold. A body in the
//! file ends before the line ends that end it: it never has one at its own end.

use super::carried::Carried;
use super::{Exporter, Item, Record, is_senders_own};
use crate::decode::to_base64;
use crate::draft::copies::curl::is_kept;
use crate::draft::copies::quote::is_shown;
use crate::fixture::Fixture;
use crate::request::{Header, text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// A longer body makes an editor slow: it is in a file of its own.
const LONGEST: usize = 128 * 1024;
/// What stays as it is in a target that has to be written otherwise.
const NOT_IN_A_LINE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'?')
    .remove(b'&')
    .remove(b'=')
    .remove(b'%');

pub(super) fn begin(base_url: &str) -> Vec<u8> {
    format!(
        "# Deliveries that Countersign captured. Send them from VS Code (REST Client) or a JetBrains IDE; they go to:\n\
         @baseUrl = {}\n",
        base_url.replace(['\n', '\r'], "")
    )
    .into_bytes()
}

pub(super) fn item(exporter: &mut Exporter<'_>, record: &Record, name: &str) -> Item {
    let request = &record.captured.request;
    let mut carried = Carried::of(record);
    let headers: Vec<&Header> = carried.kept(record, |header| !is_senders_own(&header.name) && fits_a_line(header));
    if headers.len() + request.headers.iter().filter(|h| is_senders_own(&h.name)).count() < request.headers.len() {
        exporter.say(
            "has a header that no line of an .http file can hold. It is in its comment alone.",
            "have headers that no line of an .http file can hold. They are in their comments alone.",
        );
    }
    let shown = text(&request.target);
    let plain = shown.starts_with('/') && is_kept(&shown) && !shown.contains(['{', '}']);
    let target = if plain { shown } else { elsewhere(&request.target, &mut carried) };
    let (body, beside) = body(exporter, record, name, &mut carried);
    let mut out = format!(
        "\n### {name}\n# countersign: {}\n# @no-redirect\n# @no-cookie-jar\n# @no-auto-encoding\n{} {{{{baseUrl}}}}{target} {}\n",
        super::ascii::line(&carried),
        request.method,
        request.version.as_str(),
    );
    for header in headers {
        let line = format!("{}: {}", text(&header.name), text(&header.value));
        // Only the blank of an empty value goes: any other space is the sender's.
        out.push_str(line.trim_end_matches([' ', '\t']));
        out.push('\n');
    }
    if let Some(body) = body {
        out.push_str(&format!("\n{body}\n"));
    }
    Item { bytes: out.into_bytes(), beside }
}

/// A target that is written otherwise, and rides along.
fn elsewhere(target: &[u8], carried: &mut Carried) -> String {
    carried.target = Some(Fixture::write_value(target));
    let encoded = percent_encode(target, NOT_IN_A_LINE).to_string();
    if encoded.starts_with('/') { encoded } else { format!("/{encoded}") }
}

/// Whether a header can stand on a line, and stays what it is there.
fn fits_a_line(header: &Header) -> bool {
    let Ok(value) = std::str::from_utf8(&header.value) else { return false };
    let shown = value.chars().all(|c| c != '\n' && is_shown(c));
    shown && !value.contains("{{") && !header.name.starts_with(b"#") && !header.name.starts_with(b"//")
}

/// What stands in the body's place, and the file beside it.
fn body(
    exporter: &mut Exporter<'_>,
    record: &Record,
    name: &str,
    carried: &mut Carried,
) -> (Option<String>, Option<(String, bytes::Bytes)>) {
    let body = &record.captured.request.body;
    if body.is_empty() {
        return (None, None);
    }
    if let Some(text) = std::str::from_utf8(body).ok().filter(|text| stands_as_it_is(text)) {
        return (Some(text.to_owned()), None);
    }
    match exporter.body_file(name, &record.captured.request.body) {
        Some(file) => {
            carried.body_file = Some(file.clone());
            (Some(format!("< ./{file}")), Some((file, body.clone())))
        }
        None => {
            exporter.say(
                "has a body that an .http file cannot hold. It is in its comment alone, as base64: export to a folder or a \
                 zip file to have it sent.",
                "have bodies that an .http file cannot hold. They are in their comments alone, as base64: export to a \
                 folder or a zip file to have them sent.",
            );
            carried.body_base64 = Some(to_base64(body));
            (None, None)
        }
    }
}

/// Whether both clients send a body as it stands in the file.
pub(super) fn stands_as_it_is(body: &str) -> bool {
    let line = |line: &str| {
        let begin = line.trim_start();
        !["#", "//", "<", ">", "@"].iter().any(|mark| begin.starts_with(mark)) && !line.ends_with([' ', '\t'])
    };
    body.len() <= LONGEST
        && body.trim() == body
        && !body.contains("{{")
        && body.chars().all(is_shown)
        && body.split('\n').all(line)
        && !body.contains("\n\n")
}
