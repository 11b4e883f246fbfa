//! Judging a request by a scheme.
//!
//! Invariants: every request gets a verdict from every scheme; nothing is guessed. The received signature must be written as
//! the provider writes it: a right signature in upper-case hex or in another base64 does not pass, for at least one of the
//! documents' own programs refuses it, and the reason says which. A secret from which nothing decodes matches nothing.
//! Comparison is in constant time.

use crate::clock::{Clock, age, span};
use crate::decode;
use crate::ids::ProviderId;
use crate::request::{Request, text};
use crate::rule::{Compared, Encoding, Part, ProviderRule, SchemeRule};
use crate::shorten;
use crate::signing::{Key, PythonReading, mac};
use crate::verdict::{Form, Outcome, Received, Verdict};
use subtle::ConstantTimeEq;

/// A received signature that could be read.
struct Token {
    /// Its place in `Verdict::received`.
    at: usize,
    bytes: Vec<u8>,
    /// It is written exactly as the provider writes it.
    canonical: bool,
}

/// The signatures of a header as texts, and those that could be read.
struct Signatures {
    received: Vec<Received>,
    tokens: Result<Vec<Token>, Unreadable>,
}

/// Why a signature cannot be read.
struct Unreadable {
    /// A clause that follows the header's name.
    clause: String,
    /// It is written as another scheme writes it.
    foreign: bool,
}

impl Unreadable {
    fn damaged(clause: impl Into<String>) -> Self {
        Unreadable { clause: clause.into(), foreign: false }
    }

    fn foreign(clause: String) -> Self {
        Unreadable { clause, foreign: true }
    }
}

impl SchemeRule {
    /// Judges a request as it was received at `received_at_us` (unix microseconds), with every key in turn.
    #[must_use]
    pub fn judge(&self, provider: &ProviderRule, request: &Request, received_at_us: i64, keys: &[Key]) -> Verdict {
        let mut verdict = Verdict {
            provider: provider.id.clone(),
            scheme: self.id.clone(),
            outcome: Outcome::Missing,
            form: Form::Absent,
            reason: String::new(),
            secret: None,
            content: Vec::new(),
            received: Vec::new(),
            computed: None,
            clock: None,
            misspelt: false,
            notes: Vec::new(),
        };
        // An empty key would let anybody sign.
        let (keys, empty): (Vec<&Key>, Vec<&Key>) = keys.iter().partition(|key| !key.is_empty());
        let signatures = self.read_signatures(&provider.name, request);
        verdict.received = signatures.received;
        if let Some(absent) = self.absent_header(request) {
            verdict.reason = format!("{absent} is absent.");
            return verdict;
        }
        verdict.content = self.segments(request);

        let fault = match (request.cut_from, self.fault_in_headers(&provider.name, request)) {
            (Some(length), _) => Some(format!(
                "The body of {length} bytes was over the limit and is not whole, so nothing can be compared."
            )),
            (None, fault) => fault,
        };
        let clock = self.time.as_ref().and_then(|rule| {
            let value = text(request.headers.first(&rule.header)?);
            Some(rule.read(&value, received_at_us).map_err(|why| format!("{} {why}.", rule.header)))
        });
        let (clock, time_fault) = match clock {
            Some(Ok(clock)) => (Some(clock), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        verdict.clock = clock;
        verdict.form = Form::Own;
        let (tokens, signature_fault) = match signatures.tokens {
            Ok(tokens) => (tokens, None),
            Err(why) => {
                if why.foreign {
                    verdict.form = Form::Foreign;
                }
                (Vec::new(), Some(format!("{} {}.", self.signature.header, why.clause)))
            }
        };

        if request.cut_from.is_none()
            && let Some(key) = keys.first()
        {
            verdict.secret = Some(key.name.clone());
            verdict.computed = Some(self.write_signature(key, &verdict.content));
        }
        for key in &empty {
            verdict.notes.push(format!("The secret “{}” is passed over: nothing decodes from it.", key.name));
        }
        if let Some(why) = fault.or(signature_fault).or(time_fault) {
            verdict.outcome = Outcome::Malformed;
            verdict.reason = why;
            return verdict;
        }
        if keys.is_empty() {
            verdict.outcome = Outcome::NoSecret;
            verdict.secret = empty.first().map(|key| key.name.clone());
            verdict.reason = match empty.first() {
                Some(key) => format!("Nothing decodes from the secret “{}”: it is no key.", key.name),
                None => format!("No secret is stored for {}.", provider.name),
            };
            return verdict;
        }
        self.compare(provider, &tokens, &keys, &mut verdict);
        verdict
    }

    /// The first header that the scheme needs and the request lacks.
    fn absent_header(&self, request: &Request) -> Option<&str> {
        if !request.headers.has(&self.signature.header) {
            return Some(&self.signature.header);
        }
        self.content.iter().find_map(|part| match part {
            Part::Header { name, .. } if !request.headers.has(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// What is wrong with the headers that are signed.
    fn fault_in_headers(&self, provider_name: &str, request: &Request) -> Option<String> {
        self.content.iter().find_map(|part| {
            let Part::Header { name, .. } = part else { return None };
            let mut values = request.headers.all(name);
            let first = values.next()?;
            let more = values.count();
            if more > 0 {
                return Some(format!("{name} is sent {}; {provider_name} sends it once.", times(more + 1)));
            }
            if first.is_empty() {
                return Some(format!("{name} is empty."));
            }
            (!first.is_ascii()).then(|| format!("{name} has characters outside ASCII."))
        })
    }

    /// The received signatures that can be read, as bytes.
    pub(crate) fn received_macs(&self, request: &Request) -> Vec<Vec<u8>> {
        self.read_signatures("", request).tokens.into_iter().flatten().map(|token| token.bytes).collect()
    }

    fn read_signatures(&self, provider_name: &str, request: &Request) -> Signatures {
        let values: Vec<String> = request.headers.all(&self.signature.header).map(|v| text(v)).collect();
        if !self.signature.several {
            let received = values.iter().map(|v| Received { text: v.clone(), matched: false }).collect();
            let tokens = match values.as_slice() {
                [one] => self.read_token(one, 0).map(|token| vec![token]),
                many => {
                    Err(Unreadable::damaged(format!("is sent {}; {provider_name} sends it once", times(many.len()))))
                }
            };
            return Signatures { received, tokens };
        }
        let mut received = Vec::new();
        let mut tokens = Vec::new();
        let mut first_fault = None;
        for value in &values {
            for piece in pieces(value) {
                received.push(Received { text: piece.to_owned(), matched: false });
                match self.read_token(piece, received.len() - 1) {
                    Ok(token) => tokens.push(token),
                    Err(why) => {
                        first_fault.get_or_insert(why);
                    }
                }
            }
        }
        let tokens = if tokens.is_empty() {
            Err(first_fault.unwrap_or_else(|| {
                let empty = values.iter().all(String::is_empty);
                Unreadable::damaged(if empty { "is empty" } else { "holds no signature" })
            }))
        } else {
            Ok(tokens)
        };
        Signatures { received, tokens }
    }

    /// Reads one signature.
    fn read_token(&self, received: &str, at: usize) -> Result<Token, Unreadable> {
        let (prefix, encoding) = (self.signature.prefix.as_str(), self.signature.encoding);
        if received.is_empty() {
            return Err(Unreadable::damaged("is empty"));
        }
        if !received.is_ascii() {
            return Err(Unreadable::damaged("has characters outside ASCII"));
        }
        let Some(rest) = received.strip_prefix(prefix) else {
            return Err(Unreadable::foreign(format!("has no “{prefix}” prefix")));
        };
        if !prefix.is_empty() && rest.starts_with(prefix) {
            return Err(Unreadable::damaged(format!("has the prefix “{prefix}” twice")));
        }
        if rest.is_empty() {
            return Err(Unreadable::damaged(format!("has nothing behind “{prefix}”")));
        }
        let bytes = match encoding {
            Encoding::Hex => decode::hex(rest),
            Encoding::Base64 => decode::loose_base64(rest),
        };
        let due = self.algorithm.output_len();
        let other = match encoding {
            Encoding::Hex => decode::loose_base64(rest).filter(|b| b.len() == due).map(|_| "base64"),
            Encoding::Base64 => decode::hex(rest).filter(|b| b.len() == due).map(|_| "hex"),
        };
        match bytes {
            Some(bytes) if bytes.len() == due => Ok(Token { at, canonical: encoding.write(&bytes) == rest, bytes }),
            _ if other.is_some() => Err(Unreadable::foreign(format!(
                "is written in {}, where {} is due",
                other.unwrap_or_default(),
                encoding.name()
            ))),
            Some(bytes) => Err(Unreadable::damaged(format!(
                "holds {}, where {} has {due}: it is too {}",
                if bytes.len() == 1 { "1 byte".to_owned() } else { format!("{} bytes", bytes.len()) },
                self.algorithm.name(),
                if bytes.len() < due { "short" } else { "long" }
            ))),
            None => Err(Unreadable::damaged(format!("is not {}: “{}”", encoding.name(), shorten(rest, 24)))),
        }
    }

    fn compare(&self, provider: &ProviderRule, tokens: &[Token], keys: &[&Key], verdict: &mut Verdict) {
        let mut misspelt = None;
        for key in keys {
            let computed = mac(self.algorithm, key.bytes(), verdict.content.iter().map(|s| s.bytes.as_ref()));
            for token in tokens {
                if !bool::from(token.bytes.as_slice().ct_eq(computed.as_slice())) {
                    continue;
                }
                if !token.canonical {
                    misspelt.get_or_insert((key, token));
                    continue;
                }
                verdict.received[token.at].matched = true;
                verdict.secret = Some(key.name.clone());
                verdict.computed =
                    Some(format!("{}{}", self.signature.prefix, self.signature.encoding.write(&computed)));
                verdict.notes.extend(python_note(key));
                conclude_match(key, verdict);
                return;
            }
        }
        verdict.outcome = Outcome::Fail;
        if let Some((key, token)) = misspelt {
            let computed = mac(self.algorithm, key.bytes(), verdict.content.iter().map(|s| s.bytes.as_ref()));
            verdict.secret = Some(key.name.clone());
            verdict.computed = Some(format!("{}{}", self.signature.prefix, self.signature.encoding.write(&computed)));
            let received = verdict.received[token.at].text.clone();
            verdict.misspelt = true;
            let fault = spelling_fault(self.signature.encoding, &received, &provider.name);
            let consequence = match self.signature.compared {
                Compared::Text => ", and the documented code compares text",
                Compared::BytesInNode => {
                    ": the documented Python code compares text and refuses it, the Node code compares bytes and does not"
                }
            };
            verdict.reason =
                format!("The signature is right with the secret “{}”, but {fault}{consequence}.", key.name);
            return;
        }
        verdict.notes.extend(keys.iter().filter_map(|key| python_note(key)));
        verdict.reason = match keys {
            [one] => format!("The signature does not match the secret “{}”.", one.name),
            many => format!("The signature matches none of the {} secrets stored for {}.", many.len(), provider.name),
        };
    }
}

fn times(count: usize) -> String {
    if count == 2 { "twice".to_owned() } else { format!("{count} times") }
}

fn conclude_match(key: &Key, verdict: &mut Verdict) {
    let matches = match &key.python {
        None => format!("The signature matches the secret “{}”", key.name),
        Some(PythonReading::Raises(error)) => {
            format!("The signature matches the secret “{}” as Node decodes it (Python raises: {error})", key.name)
        }
        Some(PythonReading::OtherBytes(_)) => {
            format!("The signature matches the secret “{}” as Node decodes it (Python reads other bytes)", key.name)
        }
    };
    match &verdict.clock {
        Some(clock) if !clock.within => {
            verdict.outcome = Outcome::Stale;
            verdict.reason = format!("{matches}, but the timestamp {}.", lateness(clock));
        }
        _ => {
            verdict.outcome = Outcome::Pass;
            verdict.reason = format!("{matches}.");
        }
    }
}

fn lateness(clock: &Clock) -> String {
    if clock.looks_like_ms {
        return "is in milliseconds, where seconds are due".to_owned();
    }
    let skew = clock.skew_s.unwrap_or_default();
    match clock.words.rsplit_once(", ") {
        Some((_, allowed)) if skew >= 0 => format!("is {}; {allowed}", age(skew)),
        Some((_, allowed)) => format!("is {}, in the future; {allowed}", age(skew)),
        None => format!("is off by {}", span(skew.saturating_abs())),
    }
}

fn python_note(key: &Key) -> Option<String> {
    let count = key.len();
    key.python.as_ref().map(|reading| match reading {
        PythonReading::Raises(error) => format!(
            "Node reads {count} bytes from the secret “{}”; Python's base64.b64decode raises: {error}.",
            key.name
        ),
        PythonReading::OtherBytes(other) => format!(
            "Node reads {count} bytes from the secret “{}”; Python's base64.b64decode silently reads {other} other bytes.",
            key.name
        ),
    })
}

fn spelling_fault(encoding: Encoding, received: &str, provider_name: &str) -> String {
    match encoding {
        Encoding::Hex => format!("it is written in upper-case hex where {provider_name} writes lower case"),
        Encoding::Base64 if received.contains(['-', '_']) => {
            format!("it is written in url-safe base64 where {provider_name} writes the standard alphabet")
        }
        Encoding::Base64 if !received.len().is_multiple_of(4) => {
            format!("its base64 lacks the padding that {provider_name} writes")
        }
        Encoding::Base64 => "its base64 is not written canonically".to_owned(),
    }
}

/// The signatures in a header that may hold several, without version tokens; those of another version than `v1` are
/// passed over with their token.
fn pieces(value: &str) -> impl Iterator<Item = &str> {
    let mut skip = false;
    value.split([' ', ',', '\t']).filter(|piece| !piece.is_empty()).filter(move |piece| {
        let version = piece.strip_prefix('v').is_some_and(|rest| {
            rest.trim_end_matches('a').bytes().all(|b| b.is_ascii_digit()) && (1..=3).contains(&rest.len())
        });
        if version {
            skip = *piece != "v1";
            return false;
        }
        !std::mem::take(&mut skip)
    })
}

/// The verdict of a provider that does not sign.
#[must_use]
pub fn unsigned(provider: &ProviderId, name: &str, scheme: crate::ids::SchemeId) -> Verdict {
    Verdict {
        provider: provider.clone(),
        scheme,
        outcome: Outcome::Unsigned,
        form: Form::Absent,
        reason: format!("{name} does not sign its deliveries."),
        secret: None,
        content: Vec::new(),
        received: Vec::new(),
        computed: None,
        clock: None,
        misspelt: false,
        notes: Vec::new(),
    }
}
