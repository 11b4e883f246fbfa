//! The cause of a signature that is right and badly written, and limits of the search.
#![expect(clippy::expect_used, reason = "a test ends where something is wrong")]

use bytes::Bytes;
use countersign_core::catalogue::{Catalogue, Keys};
use countersign_core::diagnosis::{BUDGET_ON_VIEW, Diagnosis, Evidence, diagnose};
use countersign_core::request::{Headers, HttpVersion, Request, text};
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use countersign_core::verdict::{Outcome, Verdict};

const AT_S: i64 = 1_795_176_000;

/// A request signed as the provider signs, with its signature changed.
fn judged(provider: &str, secret: &str, body: Bytes, change: impl Fn(&str) -> String) -> (Verdict, Option<Diagnosis>) {
    let catalogue = Catalogue::builtin().expect("the catalogue is right");
    let found = catalogue.get(&provider.parse().expect("an id")).expect("it is there");
    let scheme = &found.rule.schemes[0];
    let secret = Secret { name: "mine".to_owned(), value: SecretText::new(secret.to_owned()) };
    let signed = scheme.sign(&Key::new(scheme.key, &secret), &body, "id_1", AT_S);
    let mut headers = Headers::new();
    for header in &signed {
        let is_signature = header.name.eq_ignore_ascii_case(scheme.signature.header.as_bytes());
        let value = if is_signature { change(&text(&header.value)).into() } else { header.value.clone() };
        headers.push(header.name.clone(), value);
    }
    let request = Request {
        method: "POST".to_owned(),
        target: "/".into(),
        version: HttpVersion::Http11,
        headers,
        body,
        cut_from: None,
    };
    let keys = Keys::new(&catalogue, [(found.id(), &secret)]);
    let verdict = scheme.judge(&found.rule, &request, AT_S * 1_000_000, keys.of(&scheme.id));
    let own = [secret];
    let provider = &found.rule;
    let evidence = Evidence { provider, scheme, request: &request, own: &own, others: &[], budget: BUDGET_ON_VIEW };
    (verdict, diagnose(&evidence))
}

#[test]
fn how_a_right_signature_is_badly_written_is_named_by_what_was_shown() {
    type Change = fn(&str) -> String;
    let rows: [(&str, Change, Outcome, &str); 10] = [
        ("ihateppt", |s| format!("{s},sha256={}", "00".repeat(32)), Outcome::Malformed, "signature_repeated"),
        ("ihateppt", |s| format!("sha256={s}"), Outcome::Malformed, "prefix_doubled"),
        ("ihateppt", |s| s.replace("sha256=", ""), Outcome::Malformed, "prefix_missing"),
        ("ihateppt", |s| format!("\"{s}\""), Outcome::Malformed, "signature_wrapped"),
        ("videopilot", |s| s.to_uppercase().replace("SHA256=", "sha256="), Outcome::Fail, "signature_encoding"),
        ("pollo", |s| format!("v1={s}"), Outcome::Malformed, "signature_wrapped"),
        ("pollo", |s| format!("\"{s}\""), Outcome::Malformed, "signature_wrapped"),
        ("pollo", |s| format!("{s};x"), Outcome::Malformed, "signature_wrapped"),
        ("pollo", |s| format!("v2,{s}"), Outcome::Malformed, "signature_version"),
        ("pollo", |s| format!("v1a {s}"), Outcome::Malformed, "signature_version"),
    ];
    for (provider, change, outcome, cause) in rows {
        let (verdict, diagnosis) = judged(provider, "c2VjcmV0IG9mIHNvbWUgbGVuZ3Ro", Bytes::from_static(b"{}"), change);
        let found = diagnosis.map(|d| (d.cause, d.proved));
        assert_eq!((verdict.outcome, found), (outcome, Some((cause, true))), "{provider} {}", change("SIGNATURE"));
    }
}

/// An empty key would let anybody sign.
#[test]
fn a_secret_from_which_nothing_decodes_matches_nothing() {
    for secret in ["=", "!!!"] {
        let (verdict, _) = judged("pollo", secret, Bytes::from_static(b"{}"), str::to_owned);
        assert_eq!(verdict.outcome, Outcome::NoSecret);
        assert_eq!(verdict.reason, "Nothing decodes from the secret “mine”: it is no key.");
    }
}

#[test]
fn a_nested_body_is_not_written_out_and_what_was_left_out_is_said() {
    let nested = format!("{}{}0{}", "[".repeat(100), "0,".repeat(200_000), "]".repeat(100));
    let other = |_: &str| format!("sha256={}", "00".repeat(32));
    let (_, diagnosis) = judged("videopilot", "secret", nested.into(), other);
    let told = diagnosis.expect("there is something to compare").explanation;
    assert!(
        told.contains("Not all of this was computed, because the body is long: the body with other line ends"),
        "{told}"
    );
    let (_, diagnosis) = judged("videopilot", "secret", Bytes::from_static(b"{\"a\":1}"), other);
    let told = diagnosis.expect("there is something to compare").explanation;
    assert!(!told.contains("Not all") && told.contains("written again as JSON"), "{told}");
}
