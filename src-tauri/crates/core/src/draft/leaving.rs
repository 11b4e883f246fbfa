//! A draft as it leaves: the target out of the URL, and the headers with what HTTP adds to them.
//!
//! Invariants: the rules are those of the exact sender (`send` in the crate that sends). `Host` comes first where none is
//! given; `Content-Length` says the body's length, in the place of a wrong one or of a `Transfer-Encoding`, else at the
//! end; repeated lengths and `Expect` are dropped; a user in the URL becomes `Authorization` where none is given. A header
//! that the sender refuses is left out here, with a note: names are tokens, values hold no line end and no NUL.

use super::Draft;
use super::credentials::HeaderMask;
use crate::request::text;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use url::{Position, Url};

/// What leaves.
pub(super) struct Leaving {
    /// The URL up to its target, `http://example.com:81`; the whole URL as given where it cannot be read.
    pub(super) origin: String,
    /// The value of a `Host` header; empty where the URL cannot be read.
    pub(super) authority: String,
    /// What stands in the request line; empty where the URL cannot be read.
    pub(super) target: String,
    /// The headers.
    pub(super) fields: Vec<Field>,
    /// What was left out, in sentences.
    pub(super) notes: Vec<String>,
}

/// A header as it leaves.
#[derive(Clone)]
pub(super) struct Field {
    /// A token: ASCII, no white space, no colon.
    pub(super) name: String,
    /// No line end, no NUL; a placeholder where it is kept out.
    pub(super) value: Bytes,
}

impl Field {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A URL in its parts.
pub(crate) struct Parts {
    pub(crate) origin: String,
    pub(crate) authority: String,
    pub(crate) target: String,
    /// `user:password`, decoded.
    user: Option<Vec<u8>>,
}

impl Parts {
    /// Reads an absolute `http` or `https` URL.
    pub(crate) fn read(given: &str) -> Option<Self> {
        let given = given.trim();
        let (scheme, rest) = given.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let refused = given.contains(|c: char| c.is_control()) || authority.contains(['\\', ' ']);
        if refused || !matches!(scheme.as_str(), "http" | "https") {
            return None;
        }
        let url = Url::parse(&format!("{scheme}://{authority}/")).ok()?;
        url.host()?;
        let rest = rest.split('#').next().unwrap_or_default().replace(' ', "%20");
        let target = if rest.starts_with('/') { rest } else { format!("/{rest}") };
        let authority = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let user = (!url.username().is_empty() || url.password().is_some())
            .then(|| [decoded(url.username()), b":".to_vec(), decoded(url.password().unwrap_or_default())].concat());
        Some(Parts { origin: format!("{scheme}://{authority}"), authority, target, user })
    }
}

impl Leaving {
    /// What leaves of a draft, with the values of some headers kept out.
    pub(super) fn of(draft: &Draft, keep_out: &HeaderMask) -> Self {
        let mut leaving = match Parts::read(&draft.url) {
            Some(Parts { origin, authority, target, user }) => {
                let fields = fields(draft, &authority, user);
                Leaving { origin, authority, target, fields, notes: Vec::new() }
            }
            None => {
                let notes = vec![
                    "The URL is not one a request can be sent to. It is copied as it is, without a user in it."
                        .to_owned(),
                ];
                let origin = without_user(&draft.url);
                let fields = fields(draft, "", None);
                Leaving { origin, authority: String::new(), target: String::new(), fields, notes }
            }
        };
        if !is_token(draft.method.as_bytes()) {
            leaving.notes.push("The method is not one that HTTP allows. It is copied as it is.".to_owned());
        }
        leaving.notes.extend(draft.headers.iter().filter(|h| !holds(&h.name, &h.value)).map(|header| {
            let name = crate::shorten(&text(&header.name), 60);
            format!("The header “{name}” cannot be sent: its name or its value holds characters that HTTP forbids. It was left out.")
        }));
        leaving.keep_out(keep_out);
        leaving
    }

    /// The whole URL.
    pub(super) fn url(&self) -> String {
        format!("{}{}", self.origin, self.target)
    }

    /// The fields but those of these names.
    pub(super) fn without(&self, names: &[&str]) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| !names.iter().any(|name| field.is(name)))
    }

    /// Whether there is a field of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.is(name))
    }

    /// The value of `Host` where it is another than the URL's.
    pub(super) fn other_host(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.is("host") && field.value != self.authority)
    }

    fn keep_out(&mut self, mask: &HeaderMask) {
        let mut names: Vec<&str> = Vec::new();
        for field in self.fields.iter_mut().filter(|field| mask.keeps_out(&field.name)) {
            field.value = Bytes::from(format!("<{}>", field.name));
            if !names.contains(&field.name.as_str()) {
                names.push(&field.name);
            }
        }
        if !names.is_empty() {
            let names = names.join(", ");
            self.notes.push(format!(
                "Kept out, with a placeholder in its place: {names}. Put the value in before you run this."
            ));
        }
    }
}

fn fields(draft: &Draft, authority: &str, user: Option<Vec<u8>>) -> Vec<Field> {
    let mut out = Vec::with_capacity(draft.headers.len() + 3);
    let mut add = |name: &str, value: Bytes| out.push(Field { name: name.to_owned(), value });
    let given = || draft.headers.iter().filter(|h| holds(&h.name, &h.value));
    let has = |name: &str| given().any(|h| h.name.eq_ignore_ascii_case(name.as_bytes()));
    if !has("host") && !authority.is_empty() {
        add("Host", Bytes::copy_from_slice(authority.as_bytes()));
    }
    let length = Bytes::from(draft.body.len().to_string());
    let (has_length, mut said) = (has("content-length"), false);
    for header in given() {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name.as_bytes());
        if is("expect") || (is("transfer-encoding") && (has_length || said)) || (is("content-length") && said) {
            continue;
        }
        if is("transfer-encoding") {
            add("Content-Length", length.clone());
            said = true;
        } else if is("content-length") {
            // A right one may be written with zeros before it.
            let zeros =
                header.value.iter().take_while(|b| **b == b'0').count().min(header.value.len().saturating_sub(1));
            let right = header.value[zeros..] == length;
            add(&text(&header.name), if right { header.value.clone() } else { length.clone() });
            said = true;
        } else {
            add(&text(&header.name), header.value.clone());
        }
    }
    if let (Some(user), false) = (user, has("authorization")) {
        add("Authorization", Bytes::from(format!("Basic {}", STANDARD.encode(user))));
    }
    if !said && (!draft.body.is_empty() || matches!(draft.method.as_str(), "POST" | "PUT" | "PATCH")) {
        add("Content-Length", length);
    }
    out
}

/// Whether HTTP allows a field.
fn holds(name: &[u8], value: &[u8]) -> bool {
    is_token(name) && value.iter().all(|&b| b == b'\t' || (b >= b' ' && b != 0x7f))
}

/// Whether a name or a method is one that HTTP allows.
pub(crate) fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b))
}

/// A URL that cannot be read, without its user: a password is nothing for a text that is handed on.
fn without_user(given: &str) -> String {
    let given: String = given.trim().chars().filter(|c| !c.is_control()).collect();
    let Some((scheme, rest)) = given.split_once("://") else { return given };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[host..])
}

/// The bytes behind `%41`.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|&b| char::from(b).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}
