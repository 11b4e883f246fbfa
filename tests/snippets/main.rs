//! The verification code that Countersign gives out receives what it should and refuses the rest: every snippet runs as a
//! real server process, and every fixture of its provider is sent to it, with the clock at the fixture's capture.
//!
//! A language whose runtime is not on this machine is passed over with a printed sentence. C# was not run anywhere.

mod cases;
mod rust;
mod server;
mod tools;

use cases::Case;
use countersign_core::catalogue::{Catalogue, Provider};
use countersign_core::rule::ProviderRule;
use countersign_core::snippets::{Language, Snippet, snippet};
use countersign_tests::{countersign, run};
use server::Server;
use std::collections::{BTreeMap, BTreeSet};
use tools::{Place, Tools};

/// Runs all of one language; `Err` from its tools is a runtime that is missing.
fn holds(language: Language) {
    let tools = match Tools::of(language) {
        Ok(tools) => tools,
        Err(missing) => {
            eprintln!("passed over: {} was not run: {missing}.", language.name());
            return;
        }
    };
    let catalogue = Catalogue::builtin().expect("a catalogue");
    for provider in catalogue.iter() {
        receives_its_fixtures(&tools, provider);
    }
    let provider = catalogue.iter().find(|provider| provider.rule.id.as_str() == "ihateppt").expect("I Hate PPT");
    let code = snippet(&provider.rule, language);
    let place = tools.prepare(&provider.rule, &code, false);
    goes_by_the_real_clock(&place, &code, &provider.rule);
    does_not_start_without_a_secret(&place, &code, &provider.rule);
    follows_a_rule_of_ones_own(&tools, &catalogue);
}

fn receives_its_fixtures(tools: &Tools, provider: &Provider) {
    let code = snippet(&provider.rule, tools.language);
    let place = tools.prepare(&provider.rule, &code, true);
    let mut by_secret: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in cases::of(provider) {
        by_secret.entry(case.secret.clone()).or_default().push(case);
    }
    for (secret, cases) in by_secret {
        let server = Server::start(&place, &environment(&code, provider, &secret));
        let mut wrong = Vec::new();
        let mut events = BTreeSet::new();
        for case in &cases {
            let answer = server.post(&case.request);
            if !case.due.fits(answer.status, &answer.body) {
                let said = String::from_utf8_lossy(&answer.body).into_owned();
                wrong.push(format!("{}: {:?} is due, {} came: {said}", case.name, case.due, answer.status));
            }
            // What only some JSON readers take is an event where it was answered as one.
            if answer.status == 200 {
                events.extend(case.event.clone());
            }
        }
        assert!(wrong.is_empty(), "{} {}\n{}", tools.language.name(), provider.rule.id, wrong.join("\n"));
        let told = server.end(events.len());
        assert_eq!(told, events.len(), "{} {}: each event is worked on once", tools.language.name(), provider.rule.id);
    }
}

/// As written, with nothing in place of its clock.
fn goes_by_the_real_clock(place: &Place, code: &Snippet, rule: &ProviderRule) {
    let secret = "a-secret-of-this-test";
    let server = Server::start(place, &[(code.secret_env.clone(), secret.to_owned())]);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let now = i64::try_from(now).expect("before the end of time");
    for (age, status) in [(0, 200), (240, 200), (3600, 401), (-3600, 401)] {
        let answer = server.post(&cases::signed(rule, &rule.schemes[0].sample.body, secret, now - age));
        assert_eq!(answer.status, status, "{}: signed {age} s ago", code.language.name());
    }
    server.end(1);
}

fn does_not_start_without_a_secret(place: &Place, code: &Snippet, rule: &ProviderRule) {
    for environment in [Vec::new(), vec![(code.secret_env.clone(), String::new())]] {
        if code.language == Language::Php {
            // PHP has no start: each request finds out.
            let server = Server::start(place, &environment);
            let answer = server.post(&cases::signed(rule, "{}", "", 0));
            assert_eq!(answer.status, 500, "PHP without a secret");
            server.end(0);
        } else {
            let ended = Server::refuses_to_start(place, &environment);
            assert!(ended, "{} starts without a secret: {environment:?}", code.language.name());
        }
    }
}

fn follows_a_rule_of_ones_own(tools: &Tools, catalogue: &Catalogue) {
    let pollo = catalogue.iter().find(|provider| provider.rule.id.as_str() == "pollo").expect("Pollo.ai");
    let rule = cases::own_rule(pollo);
    let code = snippet(&rule, tools.language);
    let place = tools.prepare(&rule, &code, true);
    let secret = "b3duLXNlY3JldC1vZi10aGlzLXRlc3Q";
    let server = Server::start(&place, &[(code.secret_env.clone(), secret.to_owned())]);
    let deliver = |name: &str, body: &str, secret: &str, status: u16| {
        let answer = server.post(&cases::signed(&rule, body, secret, 0));
        assert_eq!(answer.status, status, "{}, a rule of one's own: {name}", tools.language.name());
    };
    deliver("the first place", r#"{"data":{"it's":"1"}}"#, secret, 200);
    deliver("the second place", r#"{"data":{"it's":null,"\"other\"":"2"}}"#, secret, 200);
    deliver("another secret", r#"{"data":{"it's":"3"}}"#, "YW5vdGhlcg==", 401);
    for body in
        ["[]", "null", "7", r#""data""#, "{", r#"{"data":"it's"}"#, r#"{"data":{"it's":[]}}"#, r#"{"data":[1]}"#]
    {
        deliver(body, body, secret, 400);
    }
    assert_eq!(server.end(2), 2, "{}: each event is worked on once", tools.language.name());
}

fn environment(code: &Snippet, provider: &Provider, secret: &str) -> Vec<(String, String)> {
    if provider.signs() {
        return vec![(code.secret_env.clone(), secret.to_owned())];
    }
    vec![(format!("{}_EXPECTED_IDS", provider.rule.id.as_str().to_uppercase()), cases::EXPECTED_IDS.join(","))]
}

/// The command line prints the code and nothing else, and lists what there is.
#[test]
fn the_command_line_prints_it() {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    let pollo = catalogue.iter().find(|provider| provider.rule.id.as_str() == "pollo").expect("Pollo.ai");
    let folder = tempfile::tempdir().expect("a folder");
    let ran = |words: &[&str]| {
        let words = [&["providers", "snippet", "pollo"], words].concat();
        run(&mut countersign(&folder.path().join("log.db"), &words), b"")
    };
    let listed = ran(&[]);
    assert_eq!(listed.code, Some(0), "{}", listed.err);
    let ids: Vec<&str> = listed.text().lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(ids, Language::all().map(Language::id));
    for language in Language::all() {
        let printed = ran(&["--language", language.id()]);
        assert_eq!(printed.text(), snippet(&pollo.rule, language).code, "{language:?}");
        assert!(printed.err.contains("POLLO_WEBHOOK_SECRET"), "{language:?}: its notes are beside it");
    }
    let unknown = ran(&["--language", "cobol"]);
    assert_eq!((unknown.code, unknown.text()), (Some(2), ""), "{}", unknown.err);
    assert!(unknown.err.contains("There is no code for “cobol”"), "{}", unknown.err);
}

#[test]
fn node_with_express() {
    holds(Language::Node);
}

#[test]
fn node_alone() {
    holds(Language::NodeHttp);
}

#[test]
fn python_with_flask() {
    holds(Language::PythonFlask);
}

#[test]
fn python_with_fastapi() {
    holds(Language::PythonFastApi);
}

#[test]
fn go() {
    holds(Language::Go);
}

#[test]
fn rust_with_axum() {
    holds(Language::Rust);
}

#[test]
fn php() {
    holds(Language::Php);
}

#[test]
fn ruby_with_rack() {
    holds(Language::Ruby);
}

#[test]
fn java() {
    holds(Language::Java);
}

#[test]
fn c_sharp() {
    holds(Language::CSharp);
}

/// What the window shows is written as each language's usual formatter writes it.
#[test]
fn the_code_is_formatted() {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    for language in Language::all() {
        match tools::Formatter::of(language) {
            Err(missing) => eprintln!("passed over: {} was not formatted: {missing}.", language.name()),
            Ok(formatter) => {
                let codes = catalogue
                    .iter()
                    .map(|provider| (provider.rule.id.as_str().to_owned(), snippet(&provider.rule, language).code));
                let differs = formatter.differences(codes);
                assert!(differs.is_empty(), "{}:\n{differs}", language.name());
            }
        }
    }
}
