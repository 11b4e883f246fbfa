//! A delivery is made ready to go out: searched, masked, signed anew, and judged again where that changed it.

use super::{Captured, Record, Told, redacted};
use crate::catalogue::{Catalogue, Judgement, Keys};
use crate::fixture::Expectation;
use crate::ids::ProviderId;
use crate::redact::{
    Answer, Choices, Exchange, Found, Known, Masked, SecretSearch, Unsearched, find, mask, sign_anew, unsearched,
};
use crate::verdict::{Outcome, Verdict};

/// What preparing takes beside a delivery.
#[derive(Debug, Clone, Copy)]
pub struct Preparing<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// What is masked.
    pub choices: &'a Choices,
    /// What is known of this machine.
    pub known: &'a Known,
    /// The stored secrets.
    pub secrets: &'a SecretSearch,
}

/// A delivery that is ready to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// It.
    pub record: Record,
    /// What was found in it.
    pub found: Vec<Found>,
    /// The headers that are signed, in lower case.
    pub signed: Vec<String>,
    /// What was masked.
    pub masked: Masked,
    /// Why its body was not searched.
    pub unsearched: Option<Unsearched>,
}

/// Makes a delivery ready.
#[must_use]
pub fn prepare(captured: Captured, with: &Preparing<'_>) -> Prepared {
    let provider: Option<ProviderId> = captured.provider.as_deref().and_then(|id| id.parse().ok());
    let signed: Vec<String> = provider
        .as_ref()
        .and_then(|id| with.catalogue.get(id))
        .and_then(|provider| provider.rule.schemes.first())
        .map(|scheme| scheme.headers().iter().map(|name| name.to_ascii_lowercase()).collect())
        .unwrap_or_default();
    let unsearched = unsearched(&captured.request);
    let mut captured = captured;
    let mut exchange = taken(&mut captured);
    let found = find(&exchange, with.known, &with.choices.pointers);
    let masked = mask(&mut exchange, &found, with.choices, with.secrets, &signed);
    let unsearched = if masked.sealed { Some(Unsearched::Sealed) } else { unsearched };
    put_back(&mut captured, exchange);
    hide_in_words(&mut captured, with);
    let mut expect = expected(&captured);
    let mut signed_with = None;
    if masked.body || masked.signed_header {
        let judged = match provider.as_ref().and_then(|provider| anew(&captured, provider, with)) {
            Some(anew) => {
                captured.request = anew.request;
                captured.secret = Some(anew.secret.clone());
                signed_with = anew.signed.then_some(anew.secret);
                anew.judgement
            }
            None => {
                let body = Catalogue::body(&captured.request);
                let (keys, request) = (Keys::default(), &captured.request);
                with.catalogue.judge(request, captured.received_at_us, &keys, None, body.as_ref())
            }
        };
        expect = take_judgement(&mut captured, judged, with.catalogue);
    }
    // What is made of the masked delivery repeats it. Here, value by value, and not in the finished file: a secret may be
    // a word that the file's format has for its own.
    hide_in_words(&mut captured, with);
    let words = [&mut expect.event_type, &mut expect.event_id].into_iter().flatten();
    words.for_each(|word| hide(word, with.secrets));
    let raw = with.secrets.hide(&captured.raw_head, &mut Vec::new());
    let head_kept = !masked.head && signed_with.is_none() && raw.is_none();
    let redacted = redacted(&masked, signed_with);
    let record = Record { captured, expect, redacted, head_kept };
    Prepared { record, found, signed, masked, unsearched }
}

/// What is searched of a delivery, taken out of it.
fn taken(captured: &mut Captured) -> Exchange {
    let answer = captured.answer.as_mut();
    Exchange {
        request: captured.request.clone(),
        peer: std::mem::take(&mut captured.peer),
        answer: answer.map(|a| Answer { headers: std::mem::take(&mut a.headers), body: std::mem::take(&mut a.body) }),
    }
}

fn put_back(captured: &mut Captured, exchange: Exchange) {
    captured.request = exchange.request;
    captured.peer = exchange.peer;
    if let (Some(answer), Some(masked)) = (&mut captured.answer, exchange.answer) {
        answer.headers = masked.headers;
        answer.body = masked.body;
    }
}

/// Names and sentences may repeat what stood in the body: a secret is hidden there too, and addresses of attempts are
/// masked as a target is.
fn hide_in_words(captured: &mut Captured, with: &Preparing<'_>) {
    let hide = |text: &mut String| hide(text, with.secrets);
    hide(&mut captured.request.method);
    let names = [&mut captured.event_type, &mut captured.event_id, &mut captured.group];
    names.into_iter().flatten().for_each(hide);
    captured.verdicts.iter_mut().for_each(|told| hide(&mut told.reason));
    captured.checks.iter_mut().for_each(|check| hide(&mut check.reason));
    captured.answer.iter_mut().for_each(|answer| hide(&mut answer.answered_by));
    for sent in &mut captured.attempts {
        sent.url = crate::redact::masked_address(&sent.url, with.known, with.choices);
        hide(&mut sent.url);
        hide(&mut sent.name);
        sent.error.iter_mut().for_each(hide);
    }
}

fn hide(text: &mut String, secrets: &SecretSearch) {
    if let Some(hidden) = secrets.hide_text(text) {
        *text = hidden;
    }
}

/// What whoever has the delivery's secret alone is to expect: what is kept counts. A path that was pinned is pinned in
/// this log alone, so nothing is said of who was recognised then.
fn expected(captured: &Captured) -> Expectation {
    let pinned = captured.recognised_by.as_deref() == Some("pin");
    let applying = captured.verdicts.iter().any(|told| told.applies);
    let counted = captured.verdicts.iter().filter(|told| told.applies || !applying);
    let shape = captured.checks.iter().filter(|check| check.check == "shape");
    Expectation {
        recognised: captured.provider.clone().filter(|_| !pinned),
        event_type: captured.event_type.clone().filter(|_| !pinned),
        event_id: captured.event_id.clone().filter(|_| !pinned),
        verdicts: counted.map(|told| (told.scheme.clone(), told.outcome)).collect(),
        checks: shape.map(|check| (check.check.clone(), check.holds)).collect(),
    }
}

fn anew(captured: &Captured, provider: &ProviderId, with: &Preparing<'_>) -> Option<crate::redact::SignedAnew> {
    let own = captured.verdicts.iter().find(|told| told.provider == provider.as_str());
    let outcome = own.map_or(Outcome::Missing, |told| told.outcome);
    sign_anew(with.catalogue, provider, &captured.request, outcome, captured.received_at_us)
}

/// Puts what is made of a changed delivery in the place of what was made of it, and says what is expected now.
fn take_judgement(captured: &mut Captured, judged: Judgement, catalogue: &Catalogue) -> Expectation {
    let recognised = judged.provider.as_ref();
    let pinned = captured.recognised_by.as_deref() == Some("pin");
    if !pinned {
        captured.event_type = judged.event_type;
        captured.event_id = judged.event_id;
        captured.group = judged.group;
    }
    // What the masked place was repeated in goes with it, also where a pin of this log said whose it is.
    let own = captured.provider.as_deref().and_then(|id| id.parse().ok()).and_then(|id: ProviderId| catalogue.get(&id));
    if let Some(own) = own.filter(|_| pinned) {
        let named = own.event(&captured.request, Catalogue::body(&captured.request).as_ref());
        (captured.event_type, captured.event_id, captured.group) = (named.event_type, named.id, named.group);
    }
    captured.verdicts = judged.verdicts.into_iter().map(|(verdict, applies)| told(verdict, applies)).collect();
    let shape = recognised.and_then(|(id, _)| catalogue.get(id)).and_then(|provider| provider.shape());
    let checked = shape.map(|shape| shape.check(&captured.request));
    captured.checks.retain(|check| check.check != "shape");
    if let Some(checked) = checked {
        let holds = checked.is_ok();
        let reason = checked.err().unwrap_or_else(|| "The body has the documented fields.".to_owned());
        captured.checks.insert(0, super::Check { check: "shape".to_owned(), holds, reason });
    }
    Expectation { recognised: recognised.map(|(id, _)| id.to_string()).filter(|_| !pinned), ..expected(captured) }
}

fn told(verdict: Verdict, applies: bool) -> Told {
    Told {
        scheme: verdict.scheme.to_string(),
        provider: verdict.provider.to_string(),
        outcome: verdict.outcome,
        reason: verdict.reason,
        secret: verdict.secret,
        skew_s: verdict.clock.filter(|clock| !clock.looks_like_ms).and_then(|clock| clock.skew_s),
        applies,
    }
}
