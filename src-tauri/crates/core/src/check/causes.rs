//! What is wrong with an endpoint, seen over all answers.

use super::answer::{Answer, Class};
use super::doubts::Doubt;
use super::facts::ThrowsOn;
use super::judge::{Asked, Said};
use super::make::Setup;
use super::probe::{Form, Kind, Level, Probe};
use crate::resign::Break;

/// A cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    pub(super) word: &'static str,
    pub(super) meaning: String,
    /// The title of how to mend it, and what to look at.
    pub(super) mend: Option<(&'static str, &'static str)>,
}

impl Cause {
    pub(super) fn of(word: &'static str, meaning: impl Into<String>, mend: &'static str, topic: &'static str) -> Cause {
        Cause { word, meaning: meaning.into(), mend: Some((mend, topic)) }
    }
}

pub(super) fn does_not_verify() -> Cause {
    Cause::of(
        "does_not_verify",
        "It accepts whatever comes: the signature is not verified. Anybody who knows the URL can post.",
        "verify the signature",
        "compare",
    )
}

/// All answers of a check.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) setup: &'a Setup<'a>,
    pub(super) asked: &'a [Asked],
    pub(super) proved: Option<&'a Doubt>,
}

impl Case<'_> {
    /// How the last answer to a probe is to be taken.
    pub(super) fn class(&self, id: &str) -> Option<Class> {
        self.asked.iter().find(|one| one.probe.id == id)?.answers.last().map(Answer::class)
    }

    fn is(&self, id: &str, class: Class) -> bool {
        self.class(id) == Some(class)
    }

    /// Refused or broken off.
    fn fails(&self, id: &str) -> bool {
        matches!(self.class(id), Some(Class::Refused | Class::Broke))
    }

    /// The answers to what must be refused.
    pub(super) fn refusals(&self) -> impl Iterator<Item = &Answer> {
        self.asked
            .iter()
            .filter(|one| matches!(one.probe.kind, Kind::Broken(_) | Kind::NotJson))
            .filter_map(|one| one.answers.last())
    }

    /// Whether every broken signature was accepted, of several.
    pub(super) fn accepts_every_signature(&self) -> bool {
        let broken = self.asked.iter().filter(|one| matches!(one.probe.kind, Kind::Broken(_)));
        let classes: Vec<Class> = broken.filter_map(|one| one.answers.last().map(Answer::class)).collect();
        classes.len() > 2 && classes.iter().all(|class| *class == Class::Accepted)
    }

    /// Whether something valid was accepted.
    pub(super) fn accepts_valid(&self) -> bool {
        self.acceptances().any(|(_, answer)| answer.class() == Class::Accepted)
    }

    /// Whether valid ones were answered, and none of them with yes.
    pub(super) fn refuses_everything(&self) -> bool {
        let mut answered =
            self.acceptances().filter(|(_, answer)| !matches!(answer.class(), Class::Late | Class::Away));
        answered.next().is_some() && !self.accepts_valid()
    }

    /// Whether it answers success whatever it thinks, as the provider's examples do.
    pub(super) fn silent(&self) -> bool {
        let mut accepted = 0;
        for answer in self.refusals() {
            match answer.class() {
                Class::Accepted => accepted += 1,
                Class::Refused => return false,
                _ => {}
            }
        }
        accepted > 0 && self.setup.rule.check.refuses_silently()
    }

    /// Whether the document's own example throws on it.
    pub(super) fn shown_to_throw(&self, probe: &Probe) -> bool {
        let on = match &probe.kind {
            Kind::Broken(Break::MissingHeader) => ThrowsOn::Missing,
            Kind::Broken(Break::Empty) => ThrowsOn::Empty,
            Kind::SignedNotJson => ThrowsOn::NotJson,
            Kind::Doubled => ThrowsOn::UnequalLength,
            Kind::Broken(fault) if of_unequal_length(fault) => ThrowsOn::UnequalLength,
            _ => return false,
        };
        self.setup.rule.check.throws.contains(&on)
    }

    /// Why something wrong is accepted.
    pub(super) fn accepts(&self, probe: &Probe) -> Cause {
        if self.setup.scheme().is_none() {
            return Cause::of(
                "takes_anything",
                "It answers success to what is not JSON: such a delivery is lost without a trace.",
                "refuse what cannot be read",
                "bad_input",
            );
        }
        if self.accepts_every_signature() {
            return does_not_verify();
        }
        if self.is("other_secret", Class::Accepted) {
            return Cause::of(
                "form_only",
                "It looks at the form of the signature and not at its value: any secret will do.",
                "compare the signature",
                "compare",
            );
        }
        let Kind::Broken(fault) = &probe.kind else {
            return Cause::of(
                "accepts_before_verifying",
                "It answers success to what is not JSON before it has looked at the signature.",
                "verify first",
                "compare",
            );
        };
        self.accepts_fault(fault)
    }

    fn accepts_fault(&self, fault: &Break) -> Cause {
        let header = |kind| self.setup.scheme().and_then(|s| s.header_of(kind)).unwrap_or("the header").to_owned();
        match fault {
            Break::TamperedBody => Cause::of(
                "body_not_hashed",
                "The body is not part of what it hashes: anybody can change what a delivery says.",
                "the body is signed",
                "signed_content",
            ),
            Break::MissingHeader | Break::Empty => Cause::of(
                "skips_missing",
                "It verifies only where there is a signature: whoever leaves it out is let in.",
                "a missing signature is refused",
                "missing",
            ),
            Break::Shorter | Break::Longer => Cause::of(
                "compares_a_part",
                "It compares only a part of the signature. Compare all of it, the length first.",
                "compare the whole signature",
                "compare",
            ),
            Break::WrongEncoding => Cause::of(
                "takes_other_encoding",
                "It takes the signature in another encoding too. Take the one that the document names.",
                "one encoding",
                "encoding",
            ),
            Break::OtherAlgorithm { algorithm } => Cause::of(
                "takes_other_algorithm",
                format!("It takes {} too. Take the algorithm that the document names.", algorithm.name()),
                "one algorithm",
                "signed_content",
            ),
            Break::MissingPrefix => Cause::of(
                "takes_without_prefix",
                "It takes the signature without what stands before it. Compare the whole value of the header.",
                "compare the whole value",
                "encoding",
            ),
            Break::TimestampChanged => Cause::of(
                "timestamp_not_hashed",
                format!(
                    "{} is not part of what it hashes: an old delivery passes for a new one.",
                    header(crate::rule::PartKind::Timestamp)
                ),
                "the timestamp is signed too",
                "signed_content",
            ),
            Break::IdChanged => Cause::of(
                "id_not_hashed",
                format!(
                    "{} is not part of what it hashes: a delivery passes for another one.",
                    header(crate::rule::PartKind::Id)
                ),
                "the id is signed too",
                "signed_content",
            ),
            _ => Cause::of(
                "reads_leniently",
                "It takes a signature that cannot be read for the right one. Decode strictly, compare all of it.",
                "read the signature strictly",
                "encoding",
            ),
        }
    }

    /// Why it breaks on something wrong.
    pub(super) fn breaks(&self, probe: &Probe, answer: &Answer) -> Cause {
        let got = answer.short();
        if probe.kind == Kind::NotJson {
            if self.is("other_secret", Class::Accepted) {
                return self.accepts(probe);
            }
            if !self.is("other_secret", Class::Broke) {
                return Cause::of(
                    "parses_before_verifying",
                    format!(
                        "It answers {got}: it parses the body before it verifies. Verify the bytes first, then parse."
                    ),
                    "parse after verifying",
                    "bad_input",
                );
            }
        }
        let equal = ["body_changed", "other_secret", "timestamp_changed", "id_changed"];
        if equal.iter().any(|id| self.is(id, Class::Broke)) {
            return Cause::of(
                "throws_instead_of_refusing",
                format!(
                    "The handler answers {got} instead of refusing. Answer a 4xx where the signature does not match."
                ),
                "a mismatch is refused",
                "compare",
            );
        }
        let unequal = self.is("signature_cut_short", Class::Broke) || self.is("signature_too_long", Class::Broke);
        match &probe.kind {
            Kind::Broken(Break::MissingHeader) => throws_on_missing(&got),
            Kind::Broken(Break::Empty) if !unequal => throws_on_missing(&got),
            Kind::Broken(fault) if *fault == Break::Empty || of_unequal_length(fault) => throws_on_unequal_length(&got),
            Kind::Doubled => throws_on_unequal_length(&got),
            _ => Cause::of(
                "breaks_on_bad_input",
                format!("The handler answers {got} to what it cannot use. Answer a 4xx."),
                "bad input is refused",
                "bad_input",
            ),
        }
    }

    /// Why something valid is not accepted.
    pub(super) fn refused_valid(&self, one: &Asked, answer: &Answer) -> Said {
        if !self.accepts_valid() {
            return self.refuses_all(answer);
        }
        let broke = answer.class() == Class::Broke;
        match &one.probe.kind {
            Kind::Valid(index) if !broke => {
                let name = self.setup.keys.get(*index).map_or("", |key| key.name.as_str());
                Said::of(
                    Level::Note,
                    Cause::of(
                        if *index == 0 { "does_not_know_secret" } else { "knows_one_secret" },
                        format!(
                            "It does not know the secret “{name}”. While secrets are changed, deliveries signed with it are \
                             lost."
                        ),
                        "several secrets",
                        "several_signatures",
                    ),
                )
            }
            Kind::Form(form @ (Form::Large | Form::LargeUnicode)) => {
                Said::of(Level::Warning, self.large(*form, answer))
            }
            Kind::Chunked => Said::of(
                Level::Warning,
                Cause::of(
                    "reads_content_length",
                    format!(
                        "It answers {} to a body in chunks: it reads no more than Content-Length says.",
                        answer.short()
                    ),
                    "read the body to its end",
                    "raw_body",
                ),
            ),
            Kind::HeaderCase => Said::of(
                Level::Fault,
                Cause::of(
                    "reads_header_by_case",
                    "It finds its headers in one spelling alone. Header names have no case: proxies write them in lower case.",
                    "header names have no case",
                    "missing",
                ),
            ),
            Kind::Form(_) if self.setup.scheme().is_some() => Said::of(Level::Fault, self.form(answer)),
            _ => Said::of(
                Level::Fault,
                Cause::of(
                    "refuses_one_way_of_writing",
                    format!("It answers {} to what is valid and only written in another way.", answer.short()),
                    "read JSON as a whole",
                    "raw_body",
                ),
            ),
        }
    }

    /// Why a body in another form does not verify, where one in the plainest form does.
    fn form(&self, answer: &Answer) -> Cause {
        let (spaced, trailing) = (self.fails("white_space"), self.fails("white_space_at_end"));
        let (unicode, escaped) = (self.fails("unicode"), self.fails("unicode_escaped"));
        if unicode && !escaped && !spaced {
            return Cause::of(
                "decodes_in_another_charset",
                "Letters beyond ASCII do not survive: the body is decoded in another charset than UTF-8, such as Latin-1. Hash \
                 the bytes as they came.",
                "hash bytes, not text",
                "raw_body",
            );
        }
        if trailing && !spaced && !escaped && !unicode {
            return Cause::of(
                "trims_body",
                "The handler trims the body before it hashes it. Hash the bytes as they came.",
                "hash the body as it came",
                "raw_body",
            );
        }
        if spaced || escaped {
            return Cause::of(
                "reserialises",
                "The handler hashes a re-serialised body: JSON.stringify(req.body) is not what was sent.",
                "the body is parsed before it is hashed",
                "raw_body",
            );
        }
        Cause::of(
            "changes_body",
            format!(
                "It answers {} to a body that is only written in another way: it does not hash what came.",
                answer.short()
            ),
            "hash the body as it came",
            "raw_body",
        )
    }

    fn large(&self, form: Form, answer: &Answer) -> Cause {
        if form == Form::LargeUnicode && self.is("large", Class::Accepted) && !self.fails("unicode") {
            return Cause::of(
                "decodes_chunk_by_chunk",
                "A letter that is cut in two between chunks is lost: the body is decoded chunk by chunk. Collect the bytes first.",
                "collect bytes, then decode",
                "raw_body",
            );
        }
        if form == Form::LargeUnicode && self.fails("unicode") && self.is("large", Class::Accepted) {
            return self.form(answer);
        }
        Cause::of(
            "limits_body",
            format!(
                "It answers {} to a body of 1 MB. {} documents no limit: raise the framework's if such bodies may come.",
                answer.short(),
                self.setup.rule.name
            ),
            "bodies may be large",
            "raw_body",
        )
    }

    /// Nothing valid is accepted.
    fn refuses_all(&self, answer: &Answer) -> Said {
        let first = self.acceptances().next().map_or(answer, |(_, first)| first);
        let name = &self.setup.rule.name;
        if let Some(doubt) = self.proved {
            return Said::of(Level::Fault, Cause::of(doubt.cause, doubt.meaning.clone(), doubt.mend, doubt.topic));
        }
        if self.setup.scheme().is_none() && first.class() == Class::Refused && !self.setup.has_ids() {
            return Said::told(
                Level::Question,
                "wants_known_ids",
                "It refuses ids that were made up, as the document advises. Give ids that it waits for, and check again.",
            );
        }
        let got = first.short();
        let (word, meaning) = match first.status() {
            Some(404 | 405 | 410) => (
                "wrong_place",
                format!("It answers {got}: nothing takes a POST there. Is the URL the one that {name} has?"),
            ),
            Some(413) => ("limits_body", format!("It answers {got}: a short body is too large for it.")),
            Some(415) => ("refuses_json", format!("It answers {got}: it does not take application/json.")),
            Some(429) => {
                ("throttles", format!("It answers {got}: it throttles. Check again later, or lift the limit here."))
            }
            Some(400..=499) if self.setup.scheme().is_some() => {
                let secret = self.setup.keys.first().map_or("", |key| key.name.as_str());
                (
                    "refuses_valid",
                    format!(
                        "It answers {got} to what is valid. None of the usual mistakes explains it: is its secret “{secret}”?"
                    ),
                )
            }
            Some(400..=499) => ("refuses_valid", format!("It answers {got} to what is valid.")),
            _ => ("breaks_on_valid", format!("It answers {got} to what is valid: its own log says why.")),
        };
        Said::of(Level::Fault, Cause::of(word, meaning, "accept what is valid", "compare"))
    }
}

/// Whether the signature that comes has another length than the right one, as text or as bytes.
fn of_unequal_length(fault: &Break) -> bool {
    matches!(
        fault,
        Break::Shorter
            | Break::Longer
            | Break::WrongEncoding
            | Break::OtherAlgorithm { .. }
            | Break::MissingPrefix
            | Break::Malformed
    )
}

fn throws_on_missing(got: &str) -> Cause {
    Cause::of(
        "takes_header_for_granted",
        format!("The handler answers {got}: it takes the signature for granted and throws where there is none."),
        "a missing signature is refused",
        "missing",
    )
}

fn throws_on_unequal_length(got: &str) -> Cause {
    Cause::of(
        "throws_on_unequal_length",
        format!(
            "The handler answers {got}: it threw instead of refusing. Compare lengths first, or catch the error of \
             timingSafeEqual on unequal lengths."
        ),
        "unequal lengths throw",
        "compare",
    )
}
