//! Tables of filters, with what they mean and where they are wrong.

use super::{Being, Filter, Having, Pattern, ProviderTest, StatusRange, Test};
use crate::verdict::Outcome;
use proptest::prelude::*;

/// 2026-11-20T12:00:00Z
const NOW: i64 = 1_795_176_000_000_000;

fn tests(text: &str) -> Vec<(bool, Test)> {
    let filter = Filter::parse(text, NOW, 3_600).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    filter.terms().iter().map(|term| (term.negated, term.test.clone())).collect()
}

fn one(text: &str) -> Test {
    let mut all = tests(text);
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0).1
}

fn verdicts(text: &str) -> Vec<Outcome> {
    match one(text) {
        Test::Verdict(test) => test.outcomes,
        other => panic!("{other:?}"),
    }
}

fn patterns(parts: &[&[&str]]) -> Vec<Pattern> {
    parts.iter().map(|p| Pattern { parts: p.iter().map(|s| (*s).to_owned()).collect() }).collect()
}

#[test]
fn every_key_is_read() {
    assert_eq!(
        one("provider:Pollo,none"),
        Test::Provider(vec![ProviderTest::Prefix("pollo".into()), ProviderTest::None])
    );
    assert_eq!(one("event:render.*"), Test::Event(patterns(&[&["render.", ""]])));
    assert_eq!(one("event:\"a*b\""), Test::Event(patterns(&[&["a*b"]])));
    assert_eq!(one("path:\"/a b/\"*,/c"), Test::Path(patterns(&[&["/a b/", ""], &["/c"]])));
    assert_eq!(one("method:post"), Test::Method(vec!["POST".into()]));
    assert_eq!(one("id:evt_1,7"), Test::Id(vec!["evt_1".into(), "7".into()]));
    assert_eq!(one("body:\"scene 3, take\",x"), Test::Body(vec!["scene 3, take".into(), "x".into()]));
    assert_eq!(
        one("has:attempts,pin,body,query"),
        Test::Has(vec![Having::Attempts, Having::Pin, Having::Body, Having::Query])
    );
    assert_eq!(one("is:Imported"), Test::Is(vec![Being::Imported]));
    assert_eq!(one("plain"), Test::Word("plain".into()));
    assert_eq!(one("\"two words\""), Test::Word("two words".into()));
    assert_eq!(one("a,b"), Test::Word("a,b".into()), "a comma in a bare word is text");
    assert_eq!(one("12:30"), Test::Word("12:30".into()), "digits before a colon are no key");
    assert_eq!(one("\"http://x\""), Test::Word("http://x".into()));
    assert_eq!(one(r#""say \"hi\" \\ \n""#), Test::Word(r#"say "hi" \ \n"#.into()));
    assert_eq!(one("VERDICT:PASS"), one("verdict:pass"));
}

#[test]
fn verdicts_are_sets() {
    use Outcome::{Fail, Malformed, Missing, NoSecret, Stale};
    assert_eq!(verdicts("verdict:missing"), [Missing]);
    assert_eq!(verdicts("verdict:malformed,fail"), [Fail, Malformed]);
    assert_eq!(verdicts("verdict:failing,no_secret"), [Stale, Fail, Malformed, NoSecret]);
    assert_eq!(verdicts("verdict:any"), Outcome::ALL);
}

#[test]
fn statuses_are_ranges() {
    let ranges = |text| match one(text) {
        Test::Status(ranges) => ranges.into_iter().map(|StatusRange { low, high }| (low, high)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(ranges("status:500"), [(500, 500)]);
    assert_eq!(ranges("status:5xx,404"), [(500, 599), (404, 404)]);
    assert_eq!(ranges("status:>=400"), [(400, u16::MAX)]);
    assert_eq!(ranges("status:>400"), [(401, u16::MAX)]);
    assert_eq!(ranges("status:<300"), [(0, 299)]);
    assert_eq!(ranges("status:<=300"), [(0, 300)]);
}

#[test]
fn times_are_read_on_the_users_clock() {
    let second = 1_000_000;
    for (text, want) in [
        ("since:90s", NOW - 90 * second),
        ("since:5m", NOW - 300 * second),
        ("since:1h30m", NOW - 5_400 * second),
        ("since:2d", NOW - 172_800 * second),
        ("since:1w", NOW - 604_800 * second),
        ("since:2026-11-20", NOW - 13 * 3_600 * second),
        ("since:2026-11-20T14:00", NOW + 3_600 * second),
        ("since:2026-11-20T12:00:00Z", NOW),
        ("since:2026-11-20T14:00:00.5+02:00", NOW + second / 2),
    ] {
        assert_eq!(one(text), Test::Since(want), "{text}");
        assert_eq!(one(&text.replace("since", "before")), Test::Before(want), "{text}");
    }
}

#[test]
fn terms_keep_their_places() {
    let filter = Filter::parse("  ñ -verdict:fail  \"a b\" ", NOW, 0).unwrap();
    let seen: Vec<_> = filter.terms().iter().map(|t| (t.start, t.len, t.text.as_str(), t.key(), t.negated)).collect();
    assert_eq!(
        seen,
        [(2, 1, "ñ", None, false), (4, 13, "-verdict:fail", Some("verdict"), true), (19, 5, "\"a b\"", None, false)]
    );
    assert!(Filter::parse(" \t", NOW, 0).unwrap().is_empty());
    assert_eq!(tests("--x"), [(true, Test::Word("-x".into()))]);
}

#[test]
fn patterns_match() {
    let matches = |pattern: &str, text: &str| match one(&format!("event:{pattern}")) {
        Test::Event(patterns) => patterns[0].matches(text.as_bytes()),
        other => panic!("{other:?}"),
    };
    for (pattern, text, want) in [
        ("render", "video.RENDER.done", true),
        ("render.*", "render.completed", true),
        ("render.*", "pre.render.completed", false),
        ("*.done", "render.done", true),
        ("*.done", "render.done.x", false),
        ("r*d*e", "render.done", true),
        ("a*a", "a", false),
        ("a*b*b", "ab", false),
        ("*", "", true),
        ("render", "", false),
    ] {
        assert_eq!(matches(pattern, text), want, "{pattern} on {text}");
    }
}

#[test]
fn faults_are_shown_where_they_are() {
    let mut shown = String::new();
    for text in [
        "ok verdikt:fail",
        "-http://x",
        "provider:",
        "ok -verdict:fail,nope,pass",
        "verdict:fail,",
        "verdict:,fail",
        "provider:a_b",
        "status:50",
        "status:>=4xx",
        "status:<1000",
        "since:soon",
        "since:1h,2h",
        "since:99999999999999999999w",
        "before:2026-13-01",
        "before:2026-11-20T14:00[Europe/Berlin]",
        "has:wings",
        "a \"b c",
        "body:\"x",
        "-",
        "a - b",
        "\"\"",
    ] {
        let error = Filter::parse(text, NOW, 0).expect_err(text);
        let marks = format!("{}{}", " ".repeat(error.start), "^".repeat(error.len));
        shown.push_str(&format!("{text}\n{marks} {error}\n"));
    }
    insta::assert_snapshot!(shown);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,60}", now in any::<i64>(), offset in any::<i32>()) {
        check_places(&text, now, offset);
    }

    #[test]
    fn no_text_of_its_own_words_makes_it_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "-", "\"", "\\", ",", "*", " ", ":", "since", "status", "provider", "verdict", "event", "has", "body",
            "5xx", ">=", "<", "1h", "9999999999999", "2026-11-20", "T14:00", "Z", "é", "none", "fail",
        ]), 0..12),
        now in any::<i64>(),
    ) {
        check_places(&words.concat(), now, 0);
    }
}

fn check_places(text: &str, now: i64, offset: i32) {
    let chars = text.chars().count();
    match Filter::parse(text, now, offset) {
        Ok(filter) => {
            for term in filter.terms() {
                let there: String = text.chars().skip(term.start).take(term.len).collect();
                assert_eq!(there, term.text);
            }
        }
        Err(error) => assert!(error.len >= 1 && error.start + error.len <= chars, "{text:?}: {error:?}"),
    }
}
