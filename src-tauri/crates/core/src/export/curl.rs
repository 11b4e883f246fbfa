//! A script for any POSIX shell (`dash`, `busybox sh`, `bash`, `zsh`, `ksh`) that sends the same bytes with curl.
//!
//! `$'…'` and heredocs are left alone: the first is not POSIX, the second cannot hold a body without a line end at its end.
//! A body goes through `printf` into curl's standard input, in pieces that fit one argument even where `printf` is a program
//! of its own; text stands in single quotes as it is, everything else as octal digits. What is known of a delivery stands in a comment
//! `# countersign: {…}`, see [`super::carried`]: `left_out` has the headers that curl makes itself.

use super::carried::Carried;
use super::{Item, Record, is_senders_own};
use crate::draft::copies::curl::is_kept;
use crate::draft::copies::quote::is_shown;
use crate::fixture::Fixture;
use crate::request::{HttpVersion, text};
use std::fmt::Write as _;

/// Bytes of a body in one `printf`: as octal digits four times as many, and one argument takes 128 KiB on Linux.
const PIECE: usize = 16 * 1024;

pub(super) fn begin(base_url: &str) -> Vec<u8> {
    let url = single_quoted(base_url);
    format!(
        "#!/bin/sh\n\
         # Sends deliveries that Countersign captured, byte for byte, with curl.\n\
         # Usage: sh FILE [URL]. They go to URL with their own paths; without one, to the address below.\n\
         set -eu\n\
         to=${{1:-}}\n\
         [ -n \"$to\" ] || to={url}\n\
         to=${{to%/}}\n"
    )
    .into_bytes()
}

pub(super) fn item(record: &Record, name: &str) -> Item {
    let request = &record.captured.request;
    let mut carried = Carried::of(record);
    // Of an empty body nothing is given to curl, which then makes no length either.
    let keeps_length = request.body.is_empty() && request.method != "HEAD";
    let headers = carried.kept(record, |header| {
        let is_length = header.name.eq_ignore_ascii_case(b"content-length");
        (is_length && keeps_length && &header.value[..] == b"0") || !is_senders_own(&header.name)
    });
    let mut args = vec!["curl -q -sS -o /dev/null -g --path-as-is".to_owned()];
    args[0].push_str(if request.version == HttpVersion::Http10 { " --http1.0" } else { " --http1.1" });
    match request.method.as_str() {
        "HEAD" => args[0].push_str(" --head"),
        method => args[0].push_str(&format!(" -X {}", word(method.as_bytes()))),
    }
    args.push(format!("-w {}", single_quoted(&format!("%{{http_code}} {name}\\n"))));
    for name in ["User-Agent", "Accept"] {
        if !request.headers.has(name) {
            args.push(format!("-H '{name}:'"));
        }
    }
    for header in headers {
        let line = match header.value.is_empty() {
            true => [&header.name[..], b";"].concat(),
            false => [&header.name[..], b": ", &header.value].concat(),
        };
        args.push(format!("-H {}", word(&line)));
    }
    if !request.body.is_empty() {
        if !request.headers.has("content-type") {
            args.push("-H 'Content-Type:'".to_owned());
        }
        args.push("-H 'Expect:' --data-binary @-".to_owned());
    }
    args.push(place(record, &mut carried));
    let command = args.join(" \\\n  ");
    let mut out = format!("\n# {name}\n# countersign: {}\n", super::ascii::line(&carried));
    match request.body.is_empty() {
        true => out.push_str(&format!("{command}\n")),
        false => out.push_str(&format!("{{\n{}}} | {command}\n", printed(&request.body))),
    }
    Item { bytes: out.into_bytes(), beside: None }
}

/// Where to: the URL's end, or the target beside it where curl would change it.
fn place(record: &Record, carried: &mut Carried) -> String {
    let target = &record.captured.request.target;
    let shown = text(target);
    if shown.starts_with('/') && is_kept(&shown) && !shown.contains(['[', ']', '{', '}']) {
        return format!("\"$to\"{}", single_quoted(&shown));
    }
    carried.target = Some(Fixture::write_value(target));
    format!("--request-target {} \"$to/\"", word(target))
}

/// The commands that print a body.
fn printed(body: &[u8]) -> String {
    let mut out = String::with_capacity(body.len() + 64);
    let mut rest = body;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(piece_len(rest));
        rest = after;
        match std::str::from_utf8(piece) {
            Ok(text) if text.chars().all(is_shown) => out.push_str(&format!("printf %s {}\n", single_quoted(text))),
            _ => out.push_str(&format!("printf '{}'\n", octal(piece))),
        }
    }
    out
}

/// How much goes into one piece: no character of a text is cut in two.
fn piece_len(rest: &[u8]) -> usize {
    if rest.len() <= PIECE {
        return rest.len();
    }
    let begins = |at: usize| rest[at] & 0b1100_0000 != 0b1000_0000;
    (PIECE - 3..=PIECE).rev().find(|at| begins(*at)).unwrap_or(PIECE)
}

/// One word: in single quotes where it is a text that a person sees, else printed from octal digits.
fn word(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(|c| c != '\n' && is_shown(c)) => single_quoted(text),
        _ => format!("\"$(printf '{}')\"", octal(bytes)),
    }
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A format of `printf` within single quotes.
fn octal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        match byte {
            b'%' => out.push_str("%%"),
            b' '..=b'~' if byte != b'\'' && byte != b'\\' => out.push(char::from(byte)),
            _ => write!(out, "\\{byte:03o}").unwrap_or_default(),
        }
    }
    out
}
