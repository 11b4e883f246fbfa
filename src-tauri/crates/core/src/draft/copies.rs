//! A draft as a text for somewhere else: a command, a message, a few lines of a program.
//!
//! Invariants: the bytes of a draft may be a stranger's. Whatever they are, they stay inside the quotes of the form they
//! are written in: nothing of them is run, expanded or read from a file. What a form cannot carry is said in a note.

pub(crate) mod curl;
mod fetch;
mod httpie;
mod python;
pub(crate) mod quote;
mod raw;

use super::Draft;
use super::credentials::HeaderMask;
use super::leaving::Leaving;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The name by which a text calls the file with the body.
pub const BODY_FILE: &str = "body.bin";

/// What a body may take inside a command, in bytes as written there. One argument takes 128 KiB on Linux, and so does a
/// whole command that is given to `sh -c`: this leaves room for the rest.
pub const INLINE_LIMIT: usize = 96 * 1024;

/// What a draft is copied as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// A `curl` command for a POSIX shell: the same bytes. `bash`, `zsh`, `ksh` and `busybox sh` run all of them; `dash`
    /// those without `$'…'`. Not for `fish`, `cmd` or PowerShell, which quote differently.
    Curl,
    /// An HTTPie command (`http`, from 3.0) for the same shells.
    Httpie,
    /// The message as it stands on the wire.
    RawHttp,
    /// JavaScript, with `fetch`.
    Fetch,
    /// Python, with `requests`.
    PythonRequests,
}

impl CopyForm {
    /// Every form, as a menu shows them.
    pub const ALL: [CopyForm; 5] =
        [CopyForm::Curl, CopyForm::Httpie, CopyForm::RawHttp, CopyForm::Fetch, CopyForm::PythonRequests];

    /// Its name on the command line and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CopyForm::Curl => "curl",
            CopyForm::Httpie => "httpie",
            CopyForm::RawHttp => "raw_http",
            CopyForm::Fetch => "fetch",
            CopyForm::PythonRequests => "python_requests",
        }
    }

    /// Its name for a person.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            CopyForm::Curl => "curl",
            CopyForm::Httpie => "HTTPie",
            CopyForm::RawHttp => "Raw HTTP",
            CopyForm::Fetch => "JavaScript (fetch)",
            CopyForm::PythonRequests => "Python (requests)",
        }
    }
}

/// A draft as a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The text.
    pub text: String,
    /// The body, where the text cannot hold it: to be saved as [`BODY_FILE`] where the text is run.
    pub body_file: Option<Bytes>,
    /// What is to be known about it, a sentence or two each.
    pub notes: Vec<String>,
}

/// Writes a draft as a text, with the values of some headers kept out of it.
#[must_use]
pub fn copy_as(draft: &Draft, form: CopyForm, keep_out: &HeaderMask) -> Copied {
    let leaving = Leaving::of(draft, keep_out);
    match form {
        CopyForm::Curl => curl::copy(draft, leaving),
        CopyForm::Httpie => httpie::copy(draft, leaving),
        CopyForm::RawHttp => raw::copy(draft, leaving),
        CopyForm::Fetch => fetch::copy(draft, leaving),
        CopyForm::PythonRequests => python::copy(draft, leaving),
    }
}

/// The note on a body that is in a file.
fn file_note(why: &str) -> String {
    format!("The body {why}. Save it as {BODY_FILE} where you run this.")
}

/// The note on headers of one name that a form can give only once.
fn repeated(leaving: &Leaving) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for (at, field) in leaving.fields.iter().enumerate() {
        let again = leaving.fields[..at].iter().any(|before| before.is(&field.name));
        if again && !names.iter().any(|known| field.is(known)) {
            names.push(&field.name);
        }
    }
    let names = names.join(", ");
    (!names.is_empty()).then(|| format!("More than one header of a name are joined into one: {names}."))
}
