//! Every snippet of every provider, and of rules that nobody has written yet.

use super::{Language, Topic, quote, snippet, topics};
use crate::catalogue::Catalogue;
use crate::handshake::{HandshakeAnswer, Place};
use crate::rule::{Algorithm, Encoding, KeyForm, Part, PartKind, ProviderRule};

fn rule(id: &str) -> ProviderRule {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    let found = catalogue.iter().find(|provider| provider.id().as_str() == id);
    found.expect("a provider").rule.clone()
}

/// A rule with its name, and what its code must have in Node.
type Row = (&'static str, ProviderRule, &'static [&'static str]);

/// Rules as a user may write them: every fact of a scheme the other way round.
fn own_rules() -> Vec<Row> {
    let mut bare = rule("pollo");
    let scheme = &mut bare.schemes[0];
    scheme.algorithm = Algorithm::HmacSha512;
    scheme.signature.encoding = Encoding::Hex;
    scheme.signature.prefix = "v0=".to_owned();
    scheme.content = vec![Part::Body];
    scheme.time = None;
    let mut around = rule("videopilot");
    around.schemes[0].algorithm = Algorithm::HmacSha1;
    around.schemes[0].key = KeyForm::Base64;
    around.schemes[0].content = vec![
        Part::Literal { text: "`${a}".to_owned() },
        Part::Body,
        Part::Header { name: "From".to_owned(), kind: PartKind::Other },
    ];
    around.event.event_type = "{header:X-Topic}".to_owned();
    let mut unsigned = rule("firebirdgen");
    unsigned.checks = None;
    let mut unnamed = rule("ihateppt");
    unnamed.event.id = "always the same".to_owned();
    let mut apart = rule("ihateppt");
    apart.schemes[0].content.remove(0);
    vec![
        ("several signatures of the body alone", bare, &["sha512", "digest(\"hex\")", "\"v0=\" + "]),
        ("text around the body", around, &["hmac.update(`\\`\\${a}`)", "xFrom", "req.headers[\"x-topic\"]"]),
        ("no signature and no schema", unsigned, &["expected.has(event?.taskId)"]),
        ("an id that names no place", unnamed, &["event?.id"]),
        ("a timestamp that is not signed", apart, &["const timestamp = ", "age > 300"]),
    ]
}

#[test]
fn every_topic_is_marked_in_every_language() {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    let mut rules: Vec<(String, ProviderRule)> =
        catalogue.iter().map(|provider| (provider.id().to_string(), provider.rule.clone())).collect();
    rules.extend(own_rules().into_iter().map(|(name, rule, _)| (name.to_owned(), rule)));
    for (name, rule) in &rules {
        let due = topics(rule);
        for language in Language::all() {
            let found = snippet(rule, language);
            let lines: Vec<&str> = found.code.lines().collect();
            assert!(lines.len() <= 150, "{name}, {language:?}: {} lines are no snippet", lines.len());
            assert!(found.code.ends_with('\n') && !found.code.ends_with("\n\n"), "{name}, {language:?}");
            for rest in ["@@", "{%", "%}", "undefined %", "\n\n\n\n"] {
                assert!(!found.code.contains(rest), "{name}, {language:?} has {rest:?}");
            }
            for topic in Topic::all() {
                let marks = found.marks.iter().filter(|(marked, _)| *marked == topic);
                let marked: Vec<&str> = marks.flat_map(|(_, range)| &lines[range.clone()]).copied().collect();
                let said = marked.iter().any(|line| !line.trim().is_empty());
                assert_eq!(said, due.contains(&topic), "{name}, {language:?}: {topic:?} in {marked:?}");
            }
        }
    }
}

#[test]
fn a_rule_of_ones_own_gets_its_code() {
    for (name, rule, due) in own_rules() {
        let code = snippet(&rule, Language::Node).code;
        for words in due {
            assert!(code.contains(words), "{name}: {words} is not in\n{code}");
        }
    }
}

#[test]
fn the_marked_lines_are_those_that_handle_it() {
    let rows = [
        (Topic::Compare, "pollo", "timingSafeEqual"),
        (Topic::SeveralSignatures, "pollo", "otherVersion"),
        (Topic::Key, "pollo", "\"base64\""),
        (Topic::Timestamp, "ihateppt", "age > 300"),
        (Topic::Handshake, "ihateppt", "isChallenge(event)"),
        (Topic::Encoding, "videopilot", "\"sha256=\" + hmac.digest(\"hex\")"),
        (Topic::RawBody, "videopilot", "express.raw"),
        (Topic::Missing, "videopilot", "!received"),
        (Topic::SignedContent, "pptvideo", "`${webhookId}.${timestamp}.`"),
        (Topic::BadInput, "firebirdgen", "sendStatus(403)"),
        (Topic::Success, "firebirdgen", "sendStatus(200)"),
        (Topic::AnswerFirst, "firebirdgen", "setImmediate"),
        (Topic::Duplicate, "firebirdgen", "seen.has"),
    ];
    for (topic, provider, words) in rows {
        let found = snippet(&rule(provider), Language::Node);
        let lines: Vec<&str> = found.code.lines().collect();
        let marked = found.marks.iter().filter(|(marked, _)| *marked == topic);
        let text: Vec<&str> = marked.flat_map(|(_, range)| &lines[range.clone()]).copied().collect();
        assert!(text.join("\n").contains(words), "{topic:?} of {provider}: {words} is not in {text:#?}");
    }
}

#[test]
fn a_handshake_that_the_code_does_not_answer_is_told() {
    let mut rule = rule("ihateppt");
    let handshake = rule.handshake.as_mut().expect("a handshake");
    handshake.answer = HandshakeAnswer::TextEcho { from: Place::Query("challenge".to_owned()) };
    let found = snippet(&rule, Language::Go);
    assert!(!topics(&rule).contains(&Topic::Handshake));
    assert!(
        found.notes.iter().any(|note| note.starts_with("The check that the endpoint is yours is not in this code"))
    );
}

#[test]
fn the_secret_is_named_and_asked_for_where_the_provider_signs() {
    for (id, secret) in [("pollo", "POLLO_WEBHOOK_SECRET"), ("firebirdgen", "")] {
        for language in Language::all() {
            let found = snippet(&rule(id), language);
            assert_eq!(found.secret_env, secret, "{id}, {language:?}");
            assert!(found.code.contains(secret) && found.title.contains(language.name()), "{id}, {language:?}");
            let told = found.notes.iter().any(|note| note.contains(secret));
            assert!(told, "{id}, {language:?}: {:?}", found.notes);
        }
    }
}

#[test]
fn no_text_of_a_rule_ends_its_literal() {
    let text = "a\"b'c\\d${e}#{f}\n\u{1b}";
    let rows = [
        (Language::Node, r##""a\"b'c\\d${e}#{f}\n\u001b""##),
        (Language::PythonFlask, r##""a\"b'c\\d${e}#{f}\n\u001b""##),
        (Language::Go, r##""a\"b'c\\d${e}#{f}\n\u001b""##),
        (Language::Rust, r##""a\"b'c\\d${e}#{f}\n\u{1b}""##),
        (Language::Php, "'a\"b\\'c\\\\d${e}#{f}\n\u{1b}'"),
        (Language::Ruby, r##""a\"b'c\\d${e}\#{f}\n\u001b""##),
        (Language::Java, r##""a\"b'c\\d${e}#{f}\n\u001b""##),
        (Language::CSharp, r##""a\"b'c\\d${e}#{f}\n\u001b""##),
    ];
    for (language, due) in rows {
        assert_eq!(quote::literal(language, text), due, "{language:?}");
    }
    let mut named = rule("pollo");
    named.name = "Evil\n?><script> */ end".to_owned();
    for language in Language::all() {
        let code = snippet(&named, language).code;
        assert!(code.contains("Evil ? ><script> * / end"), "{language:?}: it stands in a comment, on its line");
    }
}

#[test]
fn ids_are_found_again() {
    for language in Language::all() {
        assert_eq!(Language::from_id(language.id()), Some(language));
    }
    for topic in Topic::all() {
        assert_eq!(Topic::from_id(topic.id()), Some(topic));
    }
    assert_eq!(Language::from_id("cobol"), None);
}
