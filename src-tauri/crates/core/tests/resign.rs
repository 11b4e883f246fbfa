//! What was signed, kept or broken on purpose gets the verdict that was promised: every fixture and every sample of the
//! catalogue, by every way of signing.

use countersign_core::catalogue::{Catalogue, Provider};
use countersign_core::compose::{Fresh, compose};
use countersign_core::draft::Draft;
use countersign_core::fixture::Fixture;
use countersign_core::request::{Header, Headers, text};
use countersign_core::resign::{Break, IdChoice, Inputs, ResignError, Signed, Signing, TimestampChoice, apply};
use countersign_core::rule::{Algorithm, KeyForm, PartKind, SchemeRule};
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use countersign_core::verdict::{Outcome, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// 2026-11-21T09:30:00Z, a day after the fixtures.
const NOW_S: i64 = 1_795_253_400;
const NEW_ID: &str = "msg_0a1b2c3d4e5f6a7b";
const OTHER_KEY: &[u8] = b"\x8e\x01thirty-two random bytes or so\x00\xff";
const FRESH: Signing = Signing::Sign { timestamp: TimestampChoice::Fresh, id: IdChoice::Same };

fn key(form: KeyForm, name: &str, value: &str) -> Key {
    Key::new(form, &Secret { name: name.to_owned(), value: SecretText::new(value.to_owned()) })
}

fn inputs(key: &Key) -> Inputs<'_> {
    Inputs { now_s: NOW_S, key: Some(key), other_key: OTHER_KEY, new_id: NEW_ID }
}

fn judge(provider: &Provider, scheme: &SchemeRule, draft: &Draft, key: &Key) -> Verdict {
    scheme.judge(&provider.rule, &draft.request(), NOW_S * 1_000_000, std::slice::from_ref(key))
}

/// Requests of a provider by name: its fixtures, and the samples of its file without any signature.
fn drafts(provider: &Provider) -> BTreeMap<String, Draft> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures").join(provider.id().as_str());
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the fixtures are there") {
        let path = entry.expect("the folder can be listed").path();
        let fixture =
            Fixture::parse(&std::fs::read_to_string(&path).expect("it can be read")).expect("it is a fixture");
        let request = fixture.request().expect("its request can be read");
        let url = format!("http://127.0.0.1:3000{}", fixture.request.target);
        let (method, headers, body) = (request.method, request.headers, request.body);
        found.insert(fixture.name, Draft { method, url, headers, body });
    }
    for (at, sample) in provider.rule.events.iter().enumerate() {
        let mut fresh = Fresh { now_us: NOW_S * 1_000_000, random: &mut || 7, named: &BTreeMap::new() };
        let made = compose(sample, &BTreeMap::new(), true, &mut fresh).expect("a sample composes");
        let (url, name) = ("http://127.0.0.1:3000/hook".to_owned(), format!("sample {at} {}", sample.event_type));
        found.insert(name, Draft { method: "POST".to_owned(), url, headers: made.headers, body: made.body });
    }
    found
}

/// The headers that are none of the scheme's.
fn others(scheme: &SchemeRule, headers: &Headers) -> Vec<Header> {
    let own = scheme.headers();
    headers.iter().filter(|h| !own.iter().any(|name| h.name.eq_ignore_ascii_case(name.as_bytes()))).cloned().collect()
}

/// The first place of each of the scheme's headers, with the spelling of its name.
fn places(scheme: &SchemeRule, headers: &Headers) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for name in scheme.headers() {
        if let Some(header) = headers.iter().find(|h| h.name.eq_ignore_ascii_case(name.as_bytes())) {
            found.insert(name.to_owned(), text(&header.name));
        }
    }
    found
}

fn bytes_that_differ(a: &[u8], b: &[u8]) -> usize {
    a.len().abs_diff(b.len()) + a.iter().zip(b).filter(|(a, b)| a != b).count()
}

#[test]
fn every_way_of_signing_gets_its_verdict_on_every_request() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let mut wrong = String::new();
    let mut count = 0;
    for provider in catalogue.iter() {
        for (name, draft) in &drafts(provider) {
            let keep = Inputs { now_s: NOW_S, key: None, other_key: &[], new_id: "" };
            let scheme = provider.rule.schemes.first();
            let kept = apply(scheme, draft, &Signing::Keep, &keep);
            assert_eq!(kept, Ok(Signed { draft: draft.clone(), notes: Vec::new() }), "{name}: Keep changes nothing");
            let Some(scheme) = scheme else {
                assert_eq!(apply(None, draft, &FRESH, &keep), Err(ResignError::NoScheme), "{name}");
                continue;
            };
            let key = key(scheme.key, "test", &scheme.sample.secret);
            let mut ways = vec![
                (FRESH, Outcome::Pass),
                (Signing::Sign { timestamp: TimestampChoice::Fresh, id: IdChoice::New }, Outcome::Pass),
                (Signing::Sign { timestamp: TimestampChoice::Given(NOW_S - 300), id: IdChoice::Same }, Outcome::Pass),
            ];
            ways.extend(scheme.breaks().into_iter().map(|one| {
                let expected = one.expected(scheme);
                (Signing::Break(one), expected)
            }));
            for (signing, expected) in ways {
                count += 1;
                let name = format!("{} {name} {signing:?}", provider.id());
                let signed =
                    apply(Some(scheme), draft, &signing, &inputs(&key)).unwrap_or_else(|e| panic!("{name}: {e}"));
                let verdict = judge(provider, scheme, &signed.draft, &key);
                if verdict.outcome != expected {
                    let _ = writeln!(wrong, "{name}: {expected:?} was promised, not: {}", verdict.reason);
                }
                let tampered = signing == Signing::Break(Break::TamperedBody);
                let differ = bytes_that_differ(&draft.body, &signed.draft.body);
                assert_eq!(differ, usize::from(tampered), "{name}: bytes of the body");
                assert_eq!(others(scheme, &signed.draft.headers), others(scheme, &draft.headers), "{name}");
                assert_eq!((&signed.draft.method, &signed.draft.url), (&draft.method, &draft.url), "{name}");
                let after = places(scheme, &signed.draft.headers);
                for (header, spelling) in places(scheme, &draft.headers) {
                    assert!(after.get(&header).is_none_or(|now| *now == spelling), "{name}: {header} as {spelling}");
                }
                assert!(signed.notes.iter().all(|note| note.ends_with('.')), "{name}: {:?}", signed.notes);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 3000, "only {count} were tried");
}

#[test]
fn each_scheme_has_the_breaks_that_make_sense_for_it() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let with_id = "tampered_body wrong_secret stale future missing_header empty doubled_header wrong_encoding longer \
                   shorter malformed other_algorithm other_algorithm timestamp_not_a_number timestamp_changed \
                   timestamp_missing id_changed id_missing";
    let rows = [
        ("pptvideo", with_id),
        ("pollo", with_id),
        (
            "ihateppt",
            "tampered_body wrong_secret stale future missing_header empty doubled_header wrong_encoding wrong_prefix \
             missing_prefix longer shorter malformed other_algorithm other_algorithm timestamp_not_a_number \
             timestamp_changed timestamp_missing",
        ),
        (
            "videopilot",
            "tampered_body wrong_secret missing_header empty doubled_header wrong_encoding wrong_prefix missing_prefix \
             longer shorter malformed other_algorithm other_algorithm",
        ),
    ];
    for (id, expected) in rows {
        let (_, scheme) = catalogue.scheme(&id.parse().expect("an id")).expect("it is there");
        let found: Vec<&str> = scheme.breaks().iter().map(Break::wire_name).collect();
        assert_eq!(found.join(" "), expected, "{id}");
        for one in scheme.breaks() {
            let wire = serde_json::to_value(&one).expect("it is written");
            assert_eq!(wire["name"], one.wire_name());
            assert_eq!(serde_json::from_value::<Break>(wire).expect("it is read"), one);
        }
    }
}

/// What a person reads of each break, and why the verdict is what it is: a change is to be looked at.
#[test]
fn what_is_said_of_breaks_reads_well() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let mut out = String::new();
    for provider in catalogue.iter() {
        let Some(scheme) = provider.rule.schemes.first() else { continue };
        let key = key(scheme.key, "test", &scheme.sample.secret);
        let drafts = drafts(provider);
        let draft = drafts.iter().find(|(name, _)| name.starts_with("sample 0")).expect("a sample").1;
        for one in scheme.breaks() {
            let signed = apply(Some(scheme), draft, &Signing::Break(one.clone()), &inputs(&key)).expect("it is broken");
            let verdict = judge(provider, scheme, &signed.draft, &key);
            let _ = writeln!(out, "{} {}: {}", scheme.id, one.wire_name(), one.label());
            let _ = writeln!(out, "    {}", one.about(scheme));
            let _ = writeln!(out, "    [{}] {}", verdict.outcome.as_str(), verdict.reason);
            let _ = writeln!(out, "    {}", signed.notes.join(" "));
        }
    }
    insta::assert_snapshot!(out);
}

fn draft(headers: &[(&str, &str)]) -> Draft {
    let mut all = Headers::new();
    for (name, value) in headers {
        all.push((*name).to_owned(), (*value).to_owned());
    }
    Draft { method: "POST".to_owned(), url: "http://localhost/".to_owned(), headers: all, body: "{\"a\":1}".into() }
}

fn written(headers: &Headers) -> Vec<String> {
    headers.iter().map(|h| format!("{}: {}", text(&h.name), text(&h.value))).collect()
}

#[test]
fn headers_are_replaced_in_place_and_added_at_the_end() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let (_, scheme) = catalogue.scheme(&"pollo".parse().expect("an id")).expect("it is there");
    let key = key(scheme.key, "test", &scheme.sample.secret);
    let sign = |draft: &Draft, timestamp, id| {
        let signed = apply(Some(scheme), draft, &Signing::Sign { timestamp, id }, &inputs(&key)).expect("it is signed");
        // The signature itself is judged elsewhere; here only where it stands.
        let lines = written(&signed.draft.headers).into_iter();
        lines
            .map(|l| if l.to_lowercase().starts_with("x-webhook-signature") { l[..20].to_owned() } else { l })
            .collect()
    };
    type Row = (&'static str, Vec<(&'static str, &'static str)>, TimestampChoice, IdChoice, Vec<&'static str>);
    let rows: [Row; 5] = [
        (
            "in place, in the sender's spelling, the first of several",
            vec![
                ("x-webhook-SIGNATURE", "v1,AA v1,BB"),
                ("Host", "a"),
                ("X-WEBHOOK-ID", "msg_1"),
                ("X-Webhook-Signature", "again"),
                ("x-webhook-timestamp", "5"),
                ("X-Webhook-Id", "msg_2"),
                ("X-Last", "z"),
            ],
            TimestampChoice::Fresh,
            IdChoice::Same,
            vec![
                "x-webhook-SIGNATURE:",
                "Host: a",
                "X-WEBHOOK-ID: msg_1",
                "x-webhook-timestamp: 1795253400",
                "X-Last: z",
            ],
        ),
        (
            "what is missing is added at the end, as the provider spells it",
            vec![("X-Webhook-Timestamp", "5"), ("Accept", "*/*")],
            TimestampChoice::Captured,
            IdChoice::Same,
            vec!["X-Webhook-Timestamp: 5", "Accept: */*", "X-Webhook-Id: msg_0a1b2c3d4e5f6a7b", "X-Webhook-Signature:"],
        ),
        (
            "a new id and a given time",
            vec![("X-Webhook-Id", "msg_1"), ("X-Webhook-Timestamp", "5")],
            TimestampChoice::Given(-1),
            IdChoice::New,
            vec!["X-Webhook-Id: msg_0a1b2c3d4e5f6a7b", "X-Webhook-Timestamp: -1", "X-Webhook-Signature:"],
        ),
        (
            "a captured time stays as it stands, whatever it says",
            vec![("X-Webhook-Id", "msg_1"), ("X-Webhook-Timestamp", "soon")],
            TimestampChoice::Captured,
            IdChoice::Same,
            vec!["X-Webhook-Id: msg_1", "X-Webhook-Timestamp: soon", "X-Webhook-Signature:"],
        ),
        (
            "an empty id is none",
            vec![("X-Webhook-Id", "")],
            TimestampChoice::Fresh,
            IdChoice::Same,
            vec!["X-Webhook-Id: msg_0a1b2c3d4e5f6a7b", "X-Webhook-Timestamp: 1795253400", "X-Webhook-Signature:"],
        ),
    ];
    for (name, headers, timestamp, id, expected) in rows {
        let found: Vec<String> = sign(&draft(&headers), timestamp, id);
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_break_tells_the_time_it_is_given_and_changes_an_id_that_is_the_new_one() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let (provider, scheme) = catalogue.scheme(&"pptvideo".parse().expect("an id")).expect("it is there");
    let key = key(scheme.key, "test", &scheme.sample.secret);
    let rows = [
        (Break::Stale { age_s: 300 }, Outcome::Pass, "1795253100"),
        (Break::Stale { age_s: 301 }, Outcome::Stale, "1795253099"),
        (Break::Future { s: 300 }, Outcome::Pass, "1795253700"),
        (Break::Future { s: 301 }, Outcome::Stale, "1795253701"),
        (Break::TimestampChanged, Outcome::Fail, "1795253399"),
        (Break::TimestampNotANumber, Outcome::Malformed, "yesterday"),
        (Break::IdChanged, Outcome::Fail, "1795253400"),
    ];
    for (one, outcome, timestamp) in rows {
        let draft = draft(&[("X-Webhook-Id", NEW_ID)]);
        let signed = apply(Some(scheme), &draft, &Signing::Break(one.clone()), &inputs(&key)).expect("it is broken");
        assert_eq!(one.expected(scheme), outcome, "{one:?}");
        assert_eq!(judge(provider, scheme, &signed.draft, &key).outcome, outcome, "{one:?}");
        assert_eq!(signed.draft.headers.first("x-webhook-timestamp").map(|v| text(v)).as_deref(), Some(timestamp));
        let id = signed.draft.headers.first("x-webhook-id").map(|v| text(v));
        assert_eq!(id.as_deref() == Some(NEW_ID), one != Break::IdChanged, "{one:?}: {id:?}");
    }
}

#[test]
fn what_cannot_be_signed_is_said() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let scheme = |id: &str| catalogue.scheme(&id.parse().expect("an id")).expect("it is there").1;
    let (pollo, videopilot) = (scheme("pollo"), scheme("videopilot"));
    let right = key(pollo.key, "test", &pollo.sample.secret);
    let empty = key(pollo.key, "blank", "!");
    let own = key(videopilot.key, "test", "own");
    let base = inputs(&right);
    let captured = Signing::Sign { timestamp: TimestampChoice::Captured, id: IdChoice::Same };
    let sha256 = Break::OtherAlgorithm { algorithm: Algorithm::HmacSha256 };
    let label = |label: &str| ResignError::Unfit { label: label.to_owned() };
    let rows = [
        ("no scheme", None, FRESH, base, ResignError::NoScheme),
        ("no scheme to break", None, Signing::Break(Break::Empty), base, ResignError::NoScheme),
        ("no key", Some(pollo), FRESH, Inputs { key: None, ..base }, ResignError::NoKey),
        (
            "no key to break with",
            Some(pollo),
            Signing::Break(Break::MissingHeader),
            Inputs { key: None, ..base },
            ResignError::NoKey,
        ),
        (
            "an empty key",
            Some(pollo),
            FRESH,
            Inputs { key: Some(&empty), ..base },
            ResignError::EmptyKey { secret: "blank".to_owned() },
        ),
        (
            "the wrong key is the right one",
            Some(videopilot),
            Signing::Break(Break::WrongSecret),
            Inputs { key: Some(&own), other_key: b"own\0", ..base },
            ResignError::SameKey,
        ),
        (
            "the wrong key is none",
            Some(pollo),
            Signing::Break(Break::WrongSecret),
            Inputs { other_key: &[], ..base },
            ResignError::SameKey,
        ),
        (
            "no time to keep",
            Some(pollo),
            captured,
            base,
            ResignError::NoTimestamp { header: "X-Webhook-Timestamp".to_owned() },
        ),
        (
            "before 1970",
            Some(pollo),
            Signing::Break(Break::Stale { age_s: u32::MAX }),
            base,
            ResignError::TooOld { seconds: u32::MAX },
        ),
        ("no prefix", Some(pollo), Signing::Break(Break::WrongPrefix), base, label("Wrong prefix")),
        ("no time", Some(videopilot), Signing::Break(Break::Stale { age_s: 600 }), base, label("Timestamp 10 min old")),
        ("no id", Some(videopilot), Signing::Break(Break::IdMissing), base, label("Id missing")),
        ("its own algorithm", Some(pollo), Signing::Break(sha256), base, label("Signed with HMAC-SHA-256")),
    ];
    for (name, scheme, signing, inputs, expected) in rows {
        assert_eq!(apply(scheme, &draft(&[]), &signing, &inputs), Err(expected), "{name}");
    }
    let unstored = Inputs { key: None, ..base };
    let wrong = apply(Some(pollo), &draft(&[]), &Signing::Break(Break::WrongSecret), &unstored);
    assert!(wrong.is_ok(), "a wrong secret needs no right one: {wrong:?}");
    assert_eq!(pollo.header_of(PartKind::Id), Some("X-Webhook-Id"));
}
