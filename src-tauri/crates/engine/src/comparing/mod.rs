//! Two requests or answers side by side, and what a handler says it hashed against what was captured.
//!
//! Invariants: the work is done where it may wait for the disk and think for long, never where events are handled; what
//! crosses to the page is bounded whatever the bodies hold; where not all of a body was kept, nothing is called the same.

mod words;
mod write;

use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::wire::{CommandError, CompareSide, ComparedSide, Comparison, Given, Hashed, HashedCause, Sameness};
use crate::{Engine, Inner};
use base64::Engine as _;
use bytes::Bytes;
use countersign_core::compare;
use countersign_core::ids::SchemeId;
use countersign_core::request::{Headers, Request, text};
use countersign_core::verdict::Outcome;
use countersign_store::{Attempt, AttemptId, AttemptState, Delivery};
use write::{wire_body, wire_first, wire_headers};

/// What a handler hashed is at most so long, in bytes.
const MOST_GIVEN: usize = 64 << 20;
/// Of a request line, so many bytes are shown.
const SHOWN_OF_A_LINE: usize = 2000;

/// One of two things that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparable {
    /// What it is, in words: `delivery 41`.
    pub title: String,
    /// Its first line; none for a mere body.
    pub(crate) line: Option<FirstLine>,
    /// Its headers; none for a mere body, or where nothing has left.
    pub(crate) headers: Option<Headers>,
    /// What is kept of its body.
    pub(crate) body: Bytes,
    /// Where only the beginning of the body is kept: how long it was at least, in bytes.
    pub(crate) cut_from: Option<u64>,
    /// What to know about it, one sentence each.
    pub(crate) notes: Vec<String>,
}

/// The first line of a request or of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FirstLine {
    /// As it was sent.
    Request(Bytes),
    /// The status, and the line that had it.
    Answer(u16, Bytes),
}

impl FirstLine {
    fn bytes(&self) -> &[u8] {
        let (FirstLine::Request(line) | FirstLine::Answer(_, line)) = self;
        &line[..line.len().min(SHOWN_OF_A_LINE)]
    }

    /// Of answers the status counts: what words stand behind it is the server's taste.
    fn same(&self, other: &FirstLine) -> bool {
        match (self, other) {
            (FirstLine::Answer(a, _), FirstLine::Answer(b, _)) => a == b,
            _ => self == other,
        }
    }
}

impl Comparable {
    /// A body alone, such as a file.
    #[must_use]
    pub fn of_body(title: impl Into<String>, body: impl Into<Bytes>) -> Comparable {
        Comparable {
            title: title.into(),
            line: None,
            headers: None,
            body: body.into(),
            cut_from: None,
            notes: Vec::new(),
        }
    }

    /// A request out of a file.
    pub(crate) fn of_request(title: String, request: &Request) -> Comparable {
        let line = format!("{} {} {}", request.method, text(&request.target), request.version.as_str());
        Comparable {
            title,
            line: Some(FirstLine::Request(Bytes::from(line))),
            headers: Some(request.headers.clone()),
            body: request.body.clone(),
            cut_from: request.cut_from,
            notes: Vec::new(),
        }
        .noted()
    }

    fn of_delivery(delivery: Delivery) -> Comparable {
        let request = delivery.request;
        let line = match first_line(&delivery.raw_head) {
            line if line.is_empty() => {
                Bytes::from(format!("{} {} {}", request.method, text(&request.target), request.version.as_str()))
            }
            line => line,
        };
        Comparable {
            title: format!("delivery {}", delivery.summary.id),
            line: Some(FirstLine::Request(line)),
            headers: Some(request.headers),
            body: request.body,
            cut_from: request.cut_from,
            notes: Vec::new(),
        }
        .noted()
    }

    fn of_delivery_answer(delivery: Delivery) -> Comparable {
        let (id, response) = (delivery.summary.id, delivery.response);
        let status = response.status;
        let mut side = Comparable::of_body(format!("answer to delivery {id}"), response.body);
        side.line = Some(FirstLine::Answer(status, Bytes::from(status.to_string())));
        side.headers = Some(response.headers);
        side.notes
            .push("Of its headers only those are listed that Countersign set: the server adds its own.".to_owned());
        side.noted()
    }

    fn of_attempt(attempt: Attempt) -> Comparable {
        let mut side = Comparable::of_body(format!("attempt {}", attempt.summary.id), attempt.request_body);
        if attempt.request_head.is_empty() {
            side.notes.push("Nothing has left of it: there are no headers to compare.".to_owned());
        } else {
            side.line = Some(FirstLine::Request(first_line(&attempt.request_head)));
            side.headers = Some(Headers::of_head(&attempt.request_head));
            if attempt.summary.state == AttemptState::Dropped {
                side.notes.push("It was not sent: this is what was to leave.".to_owned());
            }
        }
        side.noted()
    }

    fn of_attempt_answer(attempt: Attempt) -> Result<Comparable, EngineError> {
        let id = attempt.summary.id;
        let reply = attempt.reply.ok_or_else(|| EngineError::Input {
            what: format!("No answer came back to attempt {id}, so there is none to compare."),
        })?;
        let mut side = Comparable::of_body(format!("answer to attempt {id}"), reply.body);
        side.line = Some(FirstLine::Answer(reply.status, first_line(&reply.head)));
        side.headers = Some(Headers::of_head(&reply.head));
        side.cut_from = reply.cut.then_some(reply.body_len);
        Ok(side.noted())
    }

    /// With what there is to know about its body.
    fn noted(mut self) -> Comparable {
        if let Some(whole) = self.cut_from {
            let kept = self.body.len();
            self.notes.push(format!("Only the first {kept} of the {whole} bytes of its body or more were kept."));
        }
        let codings =
            self.headers.iter().flat_map(|headers| headers.all("Content-Encoding")).map(|coding| text(coding));
        let coding = codings.filter(|coding| !coding.eq_ignore_ascii_case("identity")).collect::<Vec<_>>().join(", ");
        if !coding.is_empty() {
            let coding = countersign_core::shorten(&coding, 40);
            self.notes.push(format!("Its body is encoded as {coding}; it is compared as it came."));
        }
        self
    }

    fn wire(&self) -> ComparedSide {
        ComparedSide {
            title: self.title.clone(),
            line: self.line.as_ref().map(|line| crate::judging::wire_bytes(line.bytes())),
            body_len: self.body.len() as u64,
            body_cut: self.cut_from.is_some(),
            notes: self.notes.clone(),
        }
    }
}

/// The first line of a head, without its end.
fn first_line(head: &Bytes) -> Bytes {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    head.slice_ref(line.trim_ascii_end())
}

/// Compares two of them. Takes its time over long bodies: not for a thread that others wait for.
#[must_use]
pub fn compare(a: &Comparable, b: &Comparable) -> Comparison {
    let same_line = a.line.as_ref().zip(b.line.as_ref()).map(|(a, b)| a.same(b));
    let headers = a.headers.as_ref().zip(b.headers.as_ref()).map(|(a, b)| wire_headers(&compare::headers(a, b)));
    let body = wire_body(a, b);
    let differs = same_line == Some(false) || headers.as_ref().is_some_and(|headers| headers.different > 0);
    let sameness = if differs { Sameness::Different } else { body.sameness };
    let words = words::of_all(sameness, same_line, headers.as_ref(), &body, a.line.as_ref());
    Comparison { a: a.wire(), b: b.wire(), sameness, words, same_line, headers, body }
}

impl Inner {
    pub(crate) fn comparable(&self, side: &CompareSide) -> Result<Comparable, EngineError> {
        match side {
            CompareSide::Delivery { id } => Ok(Comparable::of_delivery(self.whole_delivery(id)?)),
            CompareSide::DeliveryAnswer { id } => Ok(Comparable::of_delivery_answer(self.whole_delivery(id)?)),
            CompareSide::Attempt { id } => Ok(Comparable::of_attempt(self.whole_attempt(id)?)),
            CompareSide::AttemptAnswer { id } => Comparable::of_attempt_answer(self.whole_attempt(id)?),
        }
    }

    fn whole_delivery(&self, id: &str) -> Result<Delivery, EngineError> {
        let id = parse_id(id)?;
        self.store.delivery(id)?.ok_or_else(|| EngineError::NoSuchDelivery { id: id.to_string() })
    }

    fn whole_attempt(&self, id: &str) -> Result<Attempt, EngineError> {
        let missing = || EngineError::NoSuchAttempt { id: countersign_core::shorten(id, 40) };
        let number = id.parse().map_err(|_| missing())?;
        self.store.attempt(AttemptId::new(number))?.ok_or_else(missing)
    }

    fn hashed(&self, delivery: &str, scheme: Option<&str>, given: &[u8]) -> Result<Hashed, EngineError> {
        let delivery = self.whole_delivery(delivery)?;
        let named = |id: SchemeId| self.catalogue.scheme(&id).map(|(_, rule)| (id, rule));
        let found = match scheme {
            Some(name) => {
                let unknown = || EngineError::Input {
                    what: format!("There is no scheme “{}”.", countersign_core::shorten(name, 40)),
                };
                Some(name.parse().ok().and_then(named).ok_or_else(unknown)?)
            }
            None => {
                let verdicts = delivery.summary.judgement.verdicts.iter();
                let signed = verdicts.filter(|verdict| verdict.applies && verdict.outcome != Outcome::Unsigned);
                signed.filter_map(|verdict| named(verdict.scheme.clone())).next()
            }
        };
        let (id, rule) = found.ok_or_else(|| EngineError::Input {
            what: format!("No signing scheme applies to delivery {}: name one.", delivery.summary.id),
        })?;
        let ring = self.ring();
        let found = compare::hashed(rule, ring.keys.of(&id), &delivery.request, given);
        let sameness = if delivery.request.cut_from.is_some() {
            words::cut_sameness(found.from_body.is_none() || found.from_content.is_none())
        } else if found.from_body.is_none() || found.from_content.is_none() {
            Sameness::Same
        } else {
            Sameness::Different
        };
        Ok(Hashed {
            scheme: id.to_string(),
            len: found.len as u64,
            sameness,
            captured: found.captured,
            as_body: found.as_body,
            as_content: found.as_content,
            unverified: found.unverified,
            from_body: found.from_body.map(wire_first),
            from_content: found.from_content.map(wire_first),
            cause: found.cause.map(|cause| HashedCause { code: cause.code.to_owned(), words: cause.words }),
            words: found.words,
        })
    }
}

impl Engine {
    /// What there is to compare of a delivery or an attempt of the log.
    ///
    /// # Errors
    /// Where it is not there, an attempt has no answer, or the log cannot be read.
    pub async fn comparable(&self, side: CompareSide) -> Result<Comparable, CommandError> {
        Ok(self.0.clone().blocking(move |inner| inner.comparable(&side)).await?)
    }

    pub(crate) async fn compare(&self, a: CompareSide, b: CompareSide) -> Result<Comparison, CommandError> {
        let made = self.0.clone().blocking(move |inner| Ok(compare(&inner.comparable(&a)?, &inner.comparable(&b)?)));
        Ok(made.await?)
    }

    pub(crate) async fn compare_hashed(
        &self,
        delivery: String,
        scheme: Option<String>,
        given: Given,
    ) -> Result<Hashed, CommandError> {
        self.hashed(delivery, scheme, move || given_bytes(given)).await
    }

    /// Compares what a handler says it hashed with a delivery, by a scheme or by the one that the delivery is judged by.
    ///
    /// # Errors
    /// Where there is no such delivery or scheme, no scheme applies, or what was given is over 64 MB.
    pub async fn compare_hashed_bytes(
        &self,
        delivery: String,
        scheme: Option<String>,
        given: Vec<u8>,
    ) -> Result<Hashed, CommandError> {
        self.hashed(delivery, scheme, move || Ok(given)).await
    }

    async fn hashed(
        &self,
        delivery: String,
        scheme: Option<String>,
        given: impl FnOnce() -> Result<Vec<u8>, EngineError> + Send + 'static,
    ) -> Result<Hashed, CommandError> {
        let work = move |inner: &Inner| {
            let given = given()?;
            if given.len() > MOST_GIVEN {
                return Err(EngineError::Input { what: "What was hashed can be at most 64 MB long here.".to_owned() });
            }
            inner.hashed(&delivery, scheme.as_deref(), &given)
        };
        Ok(self.0.clone().blocking(work).await?)
    }
}

fn given_bytes(given: Given) -> Result<Vec<u8>, EngineError> {
    match given {
        Given::Text { text } => Ok(text.into_bytes()),
        Given::Base64 { base64 } => base64::engine::general_purpose::STANDARD
            .decode(base64)
            .map_err(|_| EngineError::Input { what: "What was given is no base64.".to_owned() }),
    }
}
