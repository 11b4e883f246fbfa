//! Tables of files, with what is taken of them and what is not.

use super::{FILE_LIMIT, Hint, Item, Unread, read};
use crate::export::{Captured, Exporter, Format, Record, names};
use crate::fixture::{Expectation, Fixture, Source};
use crate::redact::SecretSearch;
use crate::request::{Header, HttpVersion, Request, text};
use bytes::Bytes;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::HashMap;

fn items(name: &str, content: &[u8]) -> Vec<Item> {
    read(name, &Bytes::copy_from_slice(content), &Hint::default()).items
}

/// An item in lines: request line, headers, body, time and notes; or the fault.
fn shown(item: &Item) -> String {
    match item {
        Err(fault) => {
            format!("{}:{} {}", fault.item, fault.line.map_or("-".to_owned(), |n| n.to_string()), fault.reason)
        }
        Ok(one) => {
            let request = &one.request;
            let headers: Vec<String> =
                request.headers.iter().map(|h| format!("{}: {}", text(&h.name), text(&h.value))).collect();
            format!(
                "{}:{} {} | {} {} {} | {} | {}{}{}",
                one.item,
                one.line.map_or("-".to_owned(), |n| n.to_string()),
                one.title,
                request.method,
                text(&request.target),
                request.version.as_str(),
                headers.join(", "),
                text(&request.body).escape_debug(),
                one.received_at_us.map_or(String::new(), |at| format!(" | {at}")),
                one.notes.iter().map(|note| format!(" | {note}")).collect::<String>(),
            )
        }
    }
}

fn all_shown(name: &str, content: &str) -> String {
    let read = read(name, &Bytes::copy_from_slice(content.as_bytes()), &Hint::default());
    let format = read.format.map_or("none", super::Format::as_str);
    std::iter::once(format.to_owned()).chain(read.items.iter().map(shown)).collect::<Vec<_>>().join("\n")
}

#[test]
fn http_files_are_read_as_their_clients_read_them() {
    let file = "@host = example.com\n@base = https://{{host}}/hooks\n\n### render.completed\n# a comment\n// another\n\
                POST {{base}}/pollo\n    ?a=1\n    &b={{host}} HTTP/1.1\nX-One: 1\n# within\nx-one: {{host}}\n\n\
                {\"a\": \"{{host}}\"}\n\n\n###\n\nGET /plain\n\n### from a file\nPOST https://h/x\n\n< ./body.json\n\n###\n\
                https://h:81/only\n### scripts\n< {%\n request.variables.set('a', 1)\n%}\nPUT {{unknown}}/p?q={{host}}\n\
                Content-Length: 3\n\nab\n\n> {%\n client.log('x')\n%}\n### made at sending\nPOST https://h/{{$guid}}\n\n\
                ###\nPOST https://h/x\nno header\n";
    insta::assert_snapshot!(all_shown("a.http", file));
}

#[test]
fn curl_commands_are_read_one_after_the_other() {
    let file = "#!/bin/sh\n# two\ncurl -X POST 'https://h/a?b=1' -H 'X-A: 1' \\\n  --data-raw 'x\ncurl inside'\n\necho done\n\
                  curl http://h/$(id)\ncurl https://h:8443/file --data-binary @in.bin\ncurl 'http://h/last' | jq .\n";
    insta::assert_snapshot!(all_shown("a.sh", file));
}

#[test]
fn har_entries_are_taken_one_by_one() {
    let file = r#"{"log": {"version": "1.2", "entries": [
      {"startedDateTime": "2026-11-20T12:00:00.5+01:00", "request": {"method": "POST", "url": "https://h/a%20b?c=d#e",
        "httpVersion": "http/2.0", "headers": [{"name": ":method", "value": "POST"}, {"name": "X", "value": "1"},
        {"name": "x", "value": " 2 "}, {"name": "content-length", "value": "9"}],
        "postData": {"mimeType": "application/json", "text": "{}"}}, "response": {}},
      {"request": {"method": "POST"}},
      {"request": {"method": "PO ST", "url": "http://h/"}},
      {"request": {"method": "POST", "url": "ftp://h/"}},
      {"request": {"method": "POST", "url": "http://h/form", "httpVersion": "HTTP/1.0",
        "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "ü&"}]}}},
      {"request": {"method": "POST", "url": "http://h/b64", "postData": {"text": "/wA=", "encoding": "base64"}}},
      {"request": {"method": "PUT", "url": "http://h/own", "headers": [{"name": "A", "value": "\ufffd"}]},
       "_countersign": {"format": "countersign-export/1", "source": {"log": "l", "delivery": "1"}, "provider": null,
        "captured_at": "2026-11-20T12:00:00.000001Z", "secret": null, "version": "HTTP/1.0", "expect": {},
        "exact": [[0, "A", {"base64": "/w=="}]], "body_base64": "/wA=", "redacted": {"masked": ["header B"]}}},
      7
    ]}}"#;
    insta::assert_snapshot!(all_shown("a.har", file));
}

#[test]
fn postman_collections_are_taken_as_far_as_they_say_what_is_sent() {
    let file = r#"{"info": {"name": "c", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
      "variable": [{"key": "base", "value": "https://h"}, {"key": "n", "value": 5}],
      "item": [
        {"name": "folder", "item": [
          {"name": "one", "request": {"method": "POST", "url": {"raw": "{{base}}/a/:id?x={{n}}", "variable": [{"key": "id", "value": "i1"}]},
            "header": [{"key": "X-A", "value": "{{n}}"}, {"key": "Off", "value": "1", "disabled": true}],
            "auth": {"type": "bearer"},
            "body": {"mode": "raw", "raw": "{\"n\": {{n}}, \"u\": \"{{u}}\"}", "options": {"raw": {"language": "json"}}}}}]},
        {"name": "url alone", "request": "{{elsewhere}}/p"},
        {"name": "form", "request": {"method": "POST", "url": "h/form", "body": {"mode": "urlencoded",
            "urlencoded": [{"key": "a", "value": "b c"}, {"key": "off", "value": "", "disabled": true}]}}},
        {"name": "parts", "request": {"method": "POST", "url": "http://h/", "body": {"mode": "formdata",
            "formdata": [{"key": "a", "value": "1", "type": "text"}]}}},
        {"name": "upload", "request": {"method": "POST", "url": "http://h/", "body": {"mode": "formdata",
            "formdata": [{"key": "f", "type": "file", "src": "/x"}]}}},
        {"name": "file", "request": {"method": "POST", "url": "http://h/", "body": {"mode": "file", "file": {"src": "./b.bin"}}}},
        {"name": "graphql", "request": {"method": "POST", "url": "http://h/", "body": {"mode": "graphql"}}},
        {"name": "fresh", "request": {"url": "http://h/{{$guid}}"}},
        {"name": "neither"},
        {"name": "no url", "request": {"method": "POST"}}
      ]}"#;
    insta::assert_snapshot!(all_shown("a.json", file));
}

#[test]
fn a_file_is_known_by_what_it_holds() {
    let fixture = r#"{"format": "countersign-fixture/1", "name": "n", "provider": null, "captured_at": "2026-11-20T12:00:00Z",
        "secret": null, "request": {"method": "POST", "target": "/", "version": "HTTP/1.1", "headers": []}}"#;
    let line = r#"{"format":"countersign-delivery/1","request":{"method":"A","target":"/","version":"HTTP/1.1","headers":[]}}"#;
    for (what, name, content, expected) in [
        ("a fixture", "x", fixture, "fixture"),
        ("NDJSON without an ending", "x", &format!("{line}\n{line}\n"), "ndjson"),
        ("one line of it", "x.json", line, "ndjson"),
        ("a raw request", "x.txt", "POST / HTTP/1.1\r\nA: b\r\n\r\nbody", "raw"),
        ("a request at a URL", "x.txt", "POST https://h/ HTTP/2\nA: b\n", "http"),
        ("JSON of nobody", "x.json", "[1, 2]", "payload"),
        ("a HAR by its content", "x.json", r#"{"log": {"entries": []}}"#, "har"),
        ("an object with a log that is none", "x.json", r#"{"log": "text"}"#, "payload"),
        ("a script with curl in it", "run.sh", "#!/bin/sh\nset -e\ncurl http://h/\n", "curl"),
        ("prose", "README.txt", "Hello, world", "none"),
        ("nothing", "x.json", " \n", "none"),
        ("half a JSON", "x.json", "{\n\"a\": \n", "none"),
        ("a byte order mark", "x.json", "\u{feff}{\"a\": 1}", "payload"),
    ] {
        let read = read(name, &Bytes::copy_from_slice(content.as_bytes()), &Hint::default());
        assert_eq!(read.format.map_or("none", super::Format::as_str), expected, "{what}");
    }
    let half = shown(&items("x.json", b"{\n\"a\": \n")[0]);
    assert_eq!(half, "0:3 This begins like JSON, but it is not: EOF while parsing a value.");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let line = r#"{"format":"countersign-delivery/1","received_at":"T","request":{"method":"A","target":"/","version":"HTTP/1.1","headers":[["a","b"]]}}"#;
    let good = line.replace("\"T\"", "\"2026-11-20T12:00:00Z\"");
    let ndjson = format!("{good}\n\nx\n{line}\n{{}}\n{}\n{good}", good.replace("\"b\"", "\"b\\nX: y\""));
    let fixture = |from: &str, to: &str| {
        r#"{"format": "countersign-fixture/1", "name": "n", "provider": null, "captured_at": "2026-11-20T12:00:00Z",
"secret": null, "request": {"method": "POST", "target": "/", "version": "HTTP/1.1", "headers": [["a", "b"]]}}"#
            .replace(from, to)
    };
    let script = |from: &str, to: &str| {
        let request = super::read("x.raw", &Bytes::from_static(b"POST /a HTTP/1.1\r\n\r\n"), &Hint::default());
        let request = request.items.into_iter().next().expect("one").expect("it").request;
        let written = exported(crate::export::Format::Curl, None, &[request], &mut HashMap::new()).concat();
        String::from_utf8(written).expect("text").replace(from, to)
    };
    let rows: Vec<(&str, &str, Vec<u8>)> = vec![
        ("NDJSON", "x.ndjson", ndjson.into_bytes()),
        ("UTF-16", "x.json", b"\xff\xfe{\0}\0".to_vec()),
        ("a picture", "x.json", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("a script that was edited", "x.sh", script("-X 'POST'", "-X 'POST' --upload-file x").into_bytes()),
        ("a script whose comment was edited", "x.sh", script("\"format\"", "\"form\"").into_bytes()),
        ("not UTF-8", "x.har", b"{\n\n\"\xff\"}".to_vec()),
        ("a fixture's time", "x.json", fixture("2026-11-20T12:00:00Z", "yesterday").into_bytes()),
        ("a fixture's header", "x.json", fixture("\"a\", \"b\"", "\"a b\", \"c\"").into_bytes()),
        ("a fixture's target", "x.json", fixture("\"/\"", "\"/a b\"").into_bytes()),
        ("a fixture's shape", "x.json", fixture("\"headers\":", "\"heads\":").into_bytes()),
        ("a raw header", "x.raw", b"POST / HTTP/1.1\r\nA: b\r\nnonsense\r\n\r\n".to_vec()),
        ("a raw header that goes on", "x.raw", b"POST / HTTP/1.1\r\nA: b\r\n c\r\n\r\n".to_vec()),
        ("a HAR that is none", "x.har", b"{\n\"log\": 1}".to_vec()),
    ];
    let shown: Vec<String> = rows
        .iter()
        .map(|(what, name, content)| {
            let items: Vec<String> = items(name, content).iter().map(shown).collect();
            format!("# {what}\n{}", items.join("\n"))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_script_of_wrong_commands_is_given_up() {
    let mut text = "[ -n \"$to\" ] || to='http://localhost:3000'\n".to_owned();
    text.insert_str(0, "#!/bin/sh\n");
    text.push_str(&"# countersign: {}\ncurl \n".repeat(50_000));
    let found = items("x.sh", text.as_bytes());
    let last = found.last().and_then(|item| item.as_ref().err()).expect("a fault");
    assert_eq!(
        (found.len(), last.reason.as_str()),
        (101, "100 commands of this file cannot be read; the rest was not looked at.")
    );
}

#[test]
fn hostile_files_are_refused_in_bounded_time_and_memory() {
    let nested = |open: &str, count: usize| open.repeat(count).into_bytes();
    let bomb = |lines: usize| {
        let mut file: String =
            (0..lines).map(|n| format!("@v{n} = {}\n", format!("{{{{v{}}}}}", n + 1).repeat(100))).collect();
        file.push_str(&format!("@v{lines} =\n\nPOST http://h/{{{{v0}}}}\n"));
        file.into_bytes()
    };
    let folders = |depth: usize| {
        format!("{{\"info\": {{}}, \"item\": [{}{}]}}", "{\"item\": [".repeat(depth), "]}".repeat(depth)).into_bytes()
    };
    let fault = |name: &str, content: Vec<u8>| shown(items(name, &content).last().expect("an item"));
    let same = "The variables of this file stand for one another without an end, or for more than 64 MB.";
    for (what, name, content, expected) in [
        (
            "deep JSON",
            "x.json",
            nested("[", 200_000),
            "0:1 This begins like JSON, but it is not: EOF while parsing a list.",
        ),
        (
            "deep objects",
            "x.har",
            nested("{\"log\":", 100_000),
            "0:1 This is not a HAR file: EOF while parsing a value.",
        ),
        ("variables that stand for very much", "x.http", bomb(9), &format!("1:12 {same}")),
        (
            "a variable that stands for itself",
            "x.http",
            b"@a = {{a}}\nPOST http://h/{{a}}\n".to_vec(),
            &format!("1:2 {same}"),
        ),
        (
            "folders in folders",
            "x.json",
            folders(2000),
            "1:1 Folders are read 64 deep; what is in this one was not taken.",
        ),
        (
            "many wrong lines",
            "x.ndjson",
            b"x\n".repeat(50_000),
            "0:- 1000 items of this file cannot be read; the rest was not looked at.",
        ),
        (
            "many wrong commands",
            "x.sh",
            b"curl '\n".repeat(20_000),
            "0:- 100 commands of this file cannot be read; the rest was not looked at.",
        ),
        ("only comments", "x.http", b"#\n".repeat(1 << 20), "0:- There is no request in this file."),
        (
            "a text that is too long",
            "x.http",
            b"#".repeat(17 << 20),
            "0:- A text of requests can be at most 16 MB long. Split it.",
        ),
        ("a file that is too large", "x.har", vec![b' '; (100 << 20) + 1], &format!("0:- {}", super::too_large())),
    ] {
        assert_eq!(fault(name, content), expected, "{what}");
    }
    // A whole JSON document as deep is a body like any other.
    let deep = [nested("[", 100_000), nested("]", 100_000)].concat();
    assert_eq!(items("x.json", &deep)[0].as_ref().map(|one| one.request.body.len()), Ok(200_000));
}

/// An `.http` file, as a stranger may write it, whose items have their bodies in these files.
fn naming(files: &[&str]) -> Vec<u8> {
    let request = Request {
        method: "POST".to_owned(),
        target: Bytes::from("/a"),
        version: HttpVersion::Http11,
        headers: std::iter::empty::<Header>().collect(),
        body: Bytes::from_static(b"\xff\x00"),
        cut_from: None,
    };
    let requests = vec![request; files.len()];
    let mut bodies = HashMap::new();
    let file = exported(Format::Http, Some("bodies".to_owned()), &requests, &mut bodies).remove(0);
    let mut text = String::from_utf8(file).expect("text");
    let mut names: Vec<_> = bodies.into_keys().collect();
    names.sort();
    for (name, other) in names.iter().zip(files) {
        text = text.replace(name, other);
    }
    text.into_bytes()
}

#[test]
fn only_bodies_of_an_export_are_taken_from_beside_a_file() {
    let no_name = |file: &str| {
        format!(
            "It says that its body is in the file “{file}”, which is no name that an export gives to a body. That file was \
             not read."
        )
    };
    let asked = std::cell::RefCell::new(Vec::new());
    let good = "bodies/a--1--2d711642b726.body";
    let beside = |name: &str, _: u64| {
        asked.borrow_mut().push(name.to_owned());
        Ok(Bytes::from_static(b"x"))
    };
    let hint = Hint { beside: Some(&beside), ..Hint::default() };
    for name in [
        ".env",
        "bodies/.env",
        "bodies/../.env",
        "other/a--2d711642b726.body",
        "bodies/a--2D711642B726.body",
        "bodies/a--2d711642b7.body",
        "bodies/a-2d711642b726.body",
        "bodies/--2d711642b726.body",
        "bodies/.a--2d711642b726.body",
        "bodies/b/a--2d711642b726.body",
        "bodies//a--2d711642b726.body",
        "./bodies/a--2d711642b726.body",
        "bodies/a--2d711642b726.txt",
    ] {
        let found = read("x.http", &naming(&[name]).into(), &hint).items;
        let reasons: Vec<_> = found.into_iter().map(|item| item.expect_err(name).reason).collect();
        assert_eq!(reasons, [no_name(name)]);
    }
    assert_eq!(asked.take(), Vec::<String>::new(), "none of them was looked for");
    let another = "bodies/a--1--2d711642b727.body";
    let found = read("x.http", &naming(&[good, another]).into(), &hint).items;
    assert_eq!(found[0].as_ref().map(|one| one.request.body.clone()), Ok(Bytes::from_static(b"x")));
    assert_eq!(
        found[1].as_ref().expect_err("another body").reason,
        format!(
            "The file “{another}” beside this one does not hold the body that was exported: it was changed, or is another \
             one. Export the delivery again."
        )
    );
}

#[test]
fn bodies_beside_a_file_are_read_once_and_are_no_more_than_a_file_may_be() {
    let body = Bytes::from(vec![7; 40 << 20]);
    let name = names::body(names::BODIES, "a", &body);
    let reads = std::cell::Cell::new(0);
    let beside = |_: &str, limit: u64| {
        reads.set(reads.get() + 1);
        if body.len() as u64 > limit { Err(Unread::TooLarge) } else { Ok(body.clone()) }
    };
    let hint = Hint { beside: Some(&beside), ..Hint::default() };
    let found = read("x.http", &naming(&[name.as_str(); 60]).into(), &hint).items;
    let taken: Vec<_> = found.iter().filter_map(|item| item.as_ref().ok()).collect();
    assert_eq!((found.len(), taken.len(), reads.get()), (60, 2, 1));
    assert!(taken.iter().all(|one| one.request.body.as_ptr() == body.as_ptr()), "its bytes are shared");
    let reason = &found[2].as_ref().expect_err("too much").reason;
    assert_eq!(
        *reason,
        format!(
            "With the file “{name}” the bodies beside this one are over 100 MB together, which is more than is read at once. \
             Export fewer deliveries together, or as NDJSON, which is read line by line."
        )
    );
    // Others are asked for with what is left.
    let limits = std::cell::RefCell::new(Vec::new());
    let beside = |_: &str, limit: u64| {
        limits.borrow_mut().push(limit);
        Ok(body.clone())
    };
    let other = names::body(names::BODIES, "b", &body);
    let hint = Hint { beside: Some(&beside), ..Hint::default() };
    let _ = read("x.http", &naming(&[name.as_str(), other.as_str()]).into(), &hint);
    assert_eq!(limits.take(), [FILE_LIMIT, FILE_LIMIT - body.len() as u64]);
}

/// The files of an export, and the bodies beside them.
fn exported(
    format: Format,
    folder: Option<String>,
    requests: &[Request],
    bodies: &mut HashMap<String, Bytes>,
) -> Vec<Vec<u8>> {
    let secrets = SecretSearch::default();
    let mut exporter = Exporter::new(format, None, folder, &secrets);
    let mut files = vec![exporter.begin()];
    for (index, request) in requests.iter().enumerate() {
        let item = exporter.item(&record(request), &format!("delivery--{index}"));
        bodies.extend(item.beside);
        match format.one_file() {
            true => files[0].extend(item.bytes),
            false => files.push(item.bytes),
        }
    }
    files[0].extend(exporter.end());
    if !format.one_file() {
        files.remove(0);
    }
    files
}

fn record(request: &Request) -> Record {
    let at = "2026-11-20T12:00:00.000001Z".to_owned();
    let captured = Captured {
        source: Source { log: "l".to_owned(), delivery: "1".to_owned() },
        received_at: at.clone(),
        received_at_us: 1_795_176_000_000_001,
        started_at: at,
        peer: "127.0.0.1:1".to_owned(),
        request: request.clone(),
        raw_head: Bytes::new(),
        provider: None,
        provider_name: None,
        recognised_by: None,
        event_type: None,
        event_id: None,
        group: None,
        secret: None,
        verdicts: Vec::new(),
        checks: Vec::new(),
        answer: None,
        pinned: false,
        challenge: false,
        attempts: Vec::new(),
    };
    Record { captured, expect: Expectation::default(), redacted: None, head_kept: true }
}

fn any_request() -> impl Strategy<Value = Request> {
    // Half of them what senders really have, so that what a format leaves out or writes itself is among them.
    let known = [
        "Host",
        "host",
        "Content-Type",
        "Content-Length",
        "Connection",
        "User-Agent",
        "Accept",
        "Cookie",
        "Authorization",
    ];
    let name =
        prop_oneof!["[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}", prop::sample::select(known.to_vec()).prop_map(str::to_owned)];
    let raw = prop::collection::vec(any::<u8>().prop_filter("", |b| !matches!(b, b'\r' | b'\n' | 0)), 0..40);
    let odd = [
        ":x",
        "localhost:3000",
        "a.example",
        "[::1]",
        "\u{a0}",
        "x\u{a0}",
        "\u{3000}x\u{3000}",
        "\u{85}",
        "{{x}}",
        "# x",
        "$to",
        "'",
        "application/json",
    ];
    let odd = prop::sample::select(odd.to_vec()).prop_map(|value| value.as_bytes().to_vec());
    let value = prop_oneof![raw, odd].prop_map(|value| Bytes::copy_from_slice(value.trim_ascii()));
    let header = (name, value).prop_map(|(name, value)| Header { name: Bytes::from(name), value });
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200).prop_map(Bytes::from),
        any::<String>().prop_map(Bytes::from),
        Just(Bytes::from_static("\u{feff}{\"a\":\"\u{202e}\u{0}\"}\r\n".as_bytes())),
    ];
    let target = prop_oneof!["/[!-~]{0,30}", "/\\PC{0,10}".prop_map(|text: String| text.replace(' ', ""))];
    let headers = prop::collection::vec(header, 0..12);
    let method = prop_oneof![
        "[A-Z]{1,10}",
        "[A-Za-z][!#$%&'*+.^_`|~0-9A-Za-z-]{0,7}",
        prop::sample::select(&["POST", "GET", "HEAD", "GRAPHQL", "WEBSOCKET"][..]).prop_map(str::to_owned)
    ];
    (method, target, any::<bool>(), headers, body).prop_map(|(method, target, old, headers, body)| Request {
        method,
        target: Bytes::from(target),
        version: if old { HttpVersion::Http10 } else { HttpVersion::Http11 },
        headers: headers.into_iter().collect(),
        body,
        cut_from: None,
    })
}

proptest! {
    // The same ones every time: a run that fails can be run again.
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_121), ..ProptestConfig::default() })]

    #[test]
    fn any_request_comes_back_out_of_a_fixture_and_a_line_of_the_log(request in any_request()) {
        // What stands in no request line is refused, and is not what this is about.
        prop_assume!(super::problem_of(&request).is_none());
        let written = serde_json::to_value(Fixture::write_request(&request)).expect("JSON");
        let at = "2026-11-20T12:00:00.000001Z";
        let fixture = serde_json::json!({
            "format": "countersign-fixture/1", "name": "n", "provider": null, "captured_at": at, "secret": null,
            "request": written,
        });
        let line = serde_json::json!({ "format": crate::export::NDJSON, "received_at": at, "request": written });
        let lines = format!("{line}\n{line}\n");
        for (name, text, count) in [("f.json", serde_json::to_string_pretty(&fixture).expect("JSON"), 1), ("l.ndjson", lines, 2)] {
            let found = items(name, text.as_bytes());
            prop_assert_eq!(found.len(), count);
            for item in found {
                let item = item.expect(name);
                prop_assert_eq!(&item.request, &request);
                prop_assert_eq!(item.received_at_us, Some(1_795_176_000_000_001));
            }
        }
    }

    #[test]
    fn what_is_exported_comes_back(requests in prop::collection::vec(any_request(), 1..4)) {
        let requests: Vec<Request> = requests.into_iter().filter(|one| super::problem_of(one).is_none()).collect();
        prop_assume!(!requests.is_empty());
        for format in [Format::Fixtures, Format::Har, Format::Curl, Format::Http, Format::Postman, Format::Ndjson] {
            for folder in [None, Some("bodies".to_owned())] {
                let mut bodies = HashMap::new();
                let files = exported(format, folder, &requests, &mut bodies);
                let beside = |name: &str, _: u64| bodies.get(name).cloned().ok_or(Unread::Missing);
                let hint = Hint { beside: Some(&beside), ..Hint::default() };
                let name = format!("x{}", format.extension());
                let items: Vec<Item> = files.into_iter().flat_map(|file| read(&name, &file.into(), &hint).items).collect();
                prop_assert_eq!(items.len(), requests.len(), "{:?}", format);
                for (item, request) in items.into_iter().zip(&requests) {
                    let item = item.map_err(|fault| TestCaseError::fail(format!("{format:?}: {}", fault.reason)))?;
                    prop_assert_eq!(&item.request, request, "{:?}", format);
                    prop_assert_eq!(item.received_at_us, Some(1_795_176_000_000_001), "{:?}", format);
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), ending in 0usize..8, begin in 0usize..9) {
        let name = ["a.json", "a.har", "a.http", "a.sh", "a.ndjson", "a.raw", "a.txt", "a.curl"][ending];
        let begin = ["", "{\"log\":{\"entries\":[", "POST / HTTP/1.1\r\n", "curl ", "@a=", "{\"info\":{},\"item\":[", "###\nPOST {{", "{\"format\":\"countersign-delivery/1\",", "\u{feff}"][begin];
        let _ = items(name, &[begin.as_bytes(), &bytes].concat());
    }
}
