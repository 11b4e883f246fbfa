use super::probe::{Form, Kind};
use super::*;
use crate::catalogue::{Catalogue, Provider};
use crate::ids::ProviderId;
use crate::rule::EventSample;
use crate::secret::{Secret, SecretText};
use crate::signing::Key;
use crate::verdict::Outcome;

const NOW_US: i64 = 1_790_000_000_000_000;

struct Bench {
    catalogue: Catalogue,
    provider: ProviderId,
    event: EventSample,
    secrets: Vec<Secret>,
    keys: Vec<Key>,
    ids: Vec<String>,
}

impl Bench {
    fn of(provider: &str, secrets: &[&str]) -> Bench {
        let catalogue = Catalogue::builtin().expect("the catalogue is right");
        let provider: ProviderId = provider.parse().expect("an id");
        let rule = &catalogue.get(&provider).expect("it is there").rule;
        let event = Setup::usual_event(rule).expect("it has events").clone();
        let secret = |text: &&str| Secret { name: (*text).to_owned(), value: SecretText::new((*text).to_owned()) };
        let secrets: Vec<Secret> = secrets.iter().map(secret).collect();
        let keys = match rule.schemes.first() {
            Some(scheme) => secrets.iter().map(|secret| Key::new(scheme.key, secret)).collect(),
            None => Vec::new(),
        };
        Bench { catalogue, provider, event, secrets, keys, ids: Vec::new() }
    }

    fn provider(&self) -> &Provider {
        self.catalogue.get(&self.provider).expect("it is there")
    }

    fn setup(&self, waits_ms: u32, state: bool) -> Setup<'_> {
        Setup {
            rule: &self.provider().rule,
            event: &self.event,
            keys: &self.keys,
            secrets: &self.secrets,
            ids: &self.ids,
            endpoint: "http://127.0.0.1:9/hook",
            waits_ms,
            state,
        }
    }
}

fn answer(reply: Reply, changed: Option<bool>) -> Answer {
    Answer::new(reply, 12_000, None, changed)
}

/// What a right endpoint answers.
fn right(probe: &Probe) -> Vec<Answer> {
    let yes = || answer(Reply::Status(200), None);
    match &probe.kind {
        Kind::Derived(_) => Vec::new(),
        Kind::Duplicate => vec![yes(), yes()],
        Kind::Handshake => vec![Answer::new(Reply::Status(200), 9_000, Some(true), None)],
        Kind::Valid(_) | Kind::Form(_) | Kind::HeaderCase | Kind::Chunked => vec![yes()],
        Kind::Several(_) | Kind::ContentType | Kind::Shape => vec![yes()],
        _ => vec![answer(Reply::Status(401), None)],
    }
}

/// What is found where these probes, of which `*` is all, are answered otherwise: `level id cause`, without what holds and the
/// question about duplicates.
fn found(setup: &Setup<'_>, others: &[(&str, Reply)]) -> Vec<String> {
    let asked: Vec<Asked> = plan(setup)
        .into_iter()
        .map(|probe| {
            let mut answers = right(&probe);
            for (ids, reply) in others {
                let refused = right(&probe).last().is_some_and(|answer| answer.class() == Class::Refused);
                let fits = |id: &str| probe.id == id || id == "*" || (id == "refused" && refused);
                if !answers.is_empty() && ids.split(' ').any(fits) {
                    answers = vec![answer(reply.clone(), None)];
                }
            }
            Asked { probe, answers }
        })
        .collect();
    said(setup, &asked)
}

fn said(setup: &Setup<'_>, asked: &[Asked]) -> Vec<String> {
    let judged = judge(setup, asked, None);
    let mut named: Vec<&str> = Vec::new();
    for (finding, one) in judged.iter().zip(asked) {
        let cause = finding.cause.unwrap_or_default();
        assert_eq!(finding.same_as.is_some(), named.contains(&cause), "{}: a cause is named once", one.probe.id);
        assert_eq!(finding.meaning == "Same cause as above.", finding.same_as.is_some(), "{}", one.probe.id);
        if !cause.is_empty() {
            named.push(cause);
        }
    }
    let told = judged.iter().zip(asked).filter(|(finding, one)| {
        finding.level != Level::Hold && !(one.probe.id == "duplicate" && finding.level == Level::Question)
    });
    told.map(|(finding, one)| {
        format!("{:?} {} {}", finding.level, one.probe.id, finding.cause.unwrap_or_default()).to_lowercase()
    })
    .collect()
}

const S: fn(u16) -> Reply = Reply::Status;

#[test]
fn what_answers_mean() {
    let unequal = "signature_cut_short signature_too_long other_encoding";
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, Reply)], &'a [&'a str]);
    let rows: &[Row<'_>] = &[
        ("a right endpoint", "ihateppt", &[], &[]),
        ("nothing can prevent a replay", "videopilot", &[], &["note replay replay"]),
        (
            "unequal lengths throw, against a document that does not",
            "ihateppt",
            &[(unequal, S(500))],
            &[
                "fault signature_cut_short throws_on_unequal_length",
                "fault signature_too_long throws_on_unequal_length",
                "fault other_encoding throws_on_unequal_length",
            ],
        ),
        (
            "unequal lengths throw, as the document's own code does",
            "pptvideo",
            &[(unequal, Reply::Broken)],
            &[
                "warning signature_cut_short throws_on_unequal_length",
                "warning signature_too_long throws_on_unequal_length",
                "warning other_encoding throws_on_unequal_length",
            ],
        ),
        (
            "a missing signature throws",
            "pptvideo",
            &[("signature_missing", S(500))],
            &["fault signature_missing takes_header_for_granted"],
        ),
        (
            "the status is not the one that counts",
            "ihateppt",
            &[("valid", S(201))],
            &["fault success_status wrong_success_status"],
        ),
        ("any 2xx counts", "pollo", &[("valid", S(204))], &[]),
        (
            "body and secret are looked at, the timestamp is not hashed",
            "ihateppt",
            &[("timestamp_changed", S(200))],
            &["fault timestamp_changed timestamp_not_hashed"],
        ),
        ("a stale one is taken", "ihateppt", &[("stale", S(200))], &["warning stale ignores_timestamp"]),
        (
            "a large body is refused, which no document forbids",
            "ihateppt",
            &[("large", S(413))],
            &["warning large limits_body"],
        ),
        ("letters do not survive", "ihateppt", &[("unicode", S(401))], &["fault unicode decodes_in_another_charset"]),
        (
            "written again",
            "ihateppt",
            &[("unicode_escaped white_space white_space_at_end", S(401))],
            &[
                "fault unicode_escaped reserialises",
                "fault white_space reserialises",
                "fault white_space_at_end reserialises",
            ],
        ),
        ("trimmed", "ihateppt", &[("white_space_at_end", S(401))], &["fault white_space_at_end trims_body"]),
        (
            "a form that is not documented",
            "pollo",
            &[("several_by_space", S(401))],
            &["note several_by_space not_this_form"],
        ),
        (
            "one signature alone",
            "pollo",
            &[("several_by_space several_by_comma several_headers", S(401))],
            &[
                "note several_by_space one_signature_only",
                "note several_by_comma one_signature_only",
                "note several_headers one_signature_only",
            ],
        ),
        (
            "the documented limit passed",
            "firebirdgen",
            &[("valid", Reply::Late)],
            &["fault valid too_slow", "fault in_time too_slow"],
        ),
        (
            "an assumed limit passed",
            "pptvideo",
            &[("valid", Reply::Late)],
            &["warning valid too_slow", "warning in_time too_slow"],
        ),
        (
            "unsigned, and any id is taken",
            "firebirdgen",
            &[("unknown_id field_missing", S(200))],
            &["warning field_missing does_not_validate", "warning unknown_id takes_unknown_ids"],
        ),
    ];
    for (name, provider, others, expected) in rows {
        let bench = Bench::of(provider, &["dGhlIHNlY3JldA=="]);
        let limit = bench.provider().rule.retry.timeout_s.value * 1000;
        assert_eq!(found(&bench.setup(limit, false), others), *expected, "{name}");
    }
}

#[test]
fn who_refuses_everything_has_proved_nothing() {
    let bench = Bench::of("videopilot", &["secret"]);
    let said = found(&bench.setup(30_000, false), &[("*", S(404))]);
    assert!(said.contains(&"fault valid wrong_place".to_owned()), "{said:?}");
    assert!(said.contains(&"question other_secret refuses_everything".to_owned()), "{said:?}");
    let bench = Bench::of("firebirdgen", &[]);
    let said = found(&bench.setup(10_000, false), &[("*", S(403))]);
    assert_eq!(said[0], "question not_json refuses_everything");
    assert!(said.contains(&"question valid wants_known_ids".to_owned()), "an unknown id is no fault: {said:?}");
}

#[test]
fn who_says_yes_to_all_is_judged_by_its_state_alone() {
    let bench = Bench::of("pollo", &["dGhlIHNlY3JldA=="]);
    // Without its state: nothing is known, and nothing is claimed.
    let all = found(&bench.setup(30_000, false), &[("*", S(200))]);
    assert_eq!(all[0], "warning body_changed answers_do_not_say");
    assert!(all.iter().all(|one| !one.starts_with("fault")), "{all:?}");
    // One refusal shows that its answers do say something.
    let some = found(&bench.setup(30_000, false), &[("other_secret", S(200))]);
    assert_eq!(some, ["fault other_secret form_only"]);
    // With its state it is judged like any other.
    let setup = bench.setup(30_000, true);
    let with_state = |works_on: fn(&Probe) -> bool| -> Vec<String> {
        let asked: Vec<Asked> = plan(&setup)
            .into_iter()
            .map(|probe| {
                let one = answer(S(200), Some(works_on(&probe)));
                let answers = vec![one; right(&probe).len()];
                Asked { probe, answers }
            })
            .collect();
        said(&setup, &asked)
    };
    let accepts = |probe: &Probe| right(probe).first().is_some_and(|answer| answer.class() == Class::Accepted);
    assert_eq!(with_state(accepts), ["warning duplicate works_twice"]);
    let all = with_state(|_| true);
    assert_eq!(all[0], "fault body_changed does_not_verify");
}

#[test]
fn a_secret_that_is_not_known_is_a_note_while_another_is() {
    let bench = Bench::of("ihateppt", &["old", "new"]);
    let setup = bench.setup(30_000, false);
    assert_eq!(found(&setup, &[("valid_secret_2", S(401))]), ["note valid_secret_2 knows_one_secret"]);
    assert_eq!(found(&setup, &[("valid", S(401))]), ["note valid does_not_know_secret"]);
    let neither = found(&setup, &[("valid valid_secret_2 header_case unicode", S(401))]);
    assert!(neither.iter().all(|one| one.starts_with("note") || one.starts_with("fault")), "{neither:?}");
}

#[test]
fn every_request_is_what_its_probe_says() {
    for (provider, ids) in [("pptvideo", 33), ("videopilot", 30), ("ihateppt", 34), ("pollo", 35), ("firebirdgen", 17)]
    {
        let bench = Bench::of(provider, &["dGhlIHNlY3JldA==", "YW5vdGhlciBvbmU="]);
        let setup = bench.setup(30_000, false);
        let probes = plan(&setup);
        let mut seen = 0;
        let mut random = || {
            seen += 1;
            0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seen)
        };
        let mut maker = Maker::new(setup);
        for probe in &probes {
            if probe.requests() == 0 || probe.kind == Kind::Handshake {
                continue;
            }
            let made =
                maker.make(probe, &[], NOW_US, &mut random).unwrap_or_else(|error| panic!("{}: {error}", probe.id));
            let Some(scheme) = setup.scheme() else { continue };
            let mut request = made.draft.request();
            if probe.kind == Kind::Chunked {
                request.body = unchunked(&request.body).into();
            }
            let verdict = scheme.judge(setup.rule, &request, NOW_US, &bench.keys);
            let expected: &[Outcome] = match &probe.kind {
                Kind::Broken(fault) => &[fault.expected(scheme)],
                Kind::NotJson => &[Outcome::Fail],
                Kind::NotANumber | Kind::Doubled => &[Outcome::Malformed],
                Kind::Clock(_) => &[Outcome::Stale],
                _ => &[Outcome::Pass],
            };
            assert!(expected.contains(&verdict.outcome), "{provider}, {}: {:?}", probe.id, verdict.outcome);
            let json = serde_json::from_slice::<serde_json::Value>(&request.body).is_ok();
            assert_eq!(json, !matches!(probe.kind, Kind::NotJson | Kind::SignedNotJson), "{provider}, {}", probe.id);
        }
        assert_eq!(probes.len(), ids, "{provider}");
    }
}

fn unchunked(body: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), body);
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").expect("a size");
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).expect("hex"), 16).expect("hex");
        if size == 0 {
            return out;
        }
        out.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

#[test]
fn one_event_is_written_in_every_way() {
    use super::bodies::{python, written};
    let body = r#"{ "a": "x", "title": "AI", "n": [1, 2.5] }"#;
    let rows = [
        (Form::Compact, r#"{"a":"x","title":"AI","n":[1,2.5]}"#.to_owned()),
        (Form::Unicode, r#"{"a":"x","title":"Überraschung für Zoë — 画像 🎬","n":[1,2.5]}"#.to_owned()),
        (
            Form::Escaped,
            r#"{"a":"x","title":"\u00dcberraschung f\u00fcr Zo\u00eb \u2014 \u753b\u50cf \ud83c\udfac","n":[1,2.5]}"#
                .to_owned(),
        ),
        (Form::Trailing, "{\"a\":\"x\",\"title\":\"AI\",\"n\":[1,2.5]}\n".to_owned()),
    ];
    for (form, expected) in rows {
        assert_eq!(written(body, form), expected, "{form:?}");
    }
    let large = written(body, Form::Large);
    assert!(large.is_ascii() && (990_000..1_010_000).contains(&large.len()), "{} bytes", large.len());
    let value = serde_json::from_str(body).expect("JSON");
    assert_eq!(python(&value), r#"{"a": "x", "title": "AI", "n": [1, 2.5]}"#);
}

#[test]
fn ids_that_are_waited_for_are_used_in_turn() {
    let mut bench = Bench::of("firebirdgen", &[]);
    bench.ids = vec!["one".to_owned(), "two".to_owned()];
    let setup = bench.setup(10_000, false);
    let probes = plan(&setup);
    let mut maker = Maker::new(setup);
    let mut id_of = |id: &str| {
        let probe = probes.iter().find(|probe| probe.id == id).expect("it is planned");
        let made = maker.make(probe, &[], NOW_US, &mut || 7).expect("it can be made");
        let body: serde_json::Value = serde_json::from_slice(&made.draft.body).expect("JSON");
        body["taskId"].as_str().expect("a text").to_owned()
    };
    assert_eq!(id_of("valid"), "one");
    assert!(id_of("unknown_id").starts_with("task_"), "nobody waits for it");
    assert_eq!((id_of("unicode").as_str(), id_of("header_case").as_str()), ("two", "two"));
}

#[test]
fn what_changed_is_told_the_worst_first() {
    use Level::{Fault, Hold, NotAsked, Warning};
    let before = [("a", Fault), ("b", Hold), ("c", Hold), ("d", Warning), ("gone", Hold)];
    let after = [("a", Hold), ("b", Fault), ("c", Hold), ("d", Warning), ("new", NotAsked)];
    let (changes, same) = compare(&before, &after);
    let words: Vec<(&str, &str)> = changes.iter().map(|c| (c.probe.as_str(), c.words)).collect();
    assert_eq!(
        words,
        [("b", "new fault"), ("a", "mended"), ("gone", "not asked this time"), ("new", "not asked this time")]
    );
    assert_eq!(same, 2);
}

#[test]
fn the_score_is_the_share_of_what_holds() {
    use Level::{Fault, Hold, Note, Question, Warning};
    let score = Score::of([Hold, Hold, Hold, Fault, Warning, Note, Question]);
    assert_eq!((score.percent(), headline(&score).as_str()), (Some(60), "1 fault, 1 warning"));
    assert_eq!(Score::of([Note]).percent(), None);
}
