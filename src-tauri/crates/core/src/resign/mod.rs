//! What the signature of a request will be before it is sent: the one it has, a right one, or one that is wrong on purpose.
//!
//! Invariants: the scheme's headers are replaced in place, in the sender's own spelling of their names; where a header
//! stands several times, the first is replaced and the others are removed; what is missing is added at the end, as the
//! provider spells it. Everything else stays, byte for byte. A [`Break`] is one fault on top of an otherwise right
//! signature, and [`Break::expected`] is the verdict that [`SchemeRule::judge`] gives on it at the same time.

mod breaks;
mod tamper;

pub use breaks::Break;

use crate::draft::Draft;
use crate::request::{Header, Headers};
use crate::rule::{Algorithm, Encoding, Part, PartKind, SchemeRule};
use crate::signing::{Key, mac};
use bytes::Bytes;

/// Which time is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampChoice {
    /// The present.
    Fresh,
    /// This one, unix seconds.
    Given(i64),
    /// The one that stands in the request, as it stands there.
    Captured,
}

/// Which id is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdChoice {
    /// The one that stands in the request; a new one where there is none that can be sent.
    Same,
    /// A new one.
    New,
}

/// What is done about the signature of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signing {
    /// Nothing: the request stays as it is.
    Keep,
    /// It is signed. A scheme that signs no timestamp or no id passes over that choice.
    Sign {
        /// Which time.
        timestamp: TimestampChoice,
        /// Which id.
        id: IdChoice,
    },
    /// It is signed for the present with the id it has, and is wrong in one way.
    Break(Break),
}

/// What signing takes beside the request.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The present, unix seconds.
    pub now_s: i64,
    /// The key to sign with.
    pub key: Option<&'a Key>,
    /// Random bytes: the key of [`Break::WrongSecret`].
    pub other_key: &'a [u8],
    /// An id that was not used before.
    pub new_id: &'a str,
}

/// A request whose signature is as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The request.
    pub draft: Draft,
    /// What was done, one sentence each.
    pub notes: Vec<String>,
}

/// Why a request cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResignError {
    /// The provider does not sign.
    #[error("This provider does not sign its deliveries: the request can only be sent as it is.")]
    NoScheme,
    /// No key was given.
    #[error("There is no secret to sign with. Store one for this provider, or send the request as it is.")]
    NoKey,
    /// The key has no bytes.
    #[error("Nothing decodes from the secret “{secret}”, so it cannot sign. Choose another one.")]
    EmptyKey {
        /// The secret's name.
        secret: String,
    },
    /// The key of [`Break::WrongSecret`] is the right one, or none.
    #[error("The secret that is to be the wrong one makes the right signature. Try again with another one.")]
    SameKey,
    /// The captured timestamp was asked for.
    #[error("The request has no {header} whose time could be kept. Sign it for the present or for a time of your own.")]
    NoTimestamp {
        /// The timestamp's header.
        header: String,
    },
    /// A header that is signed is not there, and nothing says what it would be.
    #[error("The signature covers {header}, which the request does not have. Add that header first.")]
    NoValue {
        /// The header.
        header: String,
    },
    /// The time lies before 1970.
    #[error("{seconds} seconds ago is before 1970 and cannot be written as a timestamp.")]
    TooOld {
        /// How far back.
        seconds: u32,
    },
    /// The scheme has nothing that could be broken like that.
    #[error("“{label}” cannot be made here: this provider's signature has no such part.")]
    Unfit {
        /// The break's name.
        label: String,
    },
}

/// Makes a request's signature what it is to be. `scheme` is the scheme to sign by, none where the provider does not sign.
///
/// # Errors
/// Where there is nothing to sign by or with, or the request lacks what is to be kept. [`Signing::Keep`] never fails.
pub fn apply(
    scheme: Option<&SchemeRule>,
    draft: &Draft,
    signing: &Signing,
    inputs: &Inputs<'_>,
) -> Result<Signed, ResignError> {
    let (timestamp, id, fault) = match signing {
        Signing::Keep => return Ok(Signed { draft: draft.clone(), notes: Vec::new() }),
        Signing::Sign { timestamp, id } => (*timestamp, *id, None),
        Signing::Break(fault) => (TimestampChoice::Fresh, IdChoice::Same, Some(fault)),
    };
    let rule = scheme.ok_or(ResignError::NoScheme)?;
    if let Some(fault) = fault
        && !rule.can_break(fault)
    {
        return Err(ResignError::Unfit { label: fault.label() });
    }
    let mut work = Work { rule, inputs, draft: draft.clone(), notes: Vec::new() };
    work.signed_headers(timestamp, id, fault)?;
    let digest = work.digest(fault)?;
    let signature = format!("{}{}", rule.signature.prefix, rule.signature.encoding.write(&digest));
    work.set(&rule.signature.header, signature);
    if let Some(fault) = fault {
        work.make_wrong(fault, &digest);
    }
    Ok(Signed { draft: work.draft, notes: work.notes })
}

/// A request on its way to its signature.
struct Work<'a> {
    rule: &'a SchemeRule,
    inputs: &'a Inputs<'a>,
    draft: Draft,
    notes: Vec<String>,
}

impl Work<'_> {
    /// Sets the headers that are signed.
    fn signed_headers(
        &mut self,
        timestamp: TimestampChoice,
        id: IdChoice,
        fault: Option<&Break>,
    ) -> Result<(), ResignError> {
        for part in &self.rule.content {
            let Part::Header { name, kind } = part else { continue };
            let there = self.draft.headers.first(name).cloned();
            let value = match kind {
                PartKind::Timestamp => self.timestamp(name, there, timestamp, fault)?,
                PartKind::Id => self.id(name, there, id),
                _ => there.ok_or_else(|| ResignError::NoValue { header: name.clone() })?,
            };
            self.set(name, value);
        }
        Ok(())
    }

    fn timestamp(
        &mut self,
        name: &str,
        there: Option<Bytes>,
        choice: TimestampChoice,
        fault: Option<&Break>,
    ) -> Result<Bytes, ResignError> {
        let now_s = self.inputs.now_s;
        let (text, why) = match (fault, choice) {
            (Some(Break::Stale { age_s }), _) => {
                let at = now_s.saturating_sub(i64::from(*age_s));
                if at < 0 {
                    return Err(ResignError::TooOld { seconds: *age_s });
                }
                (at.to_string(), "too old on purpose")
            }
            (Some(Break::Future { s }), _) => {
                (now_s.saturating_add(i64::from(*s)).to_string(), "in the future on purpose")
            }
            (Some(Break::TimestampNotANumber), _) => (breaks::NOT_A_NUMBER.to_owned(), "not a number, and signed so"),
            (_, TimestampChoice::Fresh) => (now_s.to_string(), "the present"),
            (_, TimestampChoice::Given(at_s)) => (at_s.to_string(), "as chosen"),
            (_, TimestampChoice::Captured) => {
                let value = there.ok_or_else(|| ResignError::NoTimestamp { header: name.to_owned() })?;
                self.notes.push(format!("{name} stays as it was."));
                return Ok(value);
            }
        };
        self.notes.push(format!("{name} is “{text}”: {why}."));
        Ok(text.into())
    }

    fn id(&mut self, name: &str, there: Option<Bytes>, choice: IdChoice) -> Bytes {
        let usable = |value: &Bytes| !value.is_empty() && value.is_ascii();
        let new = Bytes::copy_from_slice(self.inputs.new_id.as_bytes());
        let (value, note) = match (choice, there) {
            (IdChoice::Same, Some(value)) if usable(&value) => (value, format!("{name} stays as it was.")),
            (IdChoice::Same, Some(_)) => (new, format!("{name} held nothing that can be an id, so it has a new one.")),
            (IdChoice::Same, None) => (new, format!("{name} was missing, so it has a new id.")),
            (IdChoice::New, _) => (new, format!("{name} has a new id.")),
        };
        self.notes.push(note);
        value
    }

    /// The signature's bytes: the right ones, unless the break is in the key or the algorithm.
    fn digest(&mut self, fault: Option<&Break>) -> Result<Vec<u8>, ResignError> {
        let content = self.rule.segments(&self.draft.request());
        let run = |algorithm: Algorithm, key: &[u8]| mac(algorithm, key, content.iter().map(|s| s.bytes.as_ref()));
        let key = match self.inputs.key {
            Some(key) if key.is_empty() => return Err(ResignError::EmptyKey { secret: key.name.clone() }),
            key => key,
        };
        let own = self.rule.algorithm;
        let header = &self.rule.signature.header;
        if let Some(Break::WrongSecret) = fault {
            let wrong = run(own, self.inputs.other_key);
            if self.inputs.other_key.is_empty() || key.is_some_and(|key| run(own, key.bytes()) == wrong) {
                return Err(ResignError::SameKey);
            }
            self.notes.push(format!("{header} is made with a random secret."));
            return Ok(wrong);
        }
        let key = key.ok_or(ResignError::NoKey)?;
        let algorithm = match fault {
            Some(Break::OtherAlgorithm { algorithm }) => *algorithm,
            _ => own,
        };
        self.notes.push(format!("{header} is made with the secret “{}” by {}.", key.name, algorithm.name()));
        Ok(run(algorithm, key.bytes()))
    }

    /// Does the damage that is done after signing.
    fn make_wrong(&mut self, fault: &Break, digest: &[u8]) {
        let (rule, form) = (self.rule, &self.rule.signature);
        let bare = form.encoding.write(digest);
        let prefix = form.prefix.as_str();
        let short = digest.len().saturating_sub(breaks::CUT_BYTES);
        let written = match fault {
            Break::Empty => String::new(),
            Break::WrongEncoding => format!("{prefix}{}", other_encoding(form.encoding).write(digest)),
            Break::WrongPrefix => format!("{}{bare}", breaks::other_prefix(prefix)),
            Break::MissingPrefix => bare,
            Break::Longer => {
                let longer: Vec<u8> = digest.iter().chain(&digest[..breaks::CUT_BYTES]).copied().collect();
                format!("{prefix}{}", form.encoding.write(&longer))
            }
            Break::Shorter => format!("{prefix}{}", form.encoding.write(&digest[..short])),
            Break::Malformed => format!("{prefix}!{}", &bare[1..]),
            Break::TamperedBody => {
                let (body, note) = tamper::change_one_byte(&self.draft.body);
                self.draft.body = body;
                self.notes.push(note);
                return;
            }
            Break::MissingHeader => return self.remove(&form.header),
            Break::DoubledHeader => return self.double(&form.header),
            Break::TimestampChanged => return self.change(rule.header_of(PartKind::Timestamp), earlier),
            Break::IdChanged => {
                let new = self.inputs.new_id.as_bytes();
                return self
                    .change(rule.header_of(PartKind::Id), |old| if old == new { other_id(old) } else { new.to_vec() });
            }
            Break::TimestampMissing => return self.remove(rule.header_of(PartKind::Timestamp).unwrap_or_default()),
            Break::IdMissing => return self.remove(rule.header_of(PartKind::Id).unwrap_or_default()),
            Break::WrongSecret
            | Break::Stale { .. }
            | Break::Future { .. }
            | Break::OtherAlgorithm { .. }
            | Break::TimestampNotANumber => return,
        };
        self.set(&form.header, written);
        self.notes.push(format!("{} was then changed: {}.", form.header, fault.label().to_lowercase()));
    }

    /// Puts a value into the first header of that name, in place, removing the others; or adds it at the end.
    fn set(&mut self, name: &str, value: impl Into<Bytes>) {
        let value = value.into();
        let (mut found, mut removed) = (false, 0);
        let mut headers = Headers::new();
        for header in &self.draft.headers {
            if !header.name.eq_ignore_ascii_case(name.as_bytes()) {
                headers.push(header.name.clone(), header.value.clone());
            } else if found {
                removed += 1;
            } else {
                found = true;
                headers.push(header.name.clone(), value.clone());
            }
        }
        if !found {
            headers.push(name.to_owned(), value);
        }
        self.draft.headers = headers;
        match removed {
            0 => {}
            1 => self.notes.push(format!("A second {name} header was removed.")),
            more => self.notes.push(format!("{more} more {name} headers were removed.")),
        }
    }

    fn remove(&mut self, name: &str) {
        let kept = |header: &&Header| !header.name.eq_ignore_ascii_case(name.as_bytes());
        self.draft.headers = self.draft.headers.iter().filter(kept).cloned().collect();
        self.notes.push(format!("{name} was removed after signing."));
    }

    fn double(&mut self, name: &str) {
        let mut headers = Headers::new();
        for header in &self.draft.headers {
            let times = if header.name.eq_ignore_ascii_case(name.as_bytes()) { 2 } else { 1 };
            for _ in 0..times {
                headers.push(header.name.clone(), header.value.clone());
            }
        }
        self.draft.headers = headers;
        self.notes.push(format!("{name} stands there twice, with the same value."));
    }

    fn change(&mut self, name: Option<&str>, to: impl Fn(&[u8]) -> Vec<u8>) {
        let Some(name) = name else { return };
        let value = to(self.draft.headers.first(name).map(|v| v.as_ref()).unwrap_or_default());
        self.notes.push(format!("{name} was changed to “{}” after signing.", crate::request::text(&value)));
        self.set(name, value);
    }
}

fn other_encoding(encoding: Encoding) -> Encoding {
    match encoding {
        Encoding::Hex => Encoding::Base64,
        Encoding::Base64 => Encoding::Hex,
    }
}

/// One second earlier: not in the future, and within every tolerance.
fn earlier(timestamp: &[u8]) -> Vec<u8> {
    let at = crate::request::text(timestamp).parse::<i64>().unwrap_or_default();
    at.saturating_sub(1).to_string().into_bytes()
}

/// An id with another last character.
fn other_id(id: &[u8]) -> Vec<u8> {
    let mut id = id.to_vec();
    match id.last_mut() {
        Some(last) => *last = if *last == b'0' { b'1' } else { b'0' },
        None => id.push(b'0'),
    }
    id
}
