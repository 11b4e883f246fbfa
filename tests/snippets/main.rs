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
use countersign_core::snippets::{Language, Snippet, snippet};
use server::Server;
use std::collections::{BTreeMap, BTreeSet};
use tools::{Place, Tools};

/// Runs all of one language; `Err` from its tools is a runtime that is missing.
fn run(language: Language) {
    let tools = match Tools::of(language) {
        Ok(tools) => tools,
        Err(missing) => {
            println!("passed over: {} was not run: {missing}.", language.name());
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
    goes_by_the_real_clock(&place, &code, provider);
    does_not_start_without_a_secret(&place, &code, provider);
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
fn goes_by_the_real_clock(place: &Place, code: &Snippet, provider: &Provider) {
    let secret = "a-secret-of-this-test";
    let server = Server::start(place, &environment(code, provider, secret));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let now = i64::try_from(now).expect("before the end of time");
    for (age, status) in [(0, 200), (240, 200), (3600, 401), (-3600, 401)] {
        let answer = server.post(&cases::signed(provider, secret, now - age));
        assert_eq!(answer.status, status, "{}: signed {age} s ago", code.language.name());
    }
    server.end(1);
}

fn does_not_start_without_a_secret(place: &Place, code: &Snippet, provider: &Provider) {
    for environment in [Vec::new(), vec![(code.secret_env.clone(), String::new())]] {
        if code.language == Language::Php {
            // PHP has no start: each request finds out.
            let server = Server::start(place, &environment);
            let answer = server.post(&cases::signed(provider, "", 0));
            assert_eq!(answer.status, 500, "PHP without a secret");
            server.end(0);
        } else {
            let ended = Server::refuses_to_start(place, &environment);
            assert!(ended, "{} starts without a secret: {environment:?}", code.language.name());
        }
    }
}

fn environment(code: &Snippet, provider: &Provider, secret: &str) -> Vec<(String, String)> {
    if provider.signs() {
        return vec![(code.secret_env.clone(), secret.to_owned())];
    }
    vec![(format!("{}_EXPECTED_IDS", provider.rule.id.as_str().to_uppercase()), cases::EXPECTED_IDS.join(","))]
}

#[test]
fn node_with_express() {
    run(Language::Node);
}

#[test]
fn node_alone() {
    run(Language::NodeHttp);
}

#[test]
fn python_with_flask() {
    run(Language::PythonFlask);
}

#[test]
fn python_with_fastapi() {
    run(Language::PythonFastApi);
}

#[test]
fn go() {
    run(Language::Go);
}

#[test]
fn rust_with_axum() {
    run(Language::Rust);
}

#[test]
fn php() {
    run(Language::Php);
}

#[test]
fn ruby_with_rack() {
    run(Language::Ruby);
}

#[test]
fn java() {
    run(Language::Java);
}

#[test]
fn c_sharp() {
    run(Language::CSharp);
}

/// What the window shows is written as each language's usual formatter writes it.
#[test]
fn the_code_is_formatted() {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    for language in Language::all() {
        match tools::Formatter::of(language) {
            Err(missing) => println!("passed over: {} was not formatted: {missing}.", language.name()),
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
