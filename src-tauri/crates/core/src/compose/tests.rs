use super::*;
use crate::catalogue::{Catalogue, Judgement, Keys, Provider};
use crate::request::HttpVersion;
use crate::secret::{Secret, SecretText};
use crate::signing::Key;
use crate::verdict::Outcome;

/// 2026-11-20T12:00:00Z
const NOW: i64 = 1_795_176_000_000_000;
const ID: &str = "msg_2Lh9KZpQ";

/// Numbers that differ, the same ones at every run (SplitMix64).
fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn composed(
    sample: &EventSample,
    values: &[(&str, &str)],
    make_fresh: bool,
    seed: u64,
) -> Result<Composed, ComposeError> {
    let values = values.iter().map(|(p, v)| ((*p).to_owned(), (*v).to_owned())).collect();
    compose(
        sample,
        &values,
        make_fresh,
        &mut Fresh { now_us: NOW, random: &mut numbers(seed), named: &BTreeMap::new() },
    )
}

/// What the catalogue says of a composed request, signed with the published secret of its provider, sent to no path.
fn judged(catalogue: &Catalogue, provider: &Provider, composed: &Composed) -> Judgement {
    let mut headers = composed.headers.clone();
    let mut secrets = Vec::new();
    if let Some(scheme) = provider.rule.schemes.first() {
        let secret = Secret { name: "test".to_owned(), value: SecretText::new(scheme.sample.secret.clone()) };
        for header in &scheme.sign(&Key::new(scheme.key, &secret), &composed.body, ID, NOW / 1_000_000) {
            headers.push(header.name.clone(), header.value.clone());
        }
        secrets.push((provider.id(), secret));
    }
    let draft =
        Draft { method: "POST".to_owned(), url: "http://localhost/".to_owned(), headers, body: composed.body.clone() };
    let request = draft.request();
    assert_eq!(request.version, HttpVersion::Http11);
    let keys = Keys::new(catalogue, secrets.iter().map(|(id, secret)| (*id, secret)));
    catalogue.judge(&request, NOW, &keys, None, Catalogue::body(&request).as_ref())
}

/// A body with every field of its sample cut out: what must be the sample's own, byte for byte.
fn rest(sample: &EventSample, body: &str) -> String {
    let mut places: Vec<Range<usize>> =
        sample.fields.iter().map(|f| span(body, &f.pointer).expect("every field is there")).collect();
    places.sort_by_key(|at| std::cmp::Reverse(at.start));
    let mut rest = body.to_owned();
    for at in places {
        rest.replace_range(at, "·");
    }
    rest
}

#[test]
fn every_event_composes_afresh_and_its_provider_recognises_it() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let mut counts = BTreeMap::new();
    for provider in catalogue.iter() {
        for sample in &provider.rule.events {
            let name = format!("{} {}", provider.id(), sample.event_type);
            *counts.entry(provider.id().as_str()).or_insert(0) += 1;
            assert!(!sample.fields.is_empty(), "{name} has no fields");
            let plain = composed(sample, &[], false, 1).expect(&name);
            assert_eq!(plain.body, sample.body, "{name}: nothing was asked for");
            let runs = [composed(sample, &[], true, 1).expect(&name), composed(sample, &[], true, 2).expect(&name)];
            let judgements = runs.each_ref().map(|run| judged(&catalogue, provider, run));
            for (run, judgement) in runs.iter().zip(&judgements) {
                let found = judgement.provider.as_ref().map(|(id, _)| id.as_str());
                assert_eq!(found, Some(provider.id().as_str()), "{name}: the provider");
                assert_eq!(judgement.event_type.as_deref(), Some(sample.event_type.as_str()), "{name}");
                let body = std::str::from_utf8(&run.body).expect("a sample is UTF-8");
                assert_eq!(rest(sample, body), rest(sample, &sample.body), "{name}: bytes beside the fields");
                let own = judgement.verdicts.iter().find(|(v, _)| v.provider == *provider.id());
                let expected = if provider.signs() { Outcome::Pass } else { Outcome::Unsigned };
                assert_eq!(own.map(|(v, _)| v.outcome), Some(expected), "{name}");
                if let Some(shape) = provider.shape() {
                    let (url, body) = ("http://localhost/".to_owned(), run.body.clone());
                    let draft = Draft { method: "POST".to_owned(), url, headers: run.headers.clone(), body };
                    assert_eq!(shape.check(&draft.request()), Ok(()), "{name}");
                }
            }
            assert_ne!(runs[0].body, runs[1].body, "{name}: two fresh bodies");
            // The verification request has no id of its own; its challenge is fresh instead.
            if sample.event_type != "webhook.verification" {
                assert!(judgements[0].event_id.is_some(), "{name}: it has an id");
                assert_ne!(judgements[0].event_id, judgements[1].event_id, "{name}: two fresh ids");
            }
        }
    }
    let expected = [("firebirdgen", 3), ("ihateppt", 15), ("pollo", 2), ("pptvideo", 3), ("videopilot", 6)];
    assert_eq!(counts, expected.into_iter().collect());
}

#[test]
fn fields_hold_hostile_texts_and_keep_everything_else() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let provider = catalogue.get(&"videopilot".parse().expect("an id")).expect("it is there");
    let sample = provider.rule.events.iter().find(|e| e.event_type == "render.failed").expect("it is there");
    let long = "\"\\\u{7}".repeat(350_000);
    let rows = [
        ("quotes", "a \"quoted\" \\ text\", \"x\": \""),
        ("line ends", "one\r\ntwo\n\tthree\u{0}\u{1f}"),
        ("Unicode", "ünï 日本 🎬 \u{202e}rtl\u{2028}\u{feff}\u{fffd}"),
        ("what looks like a placeholder", "{{uuid}} {{{{ }} {{nothing}}"),
        ("nothing", ""),
        ("1 MB", &long),
    ];
    for (name, value) in rows {
        let set = composed(sample, &[("/data/error", value), ("/data/quality", value)], false, 1).expect(name);
        let body = std::str::from_utf8(&set.body).expect("it is UTF-8");
        let read: Value = serde_json::from_str(body).expect("it is JSON");
        assert!(read.pointer("/data/error").and_then(Value::as_str) == Some(value), "{name}");
        assert_eq!(rest(sample, body), rest(sample, &sample.body), "{name}");
        assert_eq!(judged(&catalogue, provider, &set).event_type.as_deref(), Some("render.failed"), "{name}");
    }
}

#[test]
fn what_cannot_stand_in_a_field_is_said() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let provider = catalogue.get(&"ihateppt".parse().expect("an id")).expect("it is there");
    let sample = provider.rule.events.iter().find(|e| e.event_type == "ppt.generation.completed").expect("it is there");
    let firebird = catalogue.get(&"firebirdgen".parse().expect("an id")).expect("it is there");
    let rows = [
        ("/data/pages", " 9 ", Ok("9")),
        ("/data/cost", "-2.50E1", Ok("-2.50E1")),
        ("/created", "2026-11-20T13:00:00.5+01:00", Ok("\"2026-11-20T13:00:00.5+01:00\"")),
        ("/data/pages", "nine", Err("Pages: “nine” is not a number; write one as JSON does, such as 8, -1 or 25.5.")),
        ("/data/pages", "8,5", Err("Pages: “8,5” is not a number; write one as JSON does, such as 8, -1 or 25.5.")),
        ("/data/pages", "", Err("Pages: “” is not a number; write one as JSON does, such as 8, -1 or 25.5.")),
        ("/data/pages", "1}", Err("Pages: “1}” is not a number; write one as JSON does, such as 8, -1 or 25.5.")),
        ("/data/pages", "NaN", Err("Pages: “NaN” is not a number; write one as JSON does, such as 8, -1 or 25.5.")),
        ("/created", "today", Err("Created: “today” is not a time; write one as in 2026-11-20T12:00:00Z.")),
        ("/type", "x", Err("The sample of ppt.generation.completed has no field /type.")),
    ];
    for (pointer, value, expected) in rows {
        let got = composed(sample, &[(pointer, value)], true, 1);
        let got = got.map(|c| {
            let body = String::from_utf8(c.body.to_vec()).expect("it is UTF-8");
            body[span(&body, pointer).expect("it is there")].to_owned()
        });
        assert_eq!(got.as_deref().map_err(ToString::to_string), expected.map_err(str::to_owned), "{pointer} {value}");
    }
    let error = composed(&firebird.rule.events[0], &[("/status", "succeed")], false, 1).expect_err("no such status");
    assert_eq!(error.to_string(), "Status: “succeed” is not one of success, failed.");
}

#[test]
fn a_provider_file_with_a_wrong_field_is_refused() {
    let file = include_str!("../../providers/pollo.toml");
    let good = r#"{ pointer = "/status", label = "Status", kind = "choice", choices = ["succeed", "failed"] }"#;
    assert!(file.contains(good));
    let rows = [
        (r#"{ pointer = "/state", label = "S", kind = "text" }"#, "/state is not in the sample body"),
        (
            r#"{ pointer = "", label = "S", kind = "text" }"#,
            " has the JSON type object in the sample body, which its kind cannot set",
        ),
        (
            r#"{ pointer = "/status", label = "S", kind = "number" }"#,
            "/status has the JSON type string in the sample body, which its kind cannot set",
        ),
        (r#"{ pointer = "/status", label = " ", kind = "text" }"#, "/status has no label"),
        (r#"{ pointer = "/status", label = "S", kind = "choice" }"#, "/status has no choices"),
        (r#"{ pointer = "/status", label = "S", kind = "choice", choices = [] }"#, "/status has no choices"),
        (
            r#"{ pointer = "/status", label = "S", kind = "text", choices = ["a"] }"#,
            "/status has choices and is of another kind",
        ),
        (
            r#"{ pointer = "/status", label = "S", kind = "choice", choices = ["failed"] }"#,
            "/status cannot hold what the sample has there: S: “succeed” is not one of failed.",
        ),
        (
            r#"{ pointer = "/status", label = "S", kind = "text", fresh = "{{int:9-1}}" }"#,
            "/status has a wrong fresh value: S: “9-1” is no range of whole numbers, the smaller first: {{int:1-100}}.",
        ),
        (
            r#"{ pointer = "/status", label = "S", kind = "choice", choices = ["succeed", "failed"], fresh = "{{random:failed|no}}" }"#,
            "/status has a wrong fresh value: S: “no” is not one of succeed, failed.",
        ),
        (r#"{ pointer = "/taskId", label = "S", kind = "text" }"#, "/taskId is there twice"),
    ];
    for (field, says) in rows {
        let error = Provider::load("pollo.toml", &file.replacen(good, field, 1)).expect_err(field);
        assert_eq!(error.to_string(), format!("pollo.toml: the event task.succeed: the field {says}"), "{field}");
    }
    let error = Provider::load("pollo.toml", &file.replacen("\"choice\"", "\"colour\"", 1)).expect_err("no such kind");
    assert!(error.to_string().contains("unknown variant `colour`"), "{error}");
}

#[test]
fn a_drafts_placeholders_are_filled_in_body_and_headers() {
    let mut headers = Headers::new();
    headers.push("x-ID", "{{id:a_}}");
    headers.push("X-Bytes", &b"\xff{{uuid}}"[..]);
    let draft = |body: &'static str, headers: &Headers| Draft {
        method: "PUT".to_owned(),
        url: "http://localhost/{{now}}".to_owned(),
        headers: headers.clone(),
        body: Bytes::from_static(body.as_bytes()),
    };
    let fresh =
        |draft: &Draft| fill_draft(draft, &mut Fresh { now_us: NOW, random: &mut || 0, named: &BTreeMap::new() });
    let filled = fresh(&draft("{\"at\":{{unix}}}", &headers)).expect("it can be filled");
    let mut expected = Headers::new();
    expected.push("x-ID", "a_000000000000");
    expected.push("X-Bytes", &b"\xff{{uuid}}"[..]);
    assert_eq!(filled, draft("{\"at\":1795176000}", &expected), "the address has no placeholders");
    let error = fresh(&draft("é {{no}}", &headers)).expect_err("no such placeholder");
    assert!(matches!(&error, DraftFillError::Body(e) if (e.start, e.len) == (2, 6)), "{error}");
    headers.push("X-Third", "{{int:2-1}}");
    let error = fresh(&draft("", &headers)).expect_err("no such range");
    let says = "In the header X-Third: “2-1” is no range of whole numbers, the smaller first: {{int:1-100}}.";
    assert_eq!(error.to_string(), says);
}
