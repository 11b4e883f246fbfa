//! What HAR and NDJSON write gives back the same request, whatever it is.

use crate::{CATALOGUE, captured, request};
use bytes::Bytes;
use countersign_core::export::carried::Carried;
use countersign_core::export::{Exporter, Format, Preparing, prepare};
use countersign_core::fixture::{Fixture, FixtureRequest};
use countersign_core::redact::{Choices, Known, SecretSearch};
use countersign_core::request::{Header, Headers, HttpVersion, Request};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

fn written(request: Request, format: Format) -> String {
    let (known, choices, secrets) = (Known::default(), Choices::default(), SecretSearch::default());
    let preparing = Preparing { catalogue: &CATALOGUE, choices: &choices, known: &known, secrets: &secrets };
    let record = prepare(captured(1, request, &[]), &preparing).record;
    let mut exporter = Exporter::new(format, None, None, &secrets);
    let item = exporter.item(&record, "x");
    let bytes = [exporter.begin(), item.bytes, exporter.end()].concat();
    let text = String::from_utf8(bytes).expect("it is text");
    assert!(text.is_ascii() || format == Format::Har, "{text}");
    text
}

fn of_har(text: &str) -> Request {
    let har: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let entry = &har["log"]["entries"][0];
    let carried: Carried = serde_json::from_value(entry["_countersign"].clone()).expect("what rides along");
    let bytes = |value: &Value| Bytes::from(value.as_str().expect("a text").to_owned());
    let headers = entry["request"]["headers"].as_array().expect("headers");
    let url = entry["request"]["url"].as_str().expect("a URL");
    let rest = url.split_once("://").expect("a scheme").1;
    let written = Request {
        method: entry["request"]["method"].as_str().expect("a method").to_owned(),
        target: Bytes::from(rest[rest.find('/').expect("a path")..].to_owned()),
        version: HttpVersion::Http11,
        headers: headers.iter().map(|h| Header { name: bytes(&h["name"]), value: bytes(&h["value"]) }).collect(),
        body: entry["request"].get("postData").map(|data| bytes(&data["text"])).unwrap_or_default(),
        cut_from: None,
    };
    carried.restore(written, None).expect("it can be restored")
}

fn of_line(text: &str) -> Request {
    let line: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let request: FixtureRequest = serde_json::from_value(line["request"].clone()).expect("a request");
    let fixture = serde_json::json!({
        "format": "countersign-fixture/1", "name": "x", "provider": null, "captured_at": "", "secret": null,
        "request": request,
    });
    Fixture::parse(&fixture.to_string()).expect("a fixture").request().expect("a request")
}

fn a_request() -> impl Strategy<Value = Request> {
    let value = prop_oneof![
        "[ -~]{0,20}".prop_map(|text| text.trim().to_owned().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..12)
            .prop_map(|bytes| bytes.into_iter().filter(|b| *b == 9 || (*b >= 32 && *b != 127)).collect::<Vec<u8>>())
            .prop_map(|bytes: Vec<u8>| bytes.trim_ascii().to_vec()),
        "\\PC{0,8}".prop_map(|text| text.trim().as_bytes().to_vec()),
    ];
    let header = ("(?i)(host|content-length|x-a|x-b|cookie|[a-z#!]{1,6})", value);
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..64),
        "\\PC{0,40}".prop_map(String::into_bytes),
        Just(b"{\"a\": [1, {\"b\":\"\\u0041\"}]}\r\n".to_vec()),
    ];
    let target = prop_oneof![
        "/[!-~]{0,20}",
        "/\\PC{0,8}".prop_map(|text| text.replace(char::is_whitespace, "")),
        Just("*".to_owned())
    ];
    ("(POST|PUT|GET|X-ODD)", target, prop::collection::vec(header, 0..8), body).prop_map(
        |(method, target, headers, body)| {
            let mut made = request(&method, &target, &[], &body);
            made.headers = headers
                .into_iter()
                .map(|(name, value)| Header { name: name.into(), value: value.into() })
                .collect::<Headers>();
            made
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_121), ..ProptestConfig::default() })]
    #[test]
    fn the_same_request_comes_back(request in a_request()) {
        prop_assert_eq!(&of_har(&written(request.clone(), Format::Har)), &request);
        prop_assert_eq!(&of_line(&written(request.clone(), Format::Ndjson)), &request);
    }
}
