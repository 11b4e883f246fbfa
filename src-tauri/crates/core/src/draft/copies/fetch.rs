//! JavaScript, with `fetch`, as a browser's console and Node run it (top-level `await`: in a module).

use super::super::Draft;
use super::super::leaving::Leaving;
use super::Copied;
use super::quote::{javascript, javascript_bytes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

/// What belongs to the connection: `fetch` refuses it everywhere.
const REFUSED: [&str; 9] =
    ["host", "content-length", "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"];

/// What a browser leaves out without a word (Fetch standard, forbidden request-header), beside `Proxy-…` and `Sec-…`.
const DROPPED: [&str; 14] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "origin",
    "referer",
    "set-cookie",
    "user-agent",
    "via",
];

pub(super) fn copy(draft: &Draft, leaving: Leaving) -> Copied {
    let mut notes = notes(draft, &leaving);
    let url = leaving.url();
    let mut lines = vec![format!("  method: {},", javascript(&draft.method))];
    let fields: Vec<_> = leaving.without(&REFUSED).collect();
    if !fields.is_empty() {
        lines.push("  headers: [".to_owned());
        for field in fields {
            let (name, value) = (javascript(&field.name), javascript_bytes(field.value.trim_ascii()));
            lines.push(format!("    [{name}, {value}],"));
        }
        lines.push("  ],".to_owned());
    }
    if !draft.body.is_empty() {
        lines.push(format!("  body: {},", body(&draft.body, leaving.has("content-type"))));
        if matches!(draft.method.to_ascii_uppercase().as_str(), "GET" | "HEAD") {
            notes.push("fetch refuses a body with GET and HEAD: this will not run.".to_owned());
        }
    }
    lines.push("  redirect: \"manual\",".to_owned());
    let text = format!(
        "const response = await fetch({}, {{\n{}\n}});\nconsole.log(response.status, await response.text());\n",
        javascript(&url),
        lines.join("\n")
    );
    Copied { text, body_file: None, notes: [leaving.notes, notes].concat() }
}

/// The body as an expression. A string would get a `Content-Type` of its own where none is given.
fn body(body: &[u8], typed: bool) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if typed => javascript(text),
        Ok(text) => format!("new TextEncoder().encode({})", javascript(text)),
        Err(_) => format!("Uint8Array.from(atob(\"{}\"), (c) => c.charCodeAt(0))", STANDARD.encode(body)),
    }
}

fn notes(draft: &Draft, leaving: &Leaving) -> Vec<String> {
    let mut notes = Vec::new();
    let names = |which: &dyn Fn(&str) -> bool| {
        let fields = leaving.fields.iter().filter(|field| which(&field.name.to_ascii_lowercase()));
        fields.map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let refused = names(&|name| REFUSED.contains(&name));
    if !refused.is_empty() {
        notes.push(format!("Left out, because fetch sets them itself: {refused}."));
    }
    let dropped = |name: &str| DROPPED.contains(&name) || name.starts_with("proxy-") || name.starts_with("sec-");
    let dropped = names(&dropped);
    if !dropped.is_empty() {
        notes.push(format!("A browser leaves out or replaces these: {dropped}. Node sends them."));
    }
    notes.push(
        "fetch may write header names in small letters, in another order and joined, and adds headers of its own."
            .to_owned(),
    );
    let upper = draft.method.to_ascii_uppercase();
    if ["CONNECT", "TRACE", "TRACK"].contains(&upper.as_str()) {
        notes.push(format!("fetch refuses the method {upper}: this will not run."));
    } else if draft.method != upper && ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].contains(&upper.as_str()) {
        notes.push(format!("fetch sends the method as {upper}."));
    }
    let url = leaving.url();
    if Url::parse(&url).is_ok_and(|read| read.as_str() != url) {
        notes.push("fetch changes some of the characters in the URL.".to_owned());
    }
    notes
}
