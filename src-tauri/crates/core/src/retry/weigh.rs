//! What two answers to one event, and the endpoint's state beside them, say about the handler.
//!
//! Invariant: *ran twice* is said only where it is proved: the state changed when the duplicate came, or each answer names
//! a thing of its own. Where the answers do not say, that is the finding.

use super::differ::{Difference, differences, is_duplicate_word, json, thing_named};
use super::policy::Success;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Experiment {
    /// The endpoint works, its answer is lost, the same event comes again.
    LostAck,
    /// The same event twice at the same time.
    AtOnce,
    /// The next event first, then this one.
    OutOfOrder,
    /// The same event again after it was delivered.
    Late,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Proved: the work was done twice.
    RanTwice,
    /// The answers differ, and that may be why.
    MayHaveRunTwice,
    /// Answered the same, state unchanged.
    SameUnchanged,
    /// Answered in other words, state unchanged.
    Unchanged,
    /// The answer itself says that it knew the event.
    Recognised,
    /// Both answers name the same thing.
    SameThing,
    /// Neither the answers nor the state say.
    CannotTell,
    /// The second one was not taken: it counts as failed and comes again.
    Refused,
    /// There is nothing to compare.
    NotTried,
}

/// An answer that is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Its status; none where there was no answer.
    pub status: Option<u16>,
    /// Its body.
    pub body: Bytes,
}

/// The endpoint's state around the two, as the user's probe read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Twice before anything was sent: whether it changes by itself.
    pub before: [String; 2],
    /// After the first and before the second; none where they were sent at once.
    pub between: Option<String>,
    /// After both.
    pub after: String,
    /// Before and after one event alone: what a single one changes. For those sent at once.
    pub single: Option<[String; 2]>,
}

/// Two answers and what belongs to them.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// What was tried.
    pub experiment: Experiment,
    /// The first answer; out of order, that to the newer event.
    pub first: &'a Heard,
    /// The second answer.
    pub second: &'a Heard,
    /// The state, where there is a probe.
    pub state: Option<&'a State>,
    /// What counts as delivered.
    pub success: &'a Success,
    /// The fields of answers and states that do not count, as JSON pointers (RFC 6901).
    pub ignore: &'a [String],
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was tried.
    pub experiment: Experiment,
    /// What was found.
    pub kind: Kind,
    /// In a sentence.
    pub words: String,
}

/// Weighs two answers.
#[must_use]
pub fn weigh(compared: &Compared<'_>) -> Finding {
    let (kind, words) = kind_of(compared);
    Finding { experiment: compared.experiment, kind, words }
}

fn kind_of(c: &Compared<'_>) -> (Kind, String) {
    let (Some(first), Some(second)) = (c.first.status, c.second.status) else {
        let which = if c.first.status.is_none() { "first" } else { "second" };
        return (Kind::NotTried, format!("The {which} one got no answer, so there is nothing to compare."));
    };
    let (a, b) = (c.success.counts(first), c.success.counts(second));
    if !a && (!b || c.experiment != Experiment::AtOnce) {
        return (Kind::NotTried, format!("The first one was answered {first}, so the event was not taken at all."));
    }
    let changed = state_change(c);
    if let Some(Err(why)) = &changed {
        return (Kind::CannotTell, why.clone());
    }
    let changed = changed.and_then(Result::ok);
    let answered =
        if first == second { format!("both answered {first}") } else { format!("answered {first} and {second}") };
    if let Some(Some(what)) = &changed
        && c.experiment != Experiment::OutOfOrder
    {
        return (Kind::RanTwice, format!("{}, and {what}: the handler ran twice.", upper(&answered)));
    }
    let refused = if b { first } else { second };
    if !(a && b) {
        return (Kind::Refused, format!("One was answered {refused}, which counts as failed: it would be sent again."));
    }
    if c.experiment == Experiment::OutOfOrder {
        return out_of_order(&answered, changed);
    }
    duplicates(c, &answered, changed.is_some())
}

fn out_of_order(answered: &str, changed: Option<Option<String>>) -> (Kind, String) {
    match changed {
        None => (
            Kind::CannotTell,
            format!("Cannot tell: {answered}; whether the older event overwrote the newer one the answers do not say."),
        ),
        Some(None) => {
            (Kind::Unchanged, format!("{}, and the older event, coming last, changed nothing.", upper(answered)))
        }
        Some(Some(what)) => (
            Kind::CannotTell,
            format!("{}, and {what}: see that this is not the older event overwriting the newer one.", upper(answered)),
        ),
    }
}

/// Two answers that both count, to the same event; where the state is known, it did not change.
fn duplicates(c: &Compared<'_>, answered: &str, state_known: bool) -> (Kind, String) {
    let (first, second) = (json(&c.first.body, c.ignore), json(&c.second.body, c.ignore));
    let differing = match (&first, &second) {
        (Some(a), Some(b)) => differences(a, b),
        _ if c.first.body == c.second.body => Vec::new(),
        _ => vec![Difference { pointer: String::new(), name: "body".to_owned(), a: None, b: None }],
    };
    let flag = differing.iter().find(|d| d.tells_duplicate());
    let flag = flag.map(|flag| {
        let said = flag.b.as_ref().filter(|b| is_duplicate_word(&flag.name, b)).or(flag.a.as_ref());
        format!("the answer says {}: {}", flag.name, said.map(ToString::to_string).unwrap_or_default())
    });
    let names = || differing.iter().map(|d| d.name.clone()).take(3).collect::<Vec<_>>().join(", ");
    match (state_known, flag) {
        (true, _) if differing.is_empty() => {
            return (
                Kind::SameUnchanged,
                format!("Same id sent twice, {answered}, answered the same, state unchanged."),
            );
        }
        (true, Some(flag)) => {
            return (Kind::Unchanged, format!("Same id sent twice, {answered}, state unchanged, and {flag}."));
        }
        (true, None) => {
            let words = format!("Same id sent twice, {answered}, state unchanged; the answers differ in {}.", names());
            return (Kind::Unchanged, words);
        }
        (false, Some(flag)) => return (Kind::Recognised, format!("Same id sent twice, {answered}; {flag}.")),
        (false, None) => {}
    }
    if let Some(id) = differing.iter().find(|d| d.names_a_thing()) {
        return (Kind::RanTwice, format!("{} with different {}: the handler ran twice.", upper(answered), id.shown()));
    }
    if !differing.is_empty() {
        let words =
            format!("{}, and the answers differ in {}: the handler may have run twice.", upper(answered), names());
        return (Kind::MayHaveRunTwice, words);
    }
    if let Some(name) = first.as_ref().and_then(thing_named) {
        return (Kind::SameThing, format!("Same id sent twice, {answered}, body identical, with the same {name}."));
    }
    (
        Kind::CannotTell,
        format!("Cannot tell: {answered} with the same body, which does not say whether work was done twice."),
    )
}

/// What changed in the state where it should not have: none without a probe; `Ok(None)` where nothing did; an error in a
/// sentence where the state says nothing.
fn state_change(c: &Compared<'_>) -> Option<Result<Option<String>, String>> {
    let state = c.state?;
    let read = |text: &str| Read::of(text, c.ignore);
    let idle = read(&state.before[0]).changes(&read(&state.before[1]));
    if let Some(own) = idle.first() {
        let named = if own.pointer.is_empty() { "the whole state".to_owned() } else { own.pointer.clone() };
        return Some(Err(format!(
            "Cannot tell: the state changes by itself ({named}); leave that out of the comparison."
        )));
    }
    let after = read(&state.after);
    if let Some(between) = &state.between {
        let changes = read(between).changes(&after);
        let what =
            changes.first().map(|d| format!("the state changed when the second one came ({})", d.shown_change()));
        return Some(Ok(what));
    }
    let pair = read(&state.before[1]).changes(&after);
    let Some([before, single]) = &state.single else { return None };
    let once = read(before).changes(&read(single));
    Some(twice_as_much(&once, &pair))
}

/// Whether two at once changed more than one alone does.
fn twice_as_much(once: &[Difference], pair: &[Difference]) -> Result<Option<String>, String> {
    let grown = |d: &Difference| d.growth();
    if once.is_empty() {
        return Err("Cannot tell: one event alone changes nothing in the state, so two could not either.".to_owned());
    }
    for single in once {
        let Some(by) = grown(single).filter(|by| *by != 0.0) else { continue };
        let Some(both) = pair.iter().find(|d| d.pointer == single.pointer) else { continue };
        if grown(both) == Some(2.0 * by) {
            return Ok(Some(format!("the state grew twice as much as by one event ({})", both.shown_change())));
        }
    }
    let same = once.iter().all(|single| {
        let by = grown(single);
        by.is_some() && pair.iter().any(|d| d.pointer == single.pointer && grown(d) == by)
    });
    if same {
        return Ok(None);
    }
    Err("Cannot tell: the state changed otherwise than by one event alone, and not by twice as much.".to_owned())
}

/// A state as read.
enum Read {
    Json(Value),
    Text(String),
}

impl Read {
    fn of(text: &str, ignore: &[String]) -> Read {
        json(text.as_bytes(), ignore).map_or_else(|| Read::Text(text.trim().to_owned()), Read::Json)
    }

    fn changes(&self, after: &Read) -> Vec<Difference> {
        match (self, after) {
            (Read::Json(a), Read::Json(b)) => differences(a, b),
            (Read::Text(a), Read::Text(b)) if a == b => Vec::new(),
            (a, b) => vec![Difference { pointer: String::new(), name: "state".to_owned(), a: a.value(), b: b.value() }],
        }
    }

    fn value(&self) -> Option<Value> {
        Some(match self {
            Read::Json(value) => value.clone(),
            Read::Text(text) => Value::String(text.clone()),
        })
    }
}

fn upper(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
