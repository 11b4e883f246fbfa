//! Every format of two deliveries: a plain one, and one that is as odd as the listener lets it be.

use crate::{captured, request};
use countersign_core::catalogue::Catalogue;
use countersign_core::export::{Captured, Exporter, Format, Preparing, prepare};
use countersign_core::fixture::Fixture;
use countersign_core::redact::{Choices, Known, SecretSearch};
use countersign_core::secret::{Secret, SecretText};

fn deliveries() -> Vec<Captured> {
    let plain =
        br#"{"event":"render.completed","data":{"render_job_id":"render_789xyz"},"timestamp":"2024-01-15T10:30:00Z"}"#;
    let headers: &[(&str, &[u8])] = &[
        ("Host", b"abc.ngrok-free.app"),
        ("Content-Type", b"application/json"),
        ("X-VideoPilot-Signature", b"sha256=00"),
        ("Authorization", b"Bearer abcdefghijkl"),
        ("Content-Length", plain.len().to_string().leak().as_bytes()),
    ];
    let odd: &[(&str, &[u8])] = &[
        ("x-b", b"1"),
        ("HOST", b"127.0.0.1:4400"),
        ("X-B", b""),
        ("x-b", "it's \u{202e}\"so\" {{x}} %s".as_bytes()),
        ("X-Bytes", b"\xff\xfe"),
        ("#odd", b"=1+1"),
        ("Transfer-Encoding", b"chunked"),
    ];
    let mut second = captured(2, request("PATCH", "/a'b/$(x)?token=abc&q={{y}}", odd, b"\xff\0'%s'\\\r\n=1\n"), &[]);
    second.event_type = Some("=cmd|' /C calc'!A0".to_owned());
    vec![captured(1, request("POST", "/videopilot?x=1", headers, plain), &[]), second]
}

fn written(format: Format, bodies: Option<&str>) -> String {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let stored = [Secret { name: "main".to_owned(), value: SecretText::new("never to be seen".to_owned()) }];
    let (known, choices, secrets) = (Known::default(), Choices::suggested(), SecretSearch::new(&stored));
    let preparing = Preparing { catalogue: &catalogue, choices: &choices, known: &known, secrets: &secrets };
    let mut exporter = Exporter::new(format, None, bodies.map(str::to_owned), &secrets);
    let mut out = String::from_utf8_lossy(&exporter.begin()).into_owned();
    let mut beside = Vec::new();
    for delivery in deliveries() {
        let record = prepare(delivery, &preparing).record;
        let name = record.stem();
        if !format.one_file() {
            out.push_str(&format!("\n>>> {name}{}\n", format.extension()));
        }
        let item = exporter.item(&record, &name);
        out.push_str(&String::from_utf8_lossy(&item.bytes));
        beside.extend(item.beside);
    }
    out.push_str(&String::from_utf8_lossy(&exporter.end()));
    for (name, bytes) in beside {
        out.push_str(&format!("\n>>> {name}\n{}\n", bytes.escape_ascii()));
    }
    out.push_str(&format!("\n>>> notes\n{}\n", exporter.notes().join("\n")));
    out
}

#[test]
fn every_format_writes_this() {
    for format in Format::ALL {
        // The line ends of the wire are shown.
        let text = written(format, Some("bodies")).replace('\r', "␍").replace('\0', "␀");
        insta::assert_snapshot!(format.name(), text);
    }
}

#[test]
fn where_no_file_can_stand_beside_a_body_rides_along() {
    for format in [Format::Http, Format::Postman] {
        let text = written(format, None);
        assert!(text.contains("body_base64"), "{text}");
        assert!(text.contains("/wAnJXMnXA0KPTEK"), "{text}");
    }
}

#[test]
fn a_secret_that_is_a_word_of_the_format_spoils_no_file() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let (known, choices) = (Known::default(), Choices::default());
    let words =
        ["secret", "request", "verdicts", "headers", "format", "method", "target", "expect", "source", "postData"];
    for word in words {
        let stored = [Secret { name: "main".to_owned(), value: SecretText::new(word.to_owned()) }];
        let secrets = SecretSearch::new(&stored);
        let preparing = Preparing { catalogue: &catalogue, choices: &choices, known: &known, secrets: &secrets };
        let body = format!(r#"{{"{word}":"<{word}>"}}"#);
        let delivery =
            captured(1, request("POST", &format!("/{word}"), &[("X-A", word.as_bytes())], body.as_bytes()), &[]);
        let record = prepare(delivery, &preparing).record;
        let item = |format| {
            let mut exporter = Exporter::new(format, None, None, &secrets);
            let item = exporter.item(&record, &record.stem());
            String::from_utf8([exporter.begin(), item.bytes, exporter.end()].concat()).expect("it is text")
        };
        let fixture = Fixture::parse(&item(Format::Fixtures)).unwrap_or_else(|error| panic!("{word}: {error}"));
        assert_eq!(fixture.request.body.as_deref(), Some(r#"{"REDACTED":"<REDACTED>"}"#), "{word}");
        assert_eq!(
            (fixture.name.as_str(), fixture.request.target.as_str()),
            ("post-REDACTED--1", "/REDACTED"),
            "{word}"
        );
        for format in [Format::Har, Format::Ndjson, Format::Postman] {
            let text = item(format);
            let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{word}: {error}"));
            assert!(!text.contains(&format!("<{word}>")), "{word}");
            let first = [
                &json["log"]["entries"][0]["request"]["method"],
                &json["request"]["method"],
                &json["item"][0]["request"]["method"],
            ];
            assert!(first.iter().any(|method| *method == "POST"), "{word}: {text}");
        }
    }
}
