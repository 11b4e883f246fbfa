//! The message as it stands on the wire.

use super::super::Draft;
use super::super::leaving::Leaving;
use super::{BODY_FILE, Copied};
use crate::request::text;

pub(super) fn copy(draft: &Draft, leaving: Leaving) -> Copied {
    let target = if leaving.target.is_empty() { leaving.origin.as_str() } else { leaving.target.as_str() };
    let mut out = format!("{} {target} HTTP/1.1\r\n", draft.method);
    let mut notes = leaving.notes;
    for field in &leaving.fields {
        if std::str::from_utf8(&field.value).is_err() {
            notes.push(format!("The value of “{}” is not UTF-8. What is not is shown as U+FFFD.", field.name));
        }
        out.push_str(&format!("{}: {}\r\n", field.name, text(&field.value)));
    }
    out.push_str("\r\n");
    out.push_str(&text(&draft.body));
    let is_text = std::str::from_utf8(&draft.body).is_ok();
    if !is_text {
        notes.push(format!("The body is not UTF-8. What is not is shown as U+FFFD; {BODY_FILE} has the exact bytes."));
    } else if draft.body.contains(&0) {
        notes.push("The body holds NUL characters, which many programs drop when a text is pasted.".to_owned());
    }
    Copied { text: out, body_file: (!is_text).then(|| draft.body.clone()), notes }
}
