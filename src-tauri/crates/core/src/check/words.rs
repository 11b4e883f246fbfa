//! What probes are called, what they send, what is expected and where that stands.

use super::answer::took;
use super::doubts::content;
use super::make::Setup;
use super::probe::{Derived, Form, Joint, Kind, OFF_S};
use crate::clock::span;
use crate::resign::Break;
use crate::rule::{Encoding, Success};

/// The texts of a probe.
pub(super) struct Words {
    pub(super) name: String,
    pub(super) sent: String,
    pub(super) expected: String,
    pub(super) why: String,
    pub(super) source: String,
}

/// Where something stands: “I Hate PPT: Signature Verification”.
fn section(setup: &Setup<'_>, title: Option<&String>) -> String {
    format!("{}: {}", setup.rule.name, title.map_or("its provider file", String::as_str))
}

fn signing(setup: &Setup<'_>) -> String {
    section(setup, setup.rule.check.signing.as_ref())
}

fn answering(setup: &Setup<'_>) -> String {
    section(setup, setup.rule.check.answering.as_ref())
}

fn safety(setup: &Setup<'_>) -> String {
    section(setup, setup.rule.check.safety.as_ref())
}

/// What a provider counts as delivered, in words.
pub(super) fn success(setup: &Setup<'_>) -> String {
    setup.rule.retry.success.value.words()
}

fn other_encoding(setup: &Setup<'_>) -> (&'static str, &'static str) {
    match setup.scheme().map(|scheme| scheme.signature.encoding) {
        Some(Encoding::Hex) => ("base64", "hex"),
        _ => ("hex", "base64"),
    }
}

fn name(setup: &Setup<'_>, kind: &Kind) -> String {
    let fixed = match kind {
        Kind::Broken(fault) => match fault {
            Break::TamperedBody => "Refuses a body changed by one byte",
            Break::WrongSecret => "Refuses a signature of another secret",
            Break::MissingHeader => "Refuses a missing signature",
            Break::Empty => "Refuses an empty signature",
            Break::Malformed => "Refuses a signature that cannot be read",
            Break::Shorter => "Refuses a signature cut short",
            Break::Longer => "Refuses a signature that is too long",
            Break::WrongEncoding => {
                let (other, own) = other_encoding(setup);
                return format!("Refuses {other} where {own} is due");
            }
            Break::OtherAlgorithm { algorithm } => return format!("Refuses {}", algorithm.name()),
            Break::MissingPrefix => {
                let prefix = setup.scheme().map_or("", |scheme| scheme.signature.prefix.as_str());
                return format!("Refuses a signature without {prefix}");
            }
            Break::TimestampChanged => "Refuses a changed timestamp",
            Break::IdChanged => "Refuses a changed id",
            other => return format!("Refuses: {}", other.label().to_lowercase()),
        },
        Kind::NotJson => "Refuses what is not JSON",
        Kind::Valid(0) => "Accepts a valid delivery",
        Kind::Valid(index) => {
            let secret = setup.keys.get(*index).map_or("", |key| key.name.as_str());
            return format!("Accepts the secret “{secret}”");
        }
        Kind::Form(Form::Unicode) => "Accepts unicode",
        Kind::Form(Form::Escaped) => "Accepts escaped unicode",
        Kind::Form(Form::Spaced) => "Accepts white space in the body",
        Kind::Form(Form::Trailing) => "Accepts a line end behind the body",
        Kind::Form(Form::Large) => "Accepts a body of 1 MB",
        Kind::Form(Form::LargeUnicode) => "Accepts 1 MB of unicode",
        Kind::Form(Form::Compact) => "Accepts a compact body",
        Kind::HeaderCase => "Accepts header names in other case",
        Kind::Chunked => "Accepts a body in chunks",
        Kind::Doubled => "Refuses a doubled signature",
        Kind::NotANumber => "Refuses a timestamp that is no number",
        Kind::Clock(off) if *off < 0 => return format!("Refuses a timestamp {} old", span(i64::from(OFF_S))),
        Kind::Clock(_) => return format!("Refuses a timestamp {} ahead", span(i64::from(OFF_S))),
        Kind::SignedNotJson => "Refuses what is signed and not JSON",
        Kind::ContentType => "Another content type",
        Kind::Shape => "JSON of another shape",
        Kind::FieldMissing => "Refuses a missing required field",
        Kind::Several(Joint::Space) => "Several signatures, divided by a space",
        Kind::Several(Joint::Comma) => "Several signatures, divided by a comma",
        Kind::Several(Joint::Header) => "Several signatures in several headers",
        Kind::Duplicate => "Duplicate of the same event",
        Kind::Handshake => "Answers the verification challenge",
        Kind::Derived(Derived::Success) => return format!("Counts as success for {}", setup.rule.name),
        Kind::Derived(Derived::InTime) => {
            return format!("Answers within {}", took(u64::from(setup.limit_ms().0) * 1000));
        }
        Kind::Derived(Derived::NothingDone) => "Does nothing before it has verified",
        Kind::Derived(Derived::Replay) => "Prevents a replay",
        Kind::UnknownId => "Refuses an id that it does not know",
    };
    fixed.to_owned()
}

fn sent(setup: &Setup<'_>, kind: &Kind) -> String {
    let event = &setup.event.event_type;
    let signed = if setup.scheme().is_some() { ", signed rightly" } else { "" };
    let about = |fault: &Break| match setup.scheme() {
        Some(scheme) => {
            let about = fault.about(scheme);
            let does = about.split_once(": the endpoint should").map_or(about.as_str(), |(does, _)| does);
            format!("{does}.")
        }
        None => String::new(),
    };
    match kind {
        Kind::Broken(fault) => about(fault),
        Kind::NotJson if setup.scheme().is_some() => {
            format!("A body of {event} whose last byte is cut off, signed with a random secret.")
        }
        Kind::NotJson => format!("A body of {event} whose last byte is cut off."),
        Kind::Valid(index) => {
            let secret = setup.keys.get(*index).map(|key| format!(" with the secret “{}”", key.name));
            format!("A fresh {event}{signed}{}.", secret.unwrap_or_default())
        }
        Kind::Form(form) => {
            let written = match form {
                Form::Compact => "without white space",
                Form::Unicode => "with letters beyond ASCII as they are",
                Form::Escaped => "with letters beyond ASCII as \\u00fc",
                Form::Spaced => "with line ends and indents, as the document shows bodies",
                Form::Trailing => "with a line end behind it",
                Form::Large => "with a text of 1 MB in it",
                Form::LargeUnicode => "with a text of 1 MB in it, letters beyond ASCII",
            };
            format!("A fresh {event} {written}{signed}.")
        }
        Kind::HeaderCase => format!("A fresh {event}{signed}, every header name in lower case."),
        Kind::Chunked => format!("A fresh {event}{signed}, with Transfer-Encoding: chunked in place of a length."),
        Kind::Doubled => about(&Break::DoubledHeader),
        Kind::NotANumber => about(&Break::TimestampNotANumber),
        Kind::Clock(off) => {
            let way = if *off < 0 { "ago" } else { "ahead" };
            format!("A fresh {event}, signed rightly for a time {} {way}.", span(i64::from(OFF_S)))
        }
        Kind::SignedNotJson => format!("A body of {event} whose last byte is cut off, signed rightly."),
        Kind::ContentType => format!("A fresh {event}{signed}, as text/plain."),
        Kind::Shape => format!("A JSON list{signed}."),
        Kind::FieldMissing => format!("A {event} without its id."),
        Kind::Several(joint) => {
            let how = match joint {
                Joint::Space => "divided by a space",
                Joint::Comma => "divided by a comma",
                Joint::Header => "each in a header of its own",
            };
            format!("A fresh {event} with a signature of another secret before the right one, {how}.")
        }
        Kind::Duplicate => format!("A fresh {event}{signed}, twice, byte for byte."),
        Kind::Handshake => {
            "The verification request as the document shows it; signed as well where that is not answered.".to_owned()
        }
        Kind::Derived(Derived::Success | Derived::InTime) => {
            "Nothing of its own: the answers to what is valid.".to_owned()
        }
        Kind::Derived(Derived::NothingDone) => {
            "Nothing of its own: the endpoint's state before and after each request that it must refuse.".to_owned()
        }
        Kind::Derived(Derived::Replay) => "Nothing: the scheme says it.".to_owned(),
        Kind::UnknownId => format!("A fresh {event} with an id that was made up."),
    }
}

fn expected(setup: &Setup<'_>, kind: &Kind) -> String {
    let shown = setup.rule.check.refused_with.filter(|status| (400..500).contains(status)).unwrap_or(401);
    let refused = format!("A 4xx such as {shown}, and nothing done.");
    match kind {
        Kind::Broken(_) | Kind::NotJson | Kind::Doubled | Kind::SignedNotJson => refused,
        Kind::NotANumber | Kind::Clock(_) => {
            format!("A 4xx such as {shown} is best; the document does not ask for it.")
        }
        Kind::Valid(_) | Kind::Form(_) | Kind::HeaderCase | Kind::Chunked => {
            let which = if matches!(setup.rule.retry.success.value, Success::Exactly200) { "200." } else { "A 2xx." };
            which.to_owned()
        }
        Kind::ContentType => "It is not documented: to accept it or to refuse it with a 4xx.".to_owned(),
        Kind::Shape => "It is not documented: not to break on it.".to_owned(),
        Kind::FieldMissing => "A 4xx such as 400, as the document's example answers.".to_owned(),
        Kind::Several(_) => "It is not documented how several are written: to accept any of them is best.".to_owned(),
        Kind::Duplicate => "Success both times, and nothing done twice.".to_owned(),
        Kind::Handshake => "200 and a JSON object that repeats the challenge.".to_owned(),
        Kind::Derived(Derived::Success) => format!("{}.", capital(&success(setup))),
        Kind::Derived(Derived::InTime) => {
            let advice = setup.rule.check.advised_s.map(|s| format!("; within {s} s is advised"));
            format!("An answer within {}{}.", took(u64::from(setup.limit_ms().0) * 1000), advice.unwrap_or_default())
        }
        Kind::Derived(Derived::NothingDone) => "The same state before and after.".to_owned(),
        Kind::Derived(Derived::Replay) => "Nothing: no endpoint can tell a replay from the first delivery.".to_owned(),
        Kind::UnknownId => "A 4xx such as 403: the document advises to compare ids.".to_owned(),
    }
}

fn why(setup: &Setup<'_>, kind: &Kind) -> String {
    let provider = &setup.rule.name;
    let signs = || match setup.scheme() {
        Some(scheme) => format!(
            "{provider} signs every delivery with {} over {}: what does not match is not from {provider}.",
            scheme.algorithm.name(),
            content(scheme)
        ),
        None => format!("{provider} sends JSON."),
    };
    let limit = || took(u64::from(setup.limit_ms().0) * 1000);
    match kind {
        Kind::Broken(_) | Kind::NotJson | Kind::Doubled => signs(),
        Kind::Valid(0) => format!("This is what {provider} sends."),
        Kind::Valid(_) => "While secrets are changed, deliveries of both arrive.".to_owned(),
        Kind::Form(Form::Large | Form::LargeUnicode) => {
            format!("{provider} documents no limit for bodies; frameworks have one of their own, often 100 kB.")
        }
        Kind::Form(_) => match setup.scheme() {
            Some(_) => {
                "The signature covers the bytes of the body as they are sent, however they are written.".to_owned()
            }
            None => "JSON may be written in every one of these ways.".to_owned(),
        },
        Kind::HeaderCase => "Header names have no case, and proxies and HTTP/2 write them in lower case.".to_owned(),
        Kind::Chunked => {
            "Proxies and tunnels may pass a body on in chunks; every HTTP/1.1 server must read them.".to_owned()
        }
        Kind::NotANumber | Kind::Clock(_) => {
            "Who looks at the signed timestamp cannot be made to take a captured delivery again.".to_owned()
        }
        Kind::SignedNotJson => format!("{provider} never sends it; a handler should refuse what it cannot read."),
        Kind::ContentType => format!("{provider} sends application/json."),
        Kind::Shape => format!("{provider} may add events; a handler should not break on what it does not know."),
        Kind::FieldMissing => "The document advises to validate the payload before it is processed.".to_owned(),
        Kind::Several(_) => "While secrets are changed, a delivery may carry a signature of each.".to_owned(),
        Kind::Duplicate => format!("{provider} tries again where an answer is lost: the same event may arrive twice."),
        Kind::Handshake => format!("{provider} checks with it that the endpoint is yours."),
        Kind::Derived(Derived::Success) => {
            format!("{provider} counts {} as delivered and tries again after anything else.", success(setup))
        }
        Kind::Derived(Derived::InTime) => format!("{provider} gives up after {} and tries again.", limit()),
        Kind::Derived(Derived::NothingDone) => "Whoever can post to the URL could set it off otherwise.".to_owned(),
        Kind::Derived(Derived::Replay) => format!("{provider} signs no timestamp."),
        Kind::UnknownId => {
            format!("{provider} does not sign: the ids that you expect are all that tells its deliveries from others.")
        }
    }
}

fn source(setup: &Setup<'_>, kind: &Kind) -> String {
    match kind {
        Kind::HeaderCase => "RFC 9110, section 5.1".to_owned(),
        Kind::Chunked => "RFC 9112, section 7.1".to_owned(),
        Kind::Form(Form::Large | Form::LargeUnicode) | Kind::ContentType | Kind::Shape | Kind::Clock(_) => {
            format!("{} does not document it", setup.rule.name)
        }
        Kind::NotANumber => format!("{} does not document it", setup.rule.name),
        Kind::Several(_) => format!("{}: how several are written is not documented", setup.rule.name),
        Kind::Derived(Derived::Success | Derived::InTime) => answering(setup),
        Kind::Duplicate | Kind::FieldMissing | Kind::UnknownId => safety(setup),
        Kind::Handshake => section(setup, setup.rule.check.handshake.as_ref()),
        _ if setup.scheme().is_none() => answering(setup),
        _ => signing(setup),
    }
}

/// The texts of a probe.
pub(super) fn of(setup: &Setup<'_>, kind: &Kind) -> Words {
    Words {
        name: name(setup, kind),
        sent: sent(setup, kind),
        expected: expected(setup, kind),
        why: why(setup, kind),
        source: source(setup, kind),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// What to know before the first probe leaves.
#[must_use]
pub fn side_effects(setup: &Setup<'_>, working: usize) -> String {
    let event = &setup.event.event_type;
    let most = if working == 1 { "1 of the probes is".to_owned() } else { format!("{working} of the probes are") };
    format!(
        "{most} valid to the endpoint: it will do with them what it does with a {event} of {}. What must be refused is \
         sent first; an endpoint that does not refuse it works on that too.",
        setup.rule.name
    )
}

/// What a check cannot say, and what was left out.
#[must_use]
pub fn notes(setup: &Setup<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if setup.scheme().is_some() {
        notes.push(
            "Whether comparing signatures takes longer the more of them is right cannot be told from outside, and is not \
             claimed: use a comparison in constant time."
                .to_owned(),
        );
    }
    if !setup.state {
        notes.push(
            "Without a state probe, what the endpoint did is not seen, only what it answered: give a URL or a command that \
             shows its state."
                .to_owned(),
        );
    }
    let (limit, _) = setup.limit_ms();
    if setup.waits_ms < limit {
        notes.push(format!(
            "An answer was waited for {}, less than the {} that {} waits.",
            took(u64::from(setup.waits_ms) * 1000),
            took(u64::from(limit) * 1000),
            setup.rule.name
        ));
    }
    notes
}
