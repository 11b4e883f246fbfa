//! Replays captured webhooks of {{ name }} against your handler.
//!
//! {{ about }}

use base64::prelude::*;
{% if scheme %}
use hmac::{Hmac, KeyInit, Mac};
{% endif %}
use serde_json::Value;
{% if scheme and scheme.time %}
use std::time::{SystemTime, UNIX_EPOCH};
{% endif %}
use std::{env, fs};

type Headers = Vec<(String, Vec<u8>)>;

fn fixtures() -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let files = fs::read_dir(folder).expect("the fixtures are there");
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "json"))
        .map(|file| serde_json::from_slice(&fs::read(file).unwrap()).unwrap())
        .filter(|one: &Value| one["provider"] == {{ provider|lit }})
        .collect()
}

fn decoded(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).expect("it is base64")
}

fn captured(fixture: &Value) -> (Headers, Vec<u8>) {
    let bytes = |value: &Value| match value.as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => decoded(value["base64"].as_str().unwrap()),
    };
    let request = &fixture["request"];
    let of_the_connection = ["connection", "content-length", "host", "transfer-encoding"];
    let headers = request["headers"].as_array().unwrap();
    let headers = headers
        .iter()
        .map(|field| (field[0].as_str().unwrap().to_lowercase(), bytes(&field[1])))
        .filter(|(name, _)| !of_the_connection.contains(&name.as_str()))
        .collect();
    let raw = match request["body_base64"].as_str() {
        Some(text) => decoded(text),
        None => request["body"].as_str().unwrap_or_default().into(),
    };
    (headers, raw)
}
{% if scheme %}

fn outcome(fixture: &Value) -> &str {
    let verdicts = &fixture["expect"]["verdicts"];
    verdicts["{{ scheme_id }}"].as_str().unwrap_or_default()
}

fn value(headers: &Headers, wanted: &str) -> String {
    let found = headers.iter().find(|(name, _)| name == wanted);
    String::from_utf8_lossy(&found.expect(wanted).1).into_owned()
}

fn signature(headers: &Headers, raw: &[u8]) -> String {
    let secret = env::var("{{ secret_env }}").expect("{{ secret_env }} is set");
{% if scheme.base64_key %}
    let key = decoded(secret.trim());
{% else %}
    let key = secret.into_bytes();
{% endif %}
    let mut mac = Hmac::<{{ hash_type }}>::new_from_slice(&key).unwrap();
{% for header in scheme.headers %}
    let {{ header.snake }} = value(headers, {{ header.lower|lit }});
{% endfor %}
{% for text in signed %}
    mac.update({{ "raw" if text is none else text ~ ".as_bytes()" }});
{% endfor %}
    let digest = mac.finalize().into_bytes();
{% if scheme.hex %}
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{{ scheme.prefix }}{hex}")
{% else %}
    format!("{{ scheme.prefix }}{}", BASE64_STANDARD.encode(digest))
{% endif %}
}

fn replace(headers: &mut Headers, wanted: &str, value: &str) {
    for (_, old) in headers.iter_mut().filter(|(name, _)| name == wanted) {
        *old = value.into();
    }
}

fn signed_now(mut headers: Headers, raw: &[u8]) -> Headers {
{% if scheme.time %}
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = now.as_secs().to_string();
    replace(&mut headers, {{ scheme.time.header.lower|lit }}, &now);
{% endif %}
    let new = signature(&headers, raw);
    replace(&mut headers, {{ scheme.header.lower|lit }}, &new);
    headers
}

{% if scheme.time %}
/// The seconds since 1970 of a time such as `2026-11-20T12:00:00Z`.
fn seconds(at: &str) -> i64 {
    assert!(at.ends_with('Z'), "{at} is in UTC");
    let part = |from, to| at[from..to].parse::<i64>().unwrap();
    // Years begin in March: a leap day is the last of its year.
    let (year, month) = match (part(0, 4), part(5, 7)) {
        (year, month @ 3..) => (year, month - 3),
        (year, month) => (year - 1, month + 9),
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = 365 * year + leap_days + (153 * month + 2) / 5 + part(8, 10) - 719_469;
    days * 86_400 + part(11, 13) * 3_600 + part(14, 16) * 60 + part(17, 19)
}

{% endif %}
#[test]
fn signatures_hold_as_captured() {
    for fixture in fixtures().iter().filter(|one| outcome(one) == "pass") {
        if fixture["redacted"]["signed_with"].is_string() {
            continue; // masked, and signed anew with a published secret
        }
        let (headers, raw) = captured(fixture);
{% if scheme.several %}
        let due = signature(&headers, &raw);
        let mut own = headers.iter().filter(|one| one.0 == {{ scheme.header.lower|lit }});
        let found = own.any(|one| String::from_utf8_lossy(&one.1).contains(&due));
        assert!(found, "{}", fixture["name"]);
{% else %}
        let received = value(&headers, {{ scheme.header.lower|lit }});
        assert_eq!(received, signature(&headers, &raw), "{}", fixture["name"]);
{% endif %}
{% if scheme.time %}
        // The clock stands still at the capture.
        let signed_at = value(&headers, {{ scheme.time.header.lower|lit }});
        let signed_at: i64 = signed_at.parse().expect("it is a time");
        let age = seconds(fixture["captured_at"].as_str().unwrap()) - signed_at;
        assert!((-{{ scheme.time.future }}..={{ scheme.time.past }}).contains(&age), "{}: {age} s", fixture["name"]);
{% endif %}
    }
}
{% endif %}

#[test]
fn the_handler_answers() {
    for fixture in fixtures() {
        let name = &fixture["name"];
        let (headers, raw) = captured(&fixture);
{% if handshake %}
        if String::from_utf8_lossy(&raw).contains("\"{{ handshake.mark }}\"") {
            continue; // a check that the endpoint is yours
        }
{% endif %}
{% if scheme %}
        match outcome(&fixture) {
            // Signed anew: a handler that looks at the time refuses a recording.
            "pass" => {
                let status = post(&fixture, signed_now(headers, &raw), &raw);
                // What is signed rightly and no event may be refused, but is no reason to crash.
                let event = fixture["expect"]["event_id"].is_string();
                let delivered = {{ success_rust }} || !event && status < 500;
                assert!(delivered, "{name}: {status}");
            }
            "fail" | "malformed" | "missing" => {
                let status = post(&fixture, headers, &raw);
                assert!((400..500).contains(&status), "{name}: {status}");
            }
            _ => {}
        }
{% else %}
        let status = post(&fixture, headers, &raw);
        let shape = fixture["expect"]["checks"]["shape"].as_bool();
        if shape.unwrap_or(true) {
            assert!({{ success_rust }}, "{name}: {status}");
        } else {
            // How much of the shape a handler asks for is its own choice; to crash is none.
            assert!(status < 500, "{name}: {status}");
        }
{% endif %}
    }
}

fn post(fixture: &Value, headers: Headers, raw: &[u8]) -> u16 {
    let url = env::var("WEBHOOK_URL");
    let url = url.unwrap_or_else(|_| {{ url|lit }}.to_owned());
    let method = fixture["request"]["method"].as_str().unwrap();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = ureq::Agent::from(config.build());
    let answer = agent.run(request.body(raw).unwrap()).unwrap();
    answer.status().as_u16()
}
