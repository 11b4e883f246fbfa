use super::*;
use crate::catalogue::Catalogue;

fn app(framework: Framework, module: &str, name: &str) -> Against {
    Against::App { framework, module: module.to_owned(), name: name.to_owned(), path: "/webhook".to_owned() }
}

#[test]
fn every_provider_has_tests_for_every_runner() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    for provider in catalogue.iter() {
        for runner in Runner::all() {
            let apps = runner.frameworks().iter().map(|framework| app(*framework, "webhook", "app"));
            for against in [Against::Url].into_iter().chain(apps) {
                let made = suite(&provider.rule, runner, &against).expect("the runner knows the framework");
                let name = format!("{} {} {against:?}", provider.id(), runner.id());
                assert!(!made.code.contains("\n\n\n\n") && !made.code.contains("{%"), "{name}: {}", made.code);
                assert_eq!(made.code.contains("WEBHOOK_SECRET"), provider.signs(), "{name}");
                assert_eq!(made.code.contains("WEBHOOK_URL"), against == Against::Url, "{name}");
            }
        }
    }
}

#[test]
fn what_no_test_can_be_written_for_is_refused() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let rule = &catalogue.iter().next().expect("there are providers").rule;
    for (runner, against, sentence) in [
        (
            Runner::Go,
            app(Framework::Flask, "webhook", "app"),
            "go test cannot call an app of flask: give the URL of a running one.",
        ),
        (
            Runner::Pytest,
            app(Framework::Flask, "a; import os", "app"),
            "“a; import os” cannot be the module of the app.",
        ),
        (Runner::Vitest, app(Framework::Express, "./app.js", "a.b"), "“a.b” cannot be the name of the app."),
    ] {
        assert_eq!(suite(rule, runner, &against).expect_err(sentence).to_string(), sentence);
    }
}
