//! An HTTPie command.
//!
//! What is known of HTTPie 3: an item `Name: value` is a header, `Name;` one without a value, `Name:` takes out one that it
//! would add. In an item a backslash takes away the meaning of a separator after it and vanishes. A method is letters only,
//! sent in capitals.

use super::super::Draft;
use super::super::leaving::{Field, Leaving};
use super::quote::shell;
use super::{BODY_FILE, Copied, INLINE_LIMIT, file_note};

/// What HTTPie adds where it is not given.
const ADDED: [&str; 4] = ["User-Agent", "Accept", "Accept-Encoding", "Connection"];

pub(super) fn copy(draft: &Draft, leaving: Leaving) -> Copied {
    let mut notes = Vec::new();
    let mut options = vec!["--ignore-stdin".to_owned()];
    let mut items = Vec::new();
    let url = leaving.url();
    if url.contains("/.") {
        options.push("--path-as-is".to_owned());
    }
    if !draft.method.bytes().all(|b| b.is_ascii_uppercase()) {
        notes.push("HTTPie sends methods of letters only, in capitals: it will not send this one as it is.".to_owned());
    }
    if url.bytes().any(|b| !b.is_ascii_graphic() || b"\"<>\\^`{|}[]".contains(&b)) {
        notes.push("HTTPie percent-encodes some of the characters in the URL.".to_owned());
    }
    for name in ADDED.into_iter().filter(|name| !leaving.has(name)) {
        items.push(format!("{name}:"));
    }
    for field in leaving.without(&["host", "content-length"]).chain(leaving.other_host()) {
        items.push(shell(&item(field, &mut notes)));
    }
    let mut body_file = None;
    if !draft.body.is_empty() {
        if !leaving.has("content-type") {
            items.push("Content-Type:".to_owned());
        }
        let inline = std::str::from_utf8(&draft.body).ok().filter(|text| !text.contains('\0'));
        match inline.map(|text| shell(text.as_bytes())).filter(|quoted| quoted.len() <= INLINE_LIMIT) {
            // Joined by `=`, so that a body that begins with a dash is no option.
            Some(quoted) => options.push(format!("--raw={quoted}")),
            None => {
                items.push(format!("@{BODY_FILE}"));
                notes.push(file_note("is not a text that fits on a command line"));
                body_file = Some(draft.body.clone());
            }
        }
    }
    notes.push("HTTPie may send the headers in another order.".to_owned());
    let method = shell(draft.method.as_bytes());
    let lines = [options, vec![format!("-- {method} {}", shell(url.as_bytes()))], items].concat();
    Copied { text: format!("http {}", lines.join(" \\\n  ")), body_file, notes: [leaving.notes, notes].concat() }
}

fn item(field: &Field, notes: &mut Vec<String>) -> Vec<u8> {
    let value = field.value.trim_ascii();
    if value.windows(2).any(|pair| pair[0] == b'\\' && b":;=@".contains(&pair[1])) {
        notes.push(format!("HTTPie takes a backslash out of the value of “{}”.", field.name));
    }
    if std::str::from_utf8(value).is_err() {
        notes.push(format!("The value of “{}” is not UTF-8: HTTPie may change it.", field.name));
    }
    if value.is_empty() {
        return format!("{};", field.name).into_bytes();
    }
    [field.name.as_bytes(), b": ", value].concat()
}
