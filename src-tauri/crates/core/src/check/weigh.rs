//! What is weighed rather than condemned, and what is found in several answers together.

use super::answer::{Answer, Class, took};
use super::causes::{Case, Cause, does_not_verify};
use super::judge::{Asked, Said};
use super::probe::{Kind, Level};
use super::words;

impl Case<'_> {
    pub(super) fn weighed(&self, one: &Asked, answer: &Answer) -> Said {
        let class = answer.class();
        if class == Class::Accepted && self.silent() && !matches!(one.probe.kind, Kind::Duplicate | Kind::Shape) {
            return Said { level: Level::Question, ..self.unsaid(&Answer { changed: None, ..answer.clone() }) };
        }
        match &one.probe.kind {
            Kind::Clock(_) | Kind::NotANumber => self.clock(one, answer),
            Kind::Doubled => match class {
                Class::Accepted => Said::told(
                    Level::Note,
                    "takes_doubled",
                    "It takes the right signature in two headers. Nothing is forged by that, and the document does not say.",
                ),
                Class::Broke => self.thrown(one, answer),
                _ => Said::hold(),
            },
            Kind::SignedNotJson => match class {
                Class::Accepted => Said::of(
                    Level::Warning,
                    Cause::of(
                        "accepts_unreadable",
                        "It answers success to what it cannot have read: such a delivery would be lost.",
                        "refuse what cannot be read",
                        "bad_input",
                    ),
                ),
                Class::Broke => {
                    let level = if self.shown_to_throw(&one.probe) { Level::Warning } else { Level::Fault };
                    Said::of(
                        level,
                        Cause::of(
                            "throws_on_not_json",
                            format!("It answers {}: parsing throws and nobody catches it. Answer 400.", answer.short()),
                            "bad input is refused",
                            "bad_input",
                        ),
                    )
                }
                _ => Said::hold(),
            },
            Kind::ContentType => match class {
                Class::Accepted => Said::hold(),
                _ => Said::told(
                    Level::Note,
                    "wants_content_type",
                    format!("It answers {} where the type is not application/json.", answer.short()),
                ),
            },
            Kind::Shape => match class {
                Class::Broke => Said::of(
                    Level::Note,
                    Cause::of(
                        "breaks_on_shape",
                        format!(
                            "It answers {} to JSON of another shape: an event that it does not know might do that too.",
                            answer.short()
                        ),
                        "bad input is refused",
                        "bad_input",
                    ),
                ),
                _ => Said::hold(),
            },
            Kind::FieldMissing => match class {
                Class::Refused if self.refuses_everything() => self.proves_nothing(),
                Class::Accepted => Said::of(
                    Level::Warning,
                    Cause::of(
                        "does_not_validate",
                        "It accepts an event without its id. The document advises to validate the payload first.",
                        "validate first",
                        "bad_input",
                    ),
                ),
                Class::Broke => Said::of(
                    Level::Warning,
                    Cause::of(
                        "breaks_on_missing_field",
                        format!("It answers {} where a field is missing. Answer 400.", answer.short()),
                        "validate first",
                        "bad_input",
                    ),
                ),
                _ => Said::hold(),
            },
            Kind::UnknownId => match class {
                Class::Accepted => Said::of(
                    Level::Warning,
                    Cause::of(
                        "takes_unknown_ids",
                        "It accepts an id that nobody waits for: whoever knows the URL can post results. Compare ids with those \
                         that you expect.",
                        "compare ids",
                        "bad_input",
                    ),
                ),
                Class::Broke => Said::told(
                    Level::Warning,
                    "breaks_on_unknown_id",
                    format!("It answers {} to an id that it does not know. Answer 403 or 404.", answer.short()),
                ),
                _ => Said::hold(),
            },
            Kind::Several(_) => self.several(answer),
            Kind::Duplicate => self.duplicate(one),
            _ => Said::hold(),
        }
    }

    fn thrown(&self, one: &Asked, answer: &Answer) -> Said {
        let level = if self.shown_to_throw(&one.probe) { Level::Warning } else { Level::Fault };
        Said::of(level, self.breaks(&one.probe, answer))
    }

    /// A timestamp that is not now.
    fn clock(&self, one: &Asked, answer: &Answer) -> Said {
        let number = one.probe.kind != Kind::NotANumber;
        match answer.class() {
            Class::Accepted if !number && self.class("stale") == Some(Class::Refused) => Said::of(
                Level::Warning,
                Cause::of(
                    "not_a_number_passes",
                    "A timestamp that is no number passes the look at the clock: comparing it is neither less nor more.",
                    "read the timestamp strictly",
                    "timestamp",
                ),
            ),
            Class::Accepted if self.accepts_every_signature() => Said::of(Level::Warning, does_not_verify()),
            Class::Accepted => Said::of(
                Level::Warning,
                Cause::of(
                    "ignores_timestamp",
                    format!(
                        "A captured delivery can be replayed. Compare the timestamp with your clock; {} does not ask for it.",
                        self.setup.rule.name
                    ),
                    "the timestamp is compared",
                    "timestamp",
                ),
            ),
            Class::Broke => Said::of(
                if number { Level::Warning } else { Level::Fault },
                Cause::of(
                    "throws_on_timestamp",
                    format!("It answers {} to a timestamp that it does not take. Answer a 4xx.", answer.short()),
                    "read the timestamp strictly",
                    "timestamp",
                ),
            ),
            _ => Said::hold(),
        }
    }

    fn several(&self, answer: &Answer) -> Said {
        let ids = ["several_by_space", "several_by_comma", "several_headers"];
        match answer.class() {
            Class::Accepted => Said::hold(),
            _ if ids.iter().any(|id| self.class(id) == Some(Class::Accepted)) => Said::told(
                Level::Note,
                "not_this_form",
                "It takes several signatures, though not written like this; how they are written is not documented.",
            ),
            _ => Said::of(
                Level::Note,
                Cause::of(
                    "one_signature_only",
                    "It looks at one signature alone. The document's code accepts any of several: while secrets are changed, the \
                     right one may stand second.",
                    "any of several may match",
                    "several_signatures",
                ),
            ),
        }
    }

    fn duplicate(&self, one: &Asked) -> Said {
        let [first, second] = one.answers.as_slice() else {
            return match one.answers.first().map(Answer::class) {
                Some(Class::Refused | Class::Broke) => Said::told(
                    Level::Question,
                    "duplicate_not_tried",
                    "The first of the two was not accepted, so the second was not sent.",
                ),
                _ => Said { level: Level::NotAsked, cause: None },
            };
        };
        match second.class() {
            Class::Accepted => {}
            Class::Broke => {
                return Said::of(
                    Level::Fault,
                    Cause::of(
                        "breaks_on_duplicate",
                        format!(
                            "It answers {} to the same event again: {} takes that for a failure and tries again.",
                            second.short(),
                            self.setup.rule.name
                        ),
                        "the same event twice",
                        "duplicate",
                    ),
                );
            }
            _ => {
                return Said::of(
                    Level::Warning,
                    Cause::of(
                        "refuses_duplicate",
                        format!(
                            "It answers {} to an event that it has handled: {} takes that for a failure and tries again. Answer \
                             success and do nothing.",
                            second.short(),
                            self.setup.rule.name
                        ),
                        "the same event twice",
                        "duplicate",
                    ),
                );
            }
        }
        match (first.changed, second.changed) {
            (_, Some(true)) => Said::of(
                Level::Warning,
                Cause::of(
                    "works_twice",
                    "It worked twice: the state changed again with the same event. Keep the ids of what was handled.",
                    "the same event twice",
                    "duplicate",
                ),
            ),
            (Some(true), Some(false)) => Said::hold(),
            (Some(false), Some(false)) => Said::told(
                Level::Question,
                "state_does_not_say",
                "The state did not change with the first of the two either: it does not say whether anything ran twice.",
            ),
            _ => Said::of(
                Level::Question,
                Cause::of(
                    "twice_or_once",
                    "Answering success is right if nothing ran twice. Give a state probe to know.",
                    "the same event twice",
                    "duplicate",
                ),
            ),
        }
    }

    pub(super) fn handshake(&self, one: &Asked) -> Said {
        let name = &self.setup.rule.name;
        match one.answers.as_slice() {
            [.., last] if one.answers.len() > 1 && last.echoes == Some(true) => Said::of(
                Level::Warning,
                Cause::of(
                    "handshake_wants_signature",
                    format!(
                        "It answers the challenge only where that is signed. Whether {name} signs it is not documented."
                    ),
                    "the challenge may come unsigned",
                    "handshake",
                ),
            ),
            [first, ..] if first.echoes == Some(true) => Said::hold(),
            [first, ..] => Said::of(
                Level::Fault,
                Cause::of(
                    "handshake_unanswered",
                    format!(
                        "It answers {} and does not repeat the challenge: {name} cannot confirm the endpoint.",
                        first.short()
                    ),
                    "the challenge is repeated",
                    "handshake",
                ),
            ),
            [] => Said { level: Level::NotAsked, cause: None },
        }
    }

    pub(super) fn success_status(&self) -> Said {
        let accepted: Vec<u16> = self
            .acceptances()
            .filter(|(_, answer)| answer.class() == Class::Accepted)
            .filter_map(|(_, answer)| answer.status())
            .collect();
        if accepted.is_empty() {
            return Said { level: Level::NotAsked, cause: None };
        }
        let success = &self.setup.rule.retry.success.value;
        match accepted.iter().find(|status| !success.counts(**status)) {
            None => Said::hold(),
            Some(status) => {
                let name = &self.setup.rule.name;
                Said::of(
                    Level::Fault,
                    Cause::of(
                        "wrong_success_status",
                        format!(
                            "It answers {status}. {name} counts {} as delivered, and will send the same event again.",
                            words::success(self.setup)
                        ),
                        "the status that counts",
                        "success",
                    ),
                )
            }
        }
    }

    pub(super) fn in_time(&self) -> Said {
        let Some(slowest) = self.slowest() else {
            return Said { level: Level::NotAsked, cause: None };
        };
        if slowest.class() == Class::Late {
            return self.late();
        }
        let name = &self.setup.rule.name;
        match self.setup.rule.check.advised_s {
            Some(advised_s) if slowest.took_us > u64::from(advised_s) * 1_000_000 => Said::of(
                Level::Warning,
                Cause::of(
                    "slow",
                    format!(
                        "It takes {}; {name} advises to answer within {advised_s} s. Answer first, work afterwards.",
                        took(slowest.took_us)
                    ),
                    "the work comes before the answer",
                    "answer_first",
                ),
            ),
            _ => Said::hold(),
        }
    }

    pub(super) fn nothing_done(&self) -> Said {
        let known: Vec<bool> = self
            .refusals()
            .filter(|answer| matches!(answer.class(), Class::Refused | Class::Broke) || self.silent())
            .filter_map(|answer| answer.changed)
            .collect();
        let accepted = self.refusals().filter(|answer| answer.class() == Class::Accepted && !self.silent()).count();
        // What takes nearly everything verifies nothing: that it refuses the rest in time says nothing.
        if known.is_empty() || (accepted > known.len() && !known.contains(&true)) {
            return Said { level: Level::NotAsked, cause: None };
        }
        if known.contains(&true) {
            return Said::of(
                Level::Fault,
                Cause::of(
                    "works_before_verifying",
                    "Its state changed with a delivery that it refused: it works first and verifies afterwards.",
                    "verify before working",
                    "compare",
                ),
            );
        }
        Said::hold()
    }
}
