//! Python, with `requests`.
//!
//! What is known of requests 2: a header of `None` takes out one that it would add; `User-Agent` and `Accept-Encoding` would
//! then be added by urllib3, which leaves them out for `SKIP_HEADER`. A method is sent in capitals. Of a name there is one
//! header. Values may be bytes.

use super::super::Draft;
use super::super::leaving::{Field, Leaving};
use super::quote::{python, python_bytes, python_text};
use super::{BODY_FILE, Copied, INLINE_LIMIT, file_note, repeated};
use url::Url;

pub(super) fn copy(draft: &Draft, leaving: Leaving) -> Copied {
    let mut notes: Vec<String> = repeated(&leaving).into_iter().collect();
    let url = leaving.url();
    let given = joined(&leaving);
    let mut skips = false;
    let mut headers = String::new();
    for name in ["User-Agent", "Accept-Encoding"].into_iter().filter(|name| !leaving.has(name)) {
        headers.push_str(&format!("        '{name}': SKIP_HEADER,\n"));
        skips = true;
    }
    for name in ["Accept", "Connection"].into_iter().filter(|name| !leaving.has(name)) {
        headers.push_str(&format!("        '{name}': None,\n"));
    }
    for field in given {
        headers.push_str(&format!("        {}: {},\n", python(field.name.as_bytes()), python(&field.value)));
    }
    let (data, body_file) = if draft.body.is_empty() {
        (String::new(), None)
    } else if draft.body.len() > INLINE_LIMIT {
        notes.push(file_note("is larger than what one reads in a program"));
        (format!("    data=open('{BODY_FILE}', 'rb').read(),\n"), Some(draft.body.clone()))
    } else {
        (format!("    data={},\n", python_bytes(&draft.body)), None)
    };
    notes.push("requests may send the headers in another order.".to_owned());
    if draft.method != draft.method.to_uppercase() {
        notes.push("requests sends the method in capitals.".to_owned());
    }
    if draft.body.is_empty() && !leaving.has("content-length") && !matches!(draft.method.as_str(), "GET" | "HEAD") {
        notes.push("requests adds “Content-Length: 0”.".to_owned());
    }
    if Url::parse(&url).is_ok_and(|read| read.as_str() != url) || url.contains(['{', '}', '[', ']', '|', '^', '`', '%'])
    {
        notes.push("requests may change some of the characters in the URL.".to_owned());
    }
    let import = if skips { "from urllib3.util import SKIP_HEADER\n" } else { "" };
    let text = format!(
        "import requests\n{import}\nresponse = requests.request(\n    {},\n    {},\n    headers={{\n{headers}    }},\n{data}    \
         allow_redirects=False,\n)\nprint(response.status_code, response.text)\n",
        python_text(&draft.method),
        python_text(&url),
    );
    Copied { text, body_file, notes: [leaving.notes, notes].concat() }
}

/// The headers that requests does not set itself, one of a name.
fn joined(leaving: &Leaving) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    for field in leaving.without(&["host", "content-length"]).chain(leaving.other_host()) {
        let value = field.value.slice_ref(field.value.trim_ascii());
        match out.iter_mut().find(|before| before.is(&field.name)) {
            Some(before) => {
                let between: &[u8] = if field.is("cookie") { b"; " } else { b", " };
                before.value = [&before.value[..], between, &value].concat().into();
            }
            None => out.push(Field { name: field.name.clone(), value }),
        }
    }
    out
}
