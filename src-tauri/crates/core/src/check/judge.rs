//! What answers mean, probe by probe.

use super::answer::{Answer, Class, Reply};
use super::causes::{Case, Cause};
use super::doubts::Doubt;
use super::make::Setup;
use super::probe::{Derived, Form, Kind, Level, Probe};

/// A probe with what came of its requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The probe.
    pub probe: Probe,
    /// The answers, in order; empty where it was not asked.
    pub answers: Vec<Answer>,
}

/// What came of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it weighs.
    pub level: Level,
    /// The answer in a few words.
    pub answer: String,
    /// What it means, in a sentence or two; empty where there is nothing to say.
    pub meaning: String,
    /// What is wrong, as a word.
    pub cause: Option<&'static str>,
    /// The title of how to mend it.
    pub mend: Option<&'static str>,
    /// What to look at in a handler.
    pub topic: Option<&'static str>,
    /// The id of the first probe with the same cause, where that is another one.
    pub same_as: Option<String>,
}

/// What came of a check, in the order of its probes.
pub type Judged = Vec<Finding>;

/// What is said of a probe before causes are named once.
pub(super) struct Said {
    pub(super) level: Level,
    pub(super) cause: Option<Cause>,
}

impl Said {
    pub(super) fn hold() -> Said {
        Said { level: Level::Hold, cause: None }
    }

    pub(super) fn of(level: Level, cause: Cause) -> Said {
        Said { level, cause: Some(cause) }
    }

    /// A sentence without a fault behind it.
    pub(super) fn told(level: Level, word: &'static str, meaning: impl Into<String>) -> Said {
        Said::of(level, Cause { word, meaning: meaning.into(), mend: None })
    }
}

/// Judges the answers of a check. `proved` is the mistake that was proved, where what is valid was refused.
#[must_use]
pub fn judge(setup: &Setup<'_>, asked: &[Asked], proved: Option<&Doubt>) -> Judged {
    let heard = heard(setup, asked);
    let case = Case { setup, asked: &heard, proved };
    let mut named: Vec<(&'static str, &str)> = Vec::new();
    heard
        .iter()
        .map(|one| {
            let Said { level, cause } = case.said(one);
            let answer = case.answer_words(one);
            let Some(Cause { word, meaning, mend }) = cause else {
                return Finding {
                    level,
                    answer,
                    meaning: String::new(),
                    cause: None,
                    mend: None,
                    topic: None,
                    same_as: None,
                };
            };
            let first = named.iter().find(|(other, _)| *other == word).map(|(_, id)| (*id).to_owned());
            if first.is_none() {
                named.push((word, &one.probe.id));
            }
            let meaning = if first.is_some() { "Same cause as above.".to_owned() } else { meaning };
            let (mend, topic) = mend.unzip();
            Finding { level, answer, meaning, cause: Some(word), mend, topic, same_as: first }
        })
        .collect()
}

/// The answers as they are to be taken. Where an endpoint says yes to everything, as its provider's examples do, its state
/// tells what it accepted: but only where what is valid changes it and something else does not.
fn heard(setup: &Setup<'_>, asked: &[Asked]) -> Vec<Asked> {
    let mut heard = asked.to_vec();
    let works = |one: &Asked| one.answers.first().is_some_and(|answer| answer.changed == Some(true));
    let shows = asked.iter().any(|one| matches!(one.probe.kind, Kind::Valid(_)) && works(one));
    if shows && (Case { setup, asked, proved: None }).silent() {
        for one in heard.iter_mut().filter(|one| one.probe.kind != Kind::Duplicate && one.probe.kind != Kind::Handshake)
        {
            for answer in &mut one.answers {
                answer.silent_no = answer.changed == Some(false);
            }
        }
    }
    heard
}

impl Case<'_> {
    fn said(&self, one: &Asked) -> Said {
        let probe = &one.probe;
        if let Kind::Derived(derived) = probe.kind {
            return self.derived(derived);
        }
        let Some(answer) = one.answers.last() else {
            return Said { level: Level::NotAsked, cause: None };
        };
        match answer.class() {
            Class::Away => {
                return Said::told(
                    Level::NotAsked,
                    "away",
                    "Nothing listens at the endpoint's address, or it cannot be reached.",
                );
            }
            Class::Late => return self.late(),
            _ => {}
        }
        match &probe.kind {
            Kind::Broken(_) | Kind::NotJson => self.refusal(one, answer),
            Kind::Valid(_) | Kind::Form(_) | Kind::HeaderCase | Kind::Chunked => self.acceptance(one, answer),
            Kind::Handshake => self.handshake(one),
            _ => self.weighed(one, answer),
        }
    }

    fn answer_words(&self, one: &Asked) -> String {
        match (&one.probe.kind, one.answers.as_slice()) {
            (Kind::Derived(Derived::Success), _) => self.success_words(),
            (Kind::Derived(Derived::InTime), _) => match self.slowest() {
                Some(slowest) if slowest.class() == Class::Late => slowest.words(),
                Some(slowest) => format!("slowest {}", super::answer::took(slowest.took_us)),
                None => String::new(),
            },
            (_, []) => String::new(),
            (Kind::Handshake, answers) if answers.iter().any(|answer| answer.echoes == Some(true)) => {
                "challenge echoed".to_owned()
            }
            (_, [only]) => only.words(),
            (_, several) => {
                let words =
                    several.iter().map(|answer| answer.status().map_or_else(|| answer.words(), |s| s.to_string()));
                words.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What must be refused.
    fn refusal(&self, one: &Asked, answer: &Answer) -> Said {
        match answer.class() {
            Class::Refused if self.refuses_everything() => self.proves_nothing(),
            Class::Refused => Said::hold(),
            Class::Accepted if self.silent() => self.unsaid(answer),
            Class::Accepted => Said::of(Level::Fault, self.accepts(&one.probe)),
            Class::Broke => {
                let level = if self.shown_to_throw(&one.probe) { Level::Warning } else { Level::Fault };
                Said::of(level, self.breaks(&one.probe, answer))
            }
            _ => Said::told(
                Level::Note,
                "redirects_refused",
                format!("It answers {}, which is neither yes nor no. A 4xx says no.", answer.short()),
            ),
        }
    }

    /// Refused like everything else.
    pub(super) fn proves_nothing(&self) -> Said {
        Said::told(
            Level::Question,
            "refuses_everything",
            "It is refused, but so is what is valid: this proves nothing yet. Check again once a valid delivery is accepted.",
        )
    }

    /// An endpoint that answers success whatever it thinks, as the provider's examples do.
    pub(super) fn unsaid(&self, answer: &Answer) -> Said {
        let name = &self.setup.rule.name;
        match answer.changed {
            Some(true) => Said::of(Level::Fault, super::causes::does_not_verify()),
            _ => Said::of(
                Level::Warning,
                Cause::of(
                    "answers_do_not_say",
                    format!(
                        "It answers {} to what does not match. The examples of {name} do that too, but from outside it is the same as \
                         not verifying. Answer 401 to what does not match, or give a state probe.",
                        answer.short()
                    ),
                    "refusals do not show",
                    "compare",
                ),
            ),
        }
    }

    /// What must be accepted.
    fn acceptance(&self, one: &Asked, answer: &Answer) -> Said {
        match answer.class() {
            Class::Accepted if self.silent() && answer.changed != Some(true) => {
                let said = self.unsaid(&Answer { changed: None, ..answer.clone() });
                Said { level: Level::Question, ..said }
            }
            Class::Accepted => Said::hold(),
            Class::Elsewhere => Said::of(
                Level::Fault,
                Cause::of(
                    "redirects",
                    format!(
                        "It answers {}. Providers do not follow redirects: give them the address that answers.",
                        answer.short()
                    ),
                    "redirects are failures",
                    "success",
                ),
            ),
            _ => self.refused_valid(one, answer),
        }
    }

    /// No answer in time.
    pub(super) fn late(&self) -> Said {
        let (limit_ms, documented) = self.setup.limit_ms();
        let name = &self.setup.rule.name;
        let waited = super::answer::took(u64::from(self.setup.waits_ms) * 1000);
        let limit = super::answer::took(u64::from(limit_ms) * 1000);
        let (level, meaning) = if self.setup.waits_ms < limit_ms {
            (
                Level::Warning,
                format!(
                    "No answer came within {waited}, for which this check waits; {name} waits {limit}. Answer first, work \
                     afterwards."
                ),
            )
        } else if documented {
            (
                Level::Fault,
                format!("No answer came within {limit}: {name} has given up by then. Answer first, work afterwards."),
            )
        } else {
            (
                Level::Warning,
                format!(
                    "No answer came within {limit}, for which {name} is assumed to wait. Answer first, work afterwards."
                ),
            )
        };
        Said::of(level, Cause::of("too_slow", meaning, "the work comes before the answer", "answer_first"))
    }

    fn derived(&self, derived: Derived) -> Said {
        match derived {
            Derived::Success => self.success_status(),
            Derived::InTime => self.in_time(),
            Derived::NothingDone => self.nothing_done(),
            Derived::Replay => Said::told(
                Level::Note,
                "replay",
                format!(
                    "{} signs no timestamp: whoever has captured a delivery can send it again for ever, and no endpoint can \
                     prevent that. Recognise events that were handled already.",
                    self.setup.rule.name
                ),
            ),
        }
    }

    /// Answers to what must be accepted.
    pub(super) fn acceptances(&self) -> impl Iterator<Item = (&Probe, &Answer)> {
        self.asked.iter().filter_map(|one| {
            let fits = matches!(one.probe.kind, Kind::Valid(_) | Kind::Form(_) | Kind::HeaderCase | Kind::Chunked);
            one.answers.last().filter(|_| fits).map(|answer| (&one.probe, answer))
        })
    }

    pub(super) fn slowest(&self) -> Option<&Answer> {
        let in_time = |(probe, answer): &(&Probe, &Answer)| {
            // A megabyte takes its time on the way.
            !matches!(probe.kind, Kind::Form(Form::Large | Form::LargeUnicode))
                && matches!(answer.class(), Class::Accepted | Class::Late)
        };
        self.acceptances()
            .filter(in_time)
            .map(|(_, answer)| answer)
            .max_by_key(|answer| (answer.class() == Class::Late, answer.took_us))
    }

    fn success_words(&self) -> String {
        let mut statuses: Vec<u16> = Vec::new();
        for (_, answer) in self.acceptances().filter(|(_, answer)| answer.class() == Class::Accepted) {
            if let Reply::Status(status) = answer.reply
                && !statuses.contains(&status)
            {
                statuses.push(status);
            }
        }
        let all: Vec<String> = statuses.iter().map(u16::to_string).collect();
        all.join(", ")
    }
}
