//! Whatever the providers' own code signs, and every damage to it, is judged as decided: real senders in two languages
//! against the real command line.

use countersign_tests::{Batch, Listener, Sender, root};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const PROVIDERS: [&str; 5] = ["pptvideo", "videopilot", "ihateppt", "pollo", "firebirdgen"];

/// The outcome of a damage, for the provider's own scheme. A damage that is missing here fails the test.
fn expected(provider: &str, damage: &str) -> &'static str {
    match (provider, damage) {
        ("firebirdgen", "none") => "unsigned",
        (_, "none") => "pass",
        // Pollo.ai documents that any of several signatures may match.
        (
            "pollo",
            "doubled_signature" | "several" | "several_comma" | "several_versions" | "several_headers" | "version",
        ) => "pass",
        ("pollo", "all_wrong_several" | "several_other_version") => "fail",
        (_, "body_byte" | "body_reserialised" | "trailing_newline" | "bom" | "crlf") => "fail",
        (_, "other_secret" | "secret_as_text" | "secret_decoded" | "no_separator") => "fail",
        (_, "timestamp_changed" | "id_changed") => "fail",
        (_, "upper_hex" | "url_safe_signature" | "unpadded_signature") => "fail",
        (_, "stale" | "future" | "ms_timestamp") => "stale",
        (_, "no_signature" | "no_timestamp" | "no_id") => "missing",
        (_, "empty_signature" | "doubled_signature" | "garbage_signature" | "non_ascii_signature") => "malformed",
        (_, "truncated_signature" | "extended_signature" | "sha1" | "sha512" | "hex_for_base64") => "malformed",
        (_, "no_prefix" | "doubled_prefix" | "base64_for_hex") => "malformed",
        (_, "empty_timestamp" | "text_timestamp" | "negative_timestamp" | "fractional_timestamp") => "malformed",
        (_, "doubled_timestamp" | "empty_id" | "doubled_id") => "malformed",
        (_, "several" | "several_comma" | "several_versions" | "several_headers" | "several_other_version") => {
            "malformed"
        }
        (_, "version" | "other_version" | "all_wrong_several") => "malformed",
        _ => panic!("what is the outcome of {damage} for {provider}?"),
    }
}

fn json_file(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn said_by(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(root().join("tests/senders")).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The damages of each provider, as both senders list them.
fn damages() -> Value {
    let of = |program, script| -> Value {
        serde_json::from_str(&said_by(program, &[script, "--list-damages"])).expect("a JSON object")
    };
    let (node, python) = (of("node", "send.mjs"), of("python3", "send.py"));
    assert_eq!(node, python, "the two senders know the same damages");
    node
}

/// What is sent and what must come of it.
struct Case {
    name: String,
    path: String,
    provider: &'static str,
    damage: Option<String>,
    secret: Option<usize>,
    outcome: &'static str,
}

#[test]
fn what_the_providers_sign_and_every_damage_to_it_is_judged_exactly() {
    let secrets = json_file("fixtures/secrets.json");
    let value = |provider: &str, name: &str| {
        secrets["secrets"][provider][name].as_str().unwrap_or_else(|| panic!("secret {provider}/{name}")).to_owned()
    };
    let stored: Vec<(&str, String)> = vec![
        ("pptvideo", value("pptvideo", "test")),
        ("videopilot", value("videopilot", "test")),
        ("ihateppt", value("ihateppt", "test")),
        ("pollo", value("pollo", "test")),
        ("pollo", value("pollo", "unpadded") + "="),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let given: Vec<(&str, &str)> = stored.iter().map(|(provider, value)| (*provider, value.as_str())).collect();
    let listener = Listener::start(&folder.path().join("log.db"), &given);

    let damages = damages();
    let mut cases = Vec::new();
    for provider in PROVIDERS {
        let known = damages[provider].as_array().expect("a list of damages");
        let own: Vec<usize> = (0..stored.len()).filter(|at| stored[*at].0 == provider).collect();
        let secrets: Vec<Option<usize>> =
            if own.is_empty() { vec![None] } else { own.iter().copied().map(Some).collect() };
        for secret in &secrets {
            for path in [format!("/{provider}"), "/hook".to_owned()] {
                let name = format!("{provider}-none-{}", secret.unwrap_or_default());
                let outcome = expected(provider, "none");
                cases.push(Case { name, path, provider, damage: None, secret: *secret, outcome });
            }
        }
        for damage in known.iter().filter_map(Value::as_str) {
            cases.push(Case {
                name: format!("{provider}-{damage}"),
                path: format!("/{provider}"),
                provider,
                damage: Some(damage.to_owned()),
                secret: secrets[0],
                outcome: expected(provider, damage),
            });
        }
    }
    assert!(cases.len() > 140, "every provider has its damages: {}", cases.len());

    let samples =
        ["succeeded", "render.completed", "ppt.generation.completed", "task.succeed", "success-text-to-video"];
    let body: BTreeMap<&str, Value> = PROVIDERS
        .into_iter()
        .zip(samples)
        .map(|(p, s)| (p, json_file(&format!("fixtures/{p}/{s}.json"))["request"]["body"].clone()))
        .collect();
    std::thread::scope(|scope| {
        for sender in [Sender::Node, Sender::Python] {
            let (cases, body, addr, stored, value) = (&cases, &body, &listener.addr, &stored, &value);
            scope.spawn(move || {
                let mut batch = Batch::start(sender);
                for case in cases {
                    let mut job = json!({
                        "provider": case.provider,
                        "url": format!("http://{addr}{}?{sender:?}-{}", case.path, case.name),
                        "body": body[case.provider],
                    });
                    if let Some(secret) = case.secret {
                        job["secret"] = stored[secret].1.clone().into();
                        job["other_secret"] = value(case.provider, "other").into();
                    }
                    if let Some(damage) = &case.damage {
                        job["damage"] = damage.clone().into();
                    }
                    assert_eq!(batch.send(&job), 200, "{sender:?} {}", case.name);
                }
            });
        }
    });

    let mut judged: BTreeMap<(String, String), Value> = BTreeMap::new();
    for _ in 0..cases.len() * 2 {
        let line = listener.next();
        assert_eq!(line["type"], "delivery", "{line}");
        let text = |field: &str| line[field].as_str().unwrap_or_else(|| panic!("{field}: {line}")).to_owned();
        assert!(judged.insert((text("path"), text("query")), line.clone()).is_none(), "twice: {line}");
    }
    let mut wrong = Vec::new();
    for (sender, case) in ["Node", "Python"].into_iter().flat_map(|s| cases.iter().map(move |c| (s, c))) {
        let line = &judged[&(case.path.clone(), format!("{sender}-{}", case.name))];
        let verdicts = line["verdicts"].as_array().expect("verdicts");
        let own = verdicts.iter().find(|v| v["scheme"] == case.provider).expect("the provider's own verdict");
        let secret = case.secret.map(|at| format!("env:COUNTERSIGN_TEST_SECRET_{at}"));
        let passes = case.outcome == "pass";
        if own["outcome"] != case.outcome
            || line["provider"] != case.provider
            || own["applies"] != true
            || (passes && own["secret"] != json!(secret))
            // What one provider signed must not pass as another's.
            || verdicts.iter().any(|v| v["outcome"] == "pass" && v["scheme"] != case.provider)
        {
            wrong.push(format!("{sender} {} {}: {} expected: {line}", case.path, case.name, case.outcome));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), judged.len(), wrong.join("\n"));
}

#[test]
fn the_fixtures_expect_the_same() {
    let recipes = said_by("node", &["make_fixtures.mjs", "--recipes"]);
    let mut seen = BTreeSet::new();
    for line in recipes.lines() {
        let recipe: Value = serde_json::from_str(line).expect("one JSON object a line");
        let (Some(damage), Some(provider)) = (recipe["damage"].as_str(), recipe["provider"].as_str()) else { continue };
        let path = recipe["file"].as_str().expect("a file");
        let fixture = json_file(&format!("fixtures/{path}"));
        // Without a stored secret a damage has another outcome.
        if !fixture["secret"].is_null() {
            assert_eq!(fixture["expect"]["verdicts"][provider], expected(provider, damage), "{path}, by {damage}");
            seen.insert((provider.to_owned(), damage.to_owned()));
        }
    }
    assert!(seen.len() > 100, "the damages have fixtures: {}", seen.len());
}
