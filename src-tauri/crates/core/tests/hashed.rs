//! What a handler says it hashed, against what was captured.
#![expect(clippy::expect_used, reason = "a test ends where something is wrong")]

use countersign_core::catalogue::Catalogue;
use countersign_core::compare::hashed;
use countersign_core::request::{HttpVersion, Request};
use countersign_core::rule::SchemeRule;
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use proptest::prelude::*;

/// A captured request of a provider that signs id, timestamp and body, its rule and a key.
fn captured(body: &str, signed: &str) -> (Request, SchemeRule, Key) {
    let catalogue = Catalogue::builtin().expect("the catalogue is right");
    let provider = catalogue.get(&"pollo".parse().expect("an id")).expect("it is there");
    let scheme = provider.rule.schemes[0].clone();
    let secret = Secret { name: "mine".to_owned(), value: SecretText::new("c2VjcmV0IG9mIHNvbWUgbGVuZ3Ro".to_owned()) };
    let key = Key::new(scheme.key, &secret);
    let headers = scheme.sign(&key, &signed.to_owned().into(), "id_1", 1_795_176_000);
    let (method, version) = ("POST".to_owned(), HttpVersion::Http11);
    let body = body.to_owned().into();
    (Request { method, target: "/".into(), version, headers, body, cut_from: None }, scheme, key)
}

#[test]
fn what_a_handler_hashed_is_told_from_what_was_captured() {
    // Name, captured body, signed body, hashed bytes (`~` stands for id and timestamp), as body, as content, cause.
    let body = "{\"a\": \"é\", \"n\": 1}";
    let rows = [
        ("the body", body, body, body, true, false, "captured_body"),
        ("the content", body, body, "~{\"a\": \"é\", \"n\": 1}", false, true, "signed_content"),
        ("written again", body, body, "{\"a\":\"é\",\"n\":1}", false, false, "body_reserialised"),
        ("the content, written again", body, body, "~{\"a\":\"é\",\"n\":1}", false, false, "body_reserialised"),
        ("written again otherwise", body, body, "{\"n\" : 1, \"a\" : \"\\u00e9\"}", false, false, "body_reserialised"),
        ("a newline more", body, body, "{\"a\": \"é\", \"n\": 1}\n", false, false, "trailing_newline"),
        ("read as Latin-1", body, body, "{\"a\": \"Ã©\", \"n\": 1}", false, false, ""),
        ("another beginning", body, body, "x.{\"a\": \"é\", \"n\": 1}", false, false, "content_template"),
        ("parsed before", body, body, "[object Object]", false, false, "object_as_text"),
        ("a text in JSON", body, body, "\"{\\\"a\\\": \\\"é\\\", \\\"n\\\": 1}\"", false, false, "json_in_json"),
        ("in hex", "ab", "ab", "6162", false, false, "encoded"),
        ("cut", body, body, "{\"a\"", false, false, "cut"),
        ("nothing", body, body, "", false, false, "empty"),
        ("something else", body, body, "{\"b\":2}", false, false, ""),
        (
            "changed on the way here",
            body,
            "{\"a\":\"é\",\"n\":1}",
            "{\"a\":\"é\",\"n\":1}",
            true,
            false,
            "body_reserialised",
        ),
    ];
    for (name, body, signed, pasted, as_body, as_content, cause) in rows {
        let (request, scheme, key) = captured(body, signed);
        let pasted = pasted.replace('~', "id_1.1795176000.");
        let found = hashed(&scheme, &[key], &request, pasted.as_bytes());
        let code = found.cause.as_ref().map_or("", |cause| cause.code);
        assert_eq!(
            (found.as_body.is_some(), found.as_content.is_some(), code),
            (as_body, as_content, cause),
            "{name}: {found:?}"
        );
        assert_eq!(found.captured.as_deref(), (body == signed).then_some("mine"), "{name}");
    }
}

#[test]
fn what_a_handler_hashed_is_told_in_sentences() {
    let body = "{\"a\": 1}";
    let rows = [
        ("{\"a\": 1}", "These are the captured bytes, and the signature holds for them with the secret “mine”."),
        (
            "{\"a\":1}",
            "The signature does not hold for these bytes. They are the captured body after JSON.parse and JSON.stringify. \
             Here the captured body, there what was hashed. Byte 6 (line 1, column 6): here 0x20 (space), there 0x31 (“1”). \
             Hash the body as it arrives, before anything parses or decodes it.",
        ),
        (
            "{\"a\": 1}\n",
            "The signature does not hold for these bytes. They are the captured body with a newline added at its end. \
             Here the captured body, there what was hashed. The first ends after byte 8; the second goes on with \
             0x0A (line feed) at byte 9 (line 1, column 9). Without the newline at their end it holds: the newline may have \
             come with pasting.",
        ),
    ];
    for (pasted, words) in rows {
        let (request, scheme, key) = captured(body, body);
        assert_eq!(hashed(&scheme, &[key], &request, pasted.as_bytes()).words, words);
    }
    let (request, scheme, _) = captured(body, body);
    let words = hashed(&scheme, &[], &request, body.as_bytes()).words;
    assert_eq!(
        words,
        "No usable secret is stored for this scheme, so nothing was verified. They are the captured body, byte for byte."
    );
}

proptest! {
    #[test]
    fn no_bytes_are_refused(a: Vec<u8>, b: Vec<u8>) {
        let (request, scheme, key) = captured("{\"a\": 1}", "{\"a\": 1}");
        let request = Request { body: a.clone().into(), ..request };
        let found = hashed(&scheme, &[key], &request, &b);
        prop_assert_eq!(found.from_body.is_none(), a == b);
    }
}
