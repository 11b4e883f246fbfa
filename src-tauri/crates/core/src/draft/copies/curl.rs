//! A `curl` command that sends the same bytes.
//!
//! What is known of curl, from its documentation and from 7.88 itself: a `Host` that is given always comes first and is
//! spelled so, unless `-H 'Host:'` stands before it, which takes curl's own out and leaves the others in their places.
//! `-H 'Name:'` takes out a header that curl would add, `-H 'Name;'` sends one without a value. A length that curl computes
//! comes after the headers that were given. `--data-binary @…` reads a file, `--data-raw @…` does not. A URL's bytes beyond
//! ASCII are percent-encoded, other versions change the case of `%2f`; `--request-target` is sent as it is.
//!
//! Deliberately absent: what a user's `~/.curlrc` or proxy variables add.

use super::super::Draft;
use super::super::leaving::Leaving;
use super::quote::shell;
use super::{BODY_FILE, Copied, INLINE_LIMIT, file_note};

/// Above this many bytes of a body some versions of curl send `Expect: 100-continue`.
const EXPECT_FROM: usize = 1024;

pub(super) fn copy(draft: &Draft, leaving: Leaving) -> Copied {
    let mut args: Vec<String> = vec!["--http1.1".to_owned()];
    let mut notes = Vec::new();
    let url = place(&leaving, &mut args);
    let (has_body, length_given) = length(draft, &leaving);
    let method = match (draft.method.as_str(), has_body) {
        ("GET", false) | ("POST", true) => String::new(),
        ("HEAD", false) => " --head".to_owned(),
        (method, _) => format!(" -X {}", shell(method.as_bytes())),
    };
    if draft.method == "HEAD" && has_body {
        notes.push(
            "After a HEAD with a body curl may wait for a body that does not come. End it with Ctrl+C.".to_owned(),
        );
    }
    headers(draft, &leaving, (has_body, length_given), &mut args);
    let mut body_file = None;
    if has_body {
        let (arg, why) = body(&draft.body);
        args.push(arg);
        if let Some(why) = why {
            notes.push(file_note(why));
            body_file = Some(draft.body.clone());
        }
    }
    let text = format!("curl{method} {} \\\n  {}", shell(url.as_bytes()), args.join(" \\\n  "));
    Copied { text, body_file, notes: [leaving.notes, notes].concat() }
}

/// The URL, and the options that keep curl from changing it.
fn place(leaving: &Leaving, args: &mut Vec<String>) -> String {
    let url = if is_kept(&leaving.target) {
        leaving.url()
    } else {
        args.push(format!("--request-target {}", shell(leaving.target.as_bytes())));
        format!("{}/", leaving.origin)
    };
    if url.contains(['[', ']', '{', '}']) {
        args.push("--globoff".to_owned());
    }
    if url.contains("/.") || url.to_ascii_lowercase().contains("/%2e") {
        args.push("--path-as-is".to_owned());
    }
    // An URL that cannot be read may look like an option.
    if url.starts_with('-') { format!("http://{url}") } else { url }
}

/// Whether every version of curl sends that target as it stands.
pub(crate) fn is_kept(target: &str) -> bool {
    let bytes = target.as_bytes();
    let upper_hex = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
    bytes.iter().enumerate().all(|(at, b)| match b {
        b'%' => upper_hex(at + 1) && upper_hex(at + 2),
        _ => b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?[]{}".contains(b),
    })
}

/// Whether a body is given to curl, and whether the length is given with it.
fn length(draft: &Draft, leaving: &Leaving) -> (bool, bool) {
    let Some(at) = leaving.fields.iter().position(|field| field.is("content-length")) else { return (false, false) };
    let field = &leaving.fields[at];
    let own = at + 1 == leaving.fields.len() && field.name == "Content-Length";
    let own = own && field.value == draft.body.len().to_string();
    let usual = matches!(draft.method.as_str(), "POST" | "PUT" | "PATCH");
    let has_body = !draft.body.is_empty() || (own && usual);
    (has_body, !(own && has_body))
}

fn headers(draft: &Draft, leaving: &Leaving, (has_body, length_given): (bool, bool), args: &mut Vec<String>) {
    let mut add = |text: &[u8]| args.push(format!("-H {}", shell(text)));
    let hosts = leaving.fields.iter().filter(|field| field.is("host")).count();
    let host_first = hosts == 1 && leaving.fields[0].name == "Host";
    if !host_first && !leaving.authority.is_empty() {
        add(b"Host:");
    }
    for name in ["User-Agent", "Accept"] {
        if !leaving.has(name) {
            add(format!("{name}:").as_bytes());
        }
    }
    for (at, field) in leaving.fields.iter().enumerate() {
        let host_of_url = at == 0 && host_first && field.value == leaving.authority;
        if host_of_url || (field.is("content-length") && !length_given) {
            continue;
        }
        let value = field.value.trim_ascii();
        if value.is_empty() {
            add(format!("{};", field.name).as_bytes());
        } else {
            add(&[field.name.as_bytes(), b": ", value].concat());
        }
    }
    if has_body && !leaving.has("content-type") {
        add(b"Content-Type:");
    }
    if draft.body.len() > EXPECT_FROM {
        add(b"Expect:");
    }
}

/// The option that gives the body, and why it is in a file.
fn body(body: &[u8]) -> (String, Option<&'static str>) {
    let in_file = || format!("--data-binary @{BODY_FILE}");
    if body.contains(&0) {
        return (in_file(), Some("holds NUL bytes, which no shell can pass on"));
    }
    let quoted = if body.len() > INLINE_LIMIT { None } else { Some(shell(body)).filter(|q| q.len() <= INLINE_LIMIT) };
    match quoted {
        None => (in_file(), Some("is larger than what a command line takes")),
        Some(quoted) if body.starts_with(b"@") => (format!("--data-raw {quoted}"), None),
        Some(quoted) => (format!("--data-binary {quoted}"), None),
    }
}
