use super::policy::{Delays, HeaderIs, Redirects, Success, Throttle};
use super::*;
use crate::catalogue::Catalogue;
use crate::request::Headers;

fn policy_of(id: &str) -> Policy {
    let catalogue = Catalogue::builtin().expect("the catalogue loads");
    let provider = catalogue.iter().find(|provider| provider.id().as_str() == id).expect("the provider is there");
    Policy::of(&provider.rule.retry)
}

fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Came {
    let mut all = Headers::new();
    for (name, value) in headers {
        all.push(*name, *value);
    }
    Came::Answer { status, headers: all }
}

/// Runs a policy against what comes of its attempts, each taking no time, on a clock that only waits move: when attempts
/// fall, in seconds, and how it ends.
fn virtual_run(policy: &Policy, came: impl Fn(u32) -> Came) -> (Vec<u64>, Decision) {
    let (mut now_ms, mut offsets, mut history) = (0u64, Vec::new(), Vec::new());
    loop {
        offsets.push(now_ms / 1_000);
        history.push(came(u32::try_from(history.len()).expect("few") + 1));
        match next(policy, 0, &history, 1_700_000_000) {
            Decision::Retry { after_ms, .. } => now_ms += after_ms,
            end => return (offsets, end),
        }
    }
}

#[test]
fn the_five_providers_fall_on_their_offsets() {
    let rows: [(&str, &[u64]); 5] = [
        ("pptvideo", &[0, 10, 30, 70, 150, 310]),
        ("videopilot", &[0, 10, 30, 70]),
        ("ihateppt", &[0, 1, 6, 36]),
        ("pollo", &[0, 60, 180, 420, 900, 1860, 3780, 7380, 10980, 14580]),
        ("firebirdgen", &[0, 10, 40, 130]),
    ];
    for (id, offsets) in rows {
        let policy = policy_of(id);
        let planned = plan(&policy, 7);
        assert_eq!(planned.attempts.iter().map(|a| a.offset_ms / 1_000).collect::<Vec<_>>(), offsets, "{id}, planned");
        assert_eq!(planned.total_ms, offsets.last().expect("some") * 1_000, "{id}, total");
        let (sent, end) = virtual_run(&policy, |_| answer(500, &[]));
        assert_eq!(sent, offsets, "{id}, gone by");
        assert!(matches!(end, Decision::GiveUp { .. }), "{id}: {end:?}");
        let (sent, end) = virtual_run(&policy, |attempt| if attempt == 3 { answer(200, &[]) } else { Came::Timeout });
        assert_eq!(
            (sent.as_slice(), end),
            (&offsets[..3], Decision::Delivered { why: "delivered".to_owned() }),
            "{id}"
        );
        assert!(policy.faults().is_empty(), "{id}: {:?}", policy.faults());
    }
}

#[test]
fn what_comes_next_is_said_in_words() {
    let fire = policy_of("firebirdgen");
    let pollo = policy_of("pollo");
    let rich = Policy {
        stop_on: vec![410, 406],
        stop_header: Some(HeaderIs { name: "webhook-delivery".to_owned(), value: "abort-message".to_owned() }),
        throttle: Some(Throttle { on: vec![429, 503], cap_s: 600 }),
        ..pollo.clone()
    };
    let lenient = Policy { redirects: Redirects::Follow, success: Success::Statuses(vec![200, 202]), ..fire.clone() };
    let refused = Came::Nothing { why: "no connection".to_owned() };
    // 2023-11-14T22:13:20Z is second 1,700,000,000.
    let in_90_s = answer(503, &[("Retry-After", "Tue, 14 Nov 2023 22:14:50 GMT")]);
    let rows: [(&str, &Policy, usize, Came, &str); 19] = [
        ("another status", &fire, 1, answer(500, &[]), "not exactly 200 → retry in 10 s"),
        ("201 is not 200", &fire, 3, answer(201, &[]), "not exactly 200 → retry in 90 s"),
        ("timeout", &fire, 2, Came::Timeout, "no answer within 10 s → retry in 30 s"),
        ("refused", &fire, 1, refused, "no connection → retry in 10 s"),
        ("redirect", &fire, 1, answer(302, &[]), "a redirect is not followed → retry in 10 s"),
        ("the last one", &fire, 4, answer(500, &[]), "not exactly 200, and all 4 attempts are used → gives up"),
        ("any 2xx", &pollo, 1, answer(204, &[]), "delivered"),
        ("minutes", &pollo, 6, answer(404, &[]), "not a 2xx → retry in 32 min"),
        ("an hour", &pollo, 7, answer(404, &[]), "not a 2xx → retry in 1 h"),
        ("not heeded", &pollo, 1, answer(503, &[("Retry-After", "5")]), "not a 2xx → retry in 60 s"),
        ("gone", &rich, 1, answer(410, &[]), "410: the endpoint is gone → stops"),
        ("another end", &rich, 1, answer(406, &[]), "406 ends it → stops"),
        (
            "stop header",
            &rich,
            1,
            answer(500, &[("Webhook-Delivery", "Abort-Message")]),
            "webhook-delivery: Abort-Message → stops",
        ),
        ("Retry-After", &rich, 1, answer(429, &[("retry-after", " 120 ")]), "Retry-After: 120 → retry in 120 s"),
        ("as a date", &rich, 1, in_90_s, "Retry-After: Tue, 14 Nov 2023 22:14:50 GMT → retry in 90 s"),
        (
            "too long",
            &rich,
            1,
            answer(429, &[("Retry-After", "7200")]),
            "Retry-After: 7200, of which 10 min are heeded → retry in 10 min",
        ),
        (
            "unreadable",
            &rich,
            1,
            answer(429, &[("Retry-After", "soon")]),
            "not a 2xx, and Retry-After “soon” cannot be read → retry in 60 s",
        ),
        ("of another status", &rich, 1, answer(500, &[("Retry-After", "5")]), "not a 2xx → retry in 60 s"),
        ("a list", &lenient, 1, answer(201, &[]), "none of 200, 202 → retry in 10 s"),
    ];
    for (name, policy, made, last, why) in rows {
        let mut history = vec![Came::Timeout; made - 1];
        history.push(last);
        assert_eq!(next(policy, 0, &history, 1_700_000_000).why(), why, "{name}");
    }
}

#[test]
fn jitter_follows_from_the_seed_alone() {
    let base = Policy {
        delays: Delays::Exponential { first_s: 10.0, factor: 2.0, cap_s: Some(60.0) },
        attempts: 6,
        ..policy_of("pptvideo")
    };
    let waits = |policy: &Policy, seed| plan(policy, seed).attempts.iter().map(|a| a.wait_ms).collect::<Vec<_>>();
    assert_eq!(waits(&base, 1), [0, 10_000, 20_000, 40_000, 60_000, 60_000], "without jitter, with a cap");
    let jittered = Policy { jitter: 0.5, ..base.clone() };
    // Written down once: whoever repeats a run by its seed gets the same schedule from every version.
    let once: Vec<u64> = vec![0, 12833, 27458, 59420, 73331, 73328];
    assert_eq!(waits(&jittered, 1), once);
    assert_ne!(waits(&jittered, 1), waits(&jittered, 2));
    for (with, without) in waits(&jittered, 1).into_iter().zip(waits(&base, 1)) {
        assert!((without..=without * 3 / 2).contains(&with), "{with} of {without}");
    }
}

#[test]
fn faults_of_a_policy_are_said_field_by_field() {
    let fire = || policy_of("firebirdgen");
    let list = |seconds: &[f64]| Delays::List { seconds: seconds.to_vec() };
    let exponential = |first_s, factor, cap_s| Delays::Exponential { first_s, factor, cap_s };
    let rows: [(Policy, &str, &str); 11] = [
        (
            Policy { attempts: 0, delays: list(&[]), ..fire() },
            "attempts",
            "Attempts are 1 to 100, the first included; this says 0.",
        ),
        (Policy { delays: list(&[]), ..fire() }, "delays", "Say how long to wait before each of the 3 retries."),
        (
            Policy { attempts: 2, ..fire() },
            "delays",
            "There are 3 waits for 1 retries: leave some out, or try more often.",
        ),
        (Policy { delays: list(&[-1.0]), ..fire() }, "delays", "A wait is 0 seconds to 7 days; this says -1 seconds."),
        (Policy { delays: exponential(10.0, 0.5, None), ..fire() }, "delays", "The factor is 1 to 100; this says 0.5."),
        (
            Policy { delays: exponential(10.0, 2.0, Some(5.0)), ..fire() },
            "delays",
            "The longest wait is no shorter than the first one, and at most 7 days.",
        ),
        (Policy { jitter: 1.5, ..fire() }, "jitter", "Jitter is a share of the wait, 0 to 1; this says 1.5."),
        (Policy { timeout_s: 0, ..fire() }, "timeout", "The timeout is 1 to 600 seconds; this says 0."),
        (
            Policy { stop_on: vec![200], ..fire() },
            "stop_on",
            "200 counts as delivered already: it cannot stop the retries as well.",
        ),
        (Policy { stop_on: vec![999], ..fire() }, "stop_on", "999 is no HTTP status: they are 100 to 599."),
        (
            Policy { headers: vec![("X Y".to_owned(), "1".to_owned())], ..fire() },
            "headers",
            "The header “X Y” cannot be sent: its name or value holds what HTTP forbids.",
        ),
    ];
    for (policy, field, sentence) in rows {
        assert_eq!(policy.faults(), [PolicyFault { field, sentence: sentence.to_owned() }]);
    }
}

#[test]
fn rows_tell_documented_assumed_and_edited_apart() {
    let catalogue = Catalogue::builtin().expect("the catalogue loads");
    let provider = catalogue.iter().find(|provider| provider.id().as_str() == "firebirdgen").expect("it is there");
    let rule = &provider.rule.retry;
    let edited = Policy { timeout_s: 300, stop_on: vec![410], ..Policy::of(rule) };
    let all = rows(rule, &edited);
    let row = |field: &str| all.iter().find(|row| row.field == field).map(|row| (row.value.as_str(), row.basis));
    assert_eq!(row("delays"), Some(("10, 30, 90 s", RowBasis::Documented)));
    assert_eq!(row("timeout"), Some(("5 min", RowBasis::Edited)));
    assert_eq!(row("stop_on"), Some(("410", RowBasis::Edited)));
    assert_eq!(row("throttle"), Some(("Retry-After is not heeded", RowBasis::NotDocumented)));
}

#[test]
fn waits_are_said_as_a_person_says_them() {
    let rows = [
        (0, "0 s"),
        (500, "500 ms"),
        (1_500, "1.5 s"),
        (90_000, "90 s"),
        (120_000, "120 s"),
        (130_300, "130.3 s"),
        (185_000, "3 min 5 s"),
        (1_920_000, "32 min"),
        (3_600_000, "1 h"),
        (5_400_000, "1 h 30 min"),
        (259_200_000, "3 days"),
        (90_000_000, "1 day 1 h"),
    ];
    for (ms, words) in rows {
        assert_eq!(wait(ms), words);
    }
}

fn heard(status: u16, body: &'static str) -> Heard {
    Heard { status: Some(status), body: body.into() }
}

fn states(before: &str, between: Option<&str>, after: &str, single: Option<[&str; 2]>) -> State {
    State {
        before: [before.to_owned(), before.to_owned()],
        between: between.map(str::to_owned),
        after: after.to_owned(),
        single: single.map(|two| two.map(str::to_owned)),
    }
}

#[test]
fn ran_twice_is_said_only_where_it_is_proved() {
    use Experiment::{AtOnce, Late, LostAck, OutOfOrder};
    let same = || [heard(200, r#"{"ok":true}"#), heard(200, r#"{"ok":true}"#)];
    let job = |a, b| [heard(200, a), heard(200, b)];
    let no_answer = Heard::default();
    let unsteady = State { before: ["1".to_owned(), "2".to_owned()], after: "2".to_owned(), ..State::default() };
    type Row<'a> = (&'a str, Experiment, [Heard; 2], Option<State>, &'a [&'a str], Kind);
    let rows: Vec<Row<'_>> = vec![
        ("same answers say nothing", LostAck, same(), None, &[], Kind::CannotTell),
        ("same job", LostAck, job(r#"{"jobId":"a"}"#, r#"{"jobId":"a"}"#), None, &[], Kind::SameThing),
        ("another job", AtOnce, job(r#"{"jobId":"a"}"#, r#"{"jobId":"b"}"#), None, &[], Kind::RanTwice),
        (
            "another request id",
            AtOnce,
            job(r#"{"requestId":"a"}"#, r#"{"requestId":"b"}"#),
            None,
            &[],
            Kind::MayHaveRunTwice,
        ),
        ("another time", LostAck, job(r#"{"at":1}"#, r#"{"at":2}"#), None, &[], Kind::MayHaveRunTwice),
        (
            "another time that does not count",
            LostAck,
            job(r#"{"at":1}"#, r#"{"at":2}"#),
            None,
            &["/at"],
            Kind::CannotTell,
        ),
        ("it says so", Late, job(r#"{"duplicate":false}"#, r#"{"duplicate":true}"#), None, &[], Kind::Recognised),
        ("state unchanged", LostAck, same(), Some(states("0", Some("1"), "1", None)), &[], Kind::SameUnchanged),
        (
            "state unchanged, other words",
            LostAck,
            job(r#"{"jobId":"a"}"#, r#"{"jobId":"b"}"#),
            Some(states("0", Some("1"), "1", None)),
            &[],
            Kind::Unchanged,
        ),
        (
            "state changed",
            LostAck,
            same(),
            Some(states(r#"{"n":0}"#, Some(r#"{"n":1}"#), r#"{"n":2}"#, None)),
            &[],
            Kind::RanTwice,
        ),
        (
            "state changed where it does not count",
            LostAck,
            same(),
            Some(states(r#"{"n":0,"seen":0}"#, Some(r#"{"n":1,"seen":1}"#), r#"{"n":1,"seen":2}"#, None)),
            &["/seen"],
            Kind::SameUnchanged,
        ),
        ("a state that changes by itself", LostAck, same(), Some(unsteady), &[], Kind::CannotTell),
        (
            "twice as much at once",
            AtOnce,
            same(),
            Some(states(r#"{"n":3}"#, None, r#"{"n":5}"#, Some([r#"{"n":2}"#, r#"{"n":3}"#]))),
            &[],
            Kind::RanTwice,
        ),
        (
            "as much as one",
            AtOnce,
            same(),
            Some(states(r#"{"n":3}"#, None, r#"{"n":4}"#, Some([r#"{"n":2}"#, r#"{"n":3}"#]))),
            &[],
            Kind::SameUnchanged,
        ),
        (
            "two more in a list",
            AtOnce,
            same(),
            Some(states("[1]", None, "[1,2,2]", Some(["[]", "[1]"]))),
            &[],
            Kind::RanTwice,
        ),
        ("one changes nothing", AtOnce, same(), Some(states("x", None, "x", Some(["x", "x"]))), &[], Kind::CannotTell),
        ("one refused at once", AtOnce, [heard(409, ""), heard(200, "")], None, &[], Kind::Refused),
        ("the duplicate refused", LostAck, [heard(200, ""), heard(409, "")], None, &[], Kind::Refused),
        ("never taken", LostAck, [heard(500, ""), heard(200, "")], None, &[], Kind::NotTried),
        ("no answer", Late, [heard(200, ""), no_answer], None, &[], Kind::NotTried),
        ("out of order, nothing known", OutOfOrder, same(), None, &[], Kind::CannotTell),
        (
            "out of order, older one left out",
            OutOfOrder,
            same(),
            Some(states("0", Some("1"), "1", None)),
            &[],
            Kind::Unchanged,
        ),
        (
            "out of order, something changed",
            OutOfOrder,
            same(),
            Some(states("0", Some("1"), "2", None)),
            &[],
            Kind::CannotTell,
        ),
    ];
    for (name, experiment, [first, second], state, ignore, kind) in rows {
        let ignore: Vec<String> = ignore.iter().map(ToString::to_string).collect();
        let success = Success::Any2xx;
        let compared = Compared {
            experiment,
            first: &first,
            second: &second,
            state: state.as_ref(),
            success: &success,
            ignore: &ignore,
        };
        let found = weigh(&compared);
        assert_eq!(found.kind, kind, "{name}: {}", found.words);
        assert_eq!(found.words.contains("ran twice"), kind == Kind::RanTwice, "{name}: {}", found.words);
    }
}

#[test]
fn a_drawing_holds_nothing_but_text() {
    let mark = |attempt, planned_ms, sent_ms, label: &str| Drawn {
        attempt,
        planned_ms,
        sent_ms,
        label: label.to_owned(),
        good: false,
    };
    let svg = drawing("<script>&\"", &[mark(1, 0, Some(0), "<b>\u{1b}"), mark(2, 259_200_000, None, "500")]);
    assert!(svg.contains("<title>&lt;script&gt;&amp;&quot;</title>"), "{svg}");
    assert!(svg.contains("&lt;b&gt;\u{fffd}") && !svg.contains("<script") && !svg.contains("<b>"), "{svg}");
    assert!(svg.contains("planned +3 days") && svg.contains("not sent"), "{svg}");
    assert!(!svg.contains("not to scale"), "two attempts, far apart: {svg}");
    let close: Vec<Drawn> = [0, 1_000, 6_000, 36_000].iter().map(|ms| mark(1, *ms, Some(*ms), "500")).collect();
    assert!(drawing("close", &close).contains("evenly spaced, not to scale"));
}
