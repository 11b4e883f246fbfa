//! The probes that a provider's scheme can have.

use super::make::Setup;
use super::words;
use crate::resign::Break;
use crate::rule::{Algorithm, Part, PartKind, SchemeRule};

/// How far off the timestamps of the two probes of the clock are, in seconds: beyond every tolerance that is in use.
pub(super) const OFF_S: u32 = 3600;

/// What a probe is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// The endpoint must refuse it.
    Refuse,
    /// The endpoint must accept it.
    Accept,
    /// How the endpoint must answer.
    Answer,
    /// It is weighed and not condemned.
    Weigh,
}

/// What came of a probe; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Against what the provider documents.
    Fault,
    /// Allowed by the documents, and a risk.
    Warning,
    /// Only the user can answer it.
    Question,
    /// Worth knowing.
    Note,
    /// As it should be.
    Hold,
    /// Not asked, or not yet.
    NotAsked,
}

/// A probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Its id, unique in a plan.
    pub id: String,
    /// Its name for a person.
    pub name: String,
    /// What it is about.
    pub group: Group,
    /// What is sent, in a sentence.
    pub sent: String,
    /// What is expected, in a sentence.
    pub expected: String,
    /// Why, in a sentence.
    pub why: String,
    /// Where that stands.
    pub source: String,
    /// A right endpoint works on it as on an event of the provider.
    pub works: bool,
    /// How its requests are made and its answers judged.
    pub(super) kind: Kind,
}

/// How requests are made and answers judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A right event with a broken signature.
    Broken(Break),
    /// Not JSON, with a signature of another secret, or without one where the provider does not sign.
    NotJson,
    /// A right event with the secret of that place.
    Valid(usize),
    /// A right event whose body is written in another way.
    Form(Form),
    /// Header names in lower case.
    HeaderCase,
    /// The body in chunks.
    Chunked,
    /// The signature twice, rightly.
    Doubled,
    /// A word for a timestamp, rightly signed.
    NotANumber,
    /// Rightly signed for another time: by so many seconds, negative is past.
    Clock(i64),
    /// Rightly signed and not JSON.
    SignedNotJson,
    /// A right event as text.
    ContentType,
    /// JSON of another shape, rightly signed.
    Shape,
    /// A required field is missing.
    FieldMissing,
    /// A wrong signature and the right one, written together.
    Several(Joint),
    /// The same event twice.
    Duplicate,
    /// A right event with an id that nobody waits for.
    UnknownId,
    /// The handshake.
    Handshake,
    /// Out of the answers to others.
    Derived(Derived),
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Without white space, in ASCII: as `JSON.stringify` does it.
    Compact,
    /// The same with letters that ASCII does not have.
    Unicode,
    /// The same, the letters as `\u00e9`.
    Escaped,
    /// With white space, as documents show bodies.
    Spaced,
    /// With a line end behind it.
    Trailing,
    /// A megabyte of ASCII.
    Large,
    /// A megabyte of letters that take several bytes.
    LargeUnicode,
}

/// How several signatures stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    Space,
    Comma,
    Header,
}

/// What is found in the answers to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Derived {
    /// The status counts as success.
    Success,
    /// In time.
    InTime,
    /// Nothing is done before it is verified.
    NothingDone,
    /// The scheme cannot prevent a replay.
    Replay,
}

/// The probes that a provider's scheme can have: those that a right endpoint refuses, then those that make it work.
#[must_use]
pub fn plan(setup: &Setup<'_>) -> Vec<Probe> {
    let mut list = List { setup, probes: Vec::new() };
    match setup.scheme() {
        Some(scheme) => list.refusals(scheme),
        None => list.unsigned_refusals(),
    }
    if setup.handshake().is_some() {
        list.add("handshake", Group::Answer, false, Kind::Handshake);
    }
    list.accepted();
    list.weighed();
    list.probes
}

struct List<'a> {
    setup: &'a Setup<'a>,
    probes: Vec<Probe>,
}

impl List<'_> {
    fn add(&mut self, id: &str, group: Group, works: bool, kind: Kind) {
        let words = words::of(self.setup, &kind);
        let words::Words { name, sent, expected, why, source } = words;
        self.probes.push(Probe { id: id.to_owned(), name, group, sent, expected, why, source, works, kind });
    }

    fn refusals(&mut self, scheme: &SchemeRule) {
        let broken = |list: &mut Self, id: &str, fault: Break| list.add(id, Group::Refuse, false, Kind::Broken(fault));
        if scheme.content.iter().any(|part| matches!(part, Part::Body)) {
            broken(self, "body_changed", Break::TamperedBody);
        }
        broken(self, "other_secret", Break::WrongSecret);
        broken(self, "signature_missing", Break::MissingHeader);
        broken(self, "signature_empty", Break::Empty);
        broken(self, "signature_malformed", Break::Malformed);
        broken(self, "signature_cut_short", Break::Shorter);
        broken(self, "signature_too_long", Break::Longer);
        broken(self, "other_encoding", Break::WrongEncoding);
        for (id, algorithm) in [
            ("algorithm_sha1", Algorithm::HmacSha1),
            ("algorithm_sha256", Algorithm::HmacSha256),
            ("algorithm_sha512", Algorithm::HmacSha512),
        ] {
            if algorithm != scheme.algorithm {
                broken(self, id, Break::OtherAlgorithm { algorithm });
            }
        }
        if !scheme.signature.prefix.is_empty() {
            broken(self, "prefix_missing", Break::MissingPrefix);
        }
        if scheme.header_of(PartKind::Timestamp).is_some() {
            broken(self, "timestamp_changed", Break::TimestampChanged);
        }
        if scheme.header_of(PartKind::Id).is_some() {
            broken(self, "id_changed", Break::IdChanged);
        }
        self.add("not_json", Group::Refuse, false, Kind::NotJson);
        if self.setup.state {
            self.add("nothing_done", Group::Refuse, false, Kind::Derived(Derived::NothingDone));
        }
    }

    fn unsigned_refusals(&mut self) {
        self.add("not_json", Group::Refuse, false, Kind::NotJson);
        self.add("field_missing", Group::Weigh, false, Kind::FieldMissing);
        if self.setup.state {
            self.add("nothing_done", Group::Refuse, false, Kind::Derived(Derived::NothingDone));
        }
    }

    fn accepted(&mut self) {
        for index in 0..self.setup.keys.len().max(1) {
            let id = if index == 0 { "valid".to_owned() } else { format!("valid_secret_{}", index + 1) };
            self.add(&id, Group::Accept, true, Kind::Valid(index));
        }
        let accept = |list: &mut Self, id: &str, kind: Kind| list.add(id, Group::Accept, true, kind);
        accept(self, "header_case", Kind::HeaderCase);
        accept(self, "unicode", Kind::Form(Form::Unicode));
        accept(self, "unicode_escaped", Kind::Form(Form::Escaped));
        accept(self, "white_space", Kind::Form(Form::Spaced));
        accept(self, "white_space_at_end", Kind::Form(Form::Trailing));
        accept(self, "large", Kind::Form(Form::Large));
        accept(self, "large_unicode", Kind::Form(Form::LargeUnicode));
        accept(self, "chunked", Kind::Chunked);
        self.add("success_status", Group::Answer, true, Kind::Derived(Derived::Success));
        self.add("in_time", Group::Answer, true, Kind::Derived(Derived::InTime));
    }

    fn weighed(&mut self) {
        let weigh = |list: &mut Self, id: &str, kind: Kind| list.add(id, Group::Weigh, true, kind);
        let Some(scheme) = self.setup.scheme() else {
            weigh(self, "unknown_id", Kind::UnknownId);
            weigh(self, "duplicate", Kind::Duplicate);
            weigh(self, "content_type", Kind::ContentType);
            weigh(self, "wrong_shape", Kind::Shape);
            return;
        };
        if scheme.time.is_some() {
            weigh(self, "stale", Kind::Clock(-i64::from(OFF_S)));
            weigh(self, "future", Kind::Clock(i64::from(OFF_S)));
            self.add("timestamp_not_a_number", Group::Refuse, true, Kind::NotANumber);
        } else {
            self.add("replay", Group::Weigh, true, Kind::Derived(Derived::Replay));
        }
        let weigh = |list: &mut Self, id: &str, kind: Kind| list.add(id, Group::Weigh, true, kind);
        weigh(self, "duplicate", Kind::Duplicate);
        if scheme.signature.several {
            weigh(self, "several_by_space", Kind::Several(Joint::Space));
            weigh(self, "several_by_comma", Kind::Several(Joint::Comma));
            weigh(self, "several_headers", Kind::Several(Joint::Header));
        } else {
            self.add("signature_doubled", Group::Refuse, true, Kind::Doubled);
        }
        weigh(self, "signed_not_json", Kind::SignedNotJson);
        weigh(self, "content_type", Kind::ContentType);
        weigh(self, "wrong_shape", Kind::Shape);
    }
}

impl Probe {
    /// How many requests it has at the most; none where it is found in the answers to others.
    #[must_use]
    pub fn requests(&self) -> usize {
        match self.kind {
            Kind::Derived(_) => 0,
            Kind::Duplicate => 2,
            Kind::Handshake => 2,
            _ => 1,
        }
    }

    /// Whether its next request is worth sending after these answers.
    #[must_use]
    pub fn goes_on(&self, answers: &[super::Answer]) -> bool {
        match (&self.kind, answers.last()) {
            (_, None) => self.requests() > 0,
            (Kind::Duplicate, Some(first)) => answers.len() == 1 && first.class() == super::Class::Accepted,
            // As it is documented first, and signed where that is not answered.
            (Kind::Handshake, Some(first)) => answers.len() == 1 && first.echoes == Some(false),
            _ => false,
        }
    }

    /// Whether its answer says something even where nothing valid was accepted.
    #[must_use]
    pub fn means_something_alone(&self) -> bool {
        self.secret().is_some() || self.kind == Kind::UnknownId
    }

    /// Whether its answer says whether the endpoint accepts what is right with the secret of that place.
    #[must_use]
    pub fn secret(&self) -> Option<usize> {
        match self.kind {
            Kind::Valid(index) => Some(index),
            _ => None,
        }
    }
}
