use super::*;
use crate::request::HttpVersion;
use crate::secret::{Secret, SecretText};

fn exchange(target: &str, headers: &[(&str, &str)], body: &[u8]) -> Exchange {
    let headers = headers.iter().map(|(name, value)| crate::request::Header {
        name: Bytes::copy_from_slice(name.as_bytes()),
        value: Bytes::copy_from_slice(value.as_bytes()),
    });
    let request = Request {
        method: "POST".to_owned(),
        target: Bytes::copy_from_slice(target.as_bytes()),
        version: HttpVersion::Http11,
        headers: headers.collect(),
        body: Bytes::copy_from_slice(body),
        cut_from: None,
    };
    Exchange { request, peer: "127.0.0.1:5".to_owned(), answer: None }
}

fn all(pointers: &[&str]) -> Choices {
    let pointers = pointers.iter().map(|p| (*p).to_owned()).collect();
    Choices { kinds: Kind::ALL.into(), pointers, ..Choices::default() }
}

fn masked(exchange: &Exchange, choices: &Choices) -> (Exchange, Vec<String>) {
    let found = find(exchange, &Known::default(), &choices.pointers);
    let mut out = exchange.clone();
    mask(&mut out, &found, choices, &SecretSearch::default(), &[]);
    (out, found.into_iter().map(|found| format!("{}: {}", found.key, found.shown)).collect())
}

#[test]
fn headers_are_masked_as_little_as_they_can_be() {
    let rows: [(&str, &str, &str, &[&str]); 16] = [
        ("Authorization", "Bearer abcdefghijkl", "Bearer REDACTED", &["header:authorization: Bearer ••••"]),
        ("AUTHORIZATION", "Basic YTpi", "Basic UkVEQUNURUQ6UkVEQUNURUQ=", &["header:authorization: Basic ••••"]),
        ("Authorization", "topsecret value", "REDACTED", &["header:authorization: top••••"]),
        ("X-Api-Key", "abc", "REDACTED", &["header:x-api-key: ••••"]),
        ("Cookie", "sid=1; theme=dark", "sid=REDACTED; theme=REDACTED", &["header:cookie: sid=••••"]),
        ("Set-Cookie", "sid=1; Path=/; HttpOnly", "sid=REDACTED; Path=/; HttpOnly", &["header:set-cookie: sid=••••"]),
        ("Host", "a1.ngrok-free.app", "tunnel.example.com", &["header:host: a1••••.ngrok-free.app"]),
        ("Host", "127.0.0.1:4400", "127.0.0.1:4400", &[]),
        (
            "X-Forwarded-Host",
            "hooks.mine.dev:443",
            "tunnel.example.com:443",
            &["header:x-forwarded-host: ho••••.mine.dev"],
        ),
        ("X-Forwarded-For", "203.0.113.7, ::1", "192.0.2.1, ::1", &["header:x-forwarded-for: 203.•••"]),
        (
            "Forwarded",
            "for=\"[2001:db8:c::1]:5\";host=x.ngrok.app;proto=https",
            "for=\"[2001:db8::1]:5\";host=tunnel.example.com;proto=https",
            &["header:forwarded: 2001:•••", "header:forwarded: x••••.ngrok.app"],
        ),
        ("From", "Ann <ann@pollo.ai>", "Ann <redacted@example.com>", &["header:from: a•••@p•••.ai"]),
        (
            "Referer",
            "https://a.test/?token=abc&x=1",
            "https://a.test/?token=REDACTED&x=1",
            &["header:referer?token: ••••"],
        ),
        ("X-Session-Id", "abc", "REDACTED", &["header:x-session-id: ••••"]),
        ("Idempotency-Key", "abc", "abc", &[]),
        ("X-Webhook-Signature", "sha256=00", "sha256=00", &[]),
    ];
    for (name, value, expected, shown) in rows {
        let (out, found) = masked(&exchange("/", &[(name, value)], b""), &all(&[]));
        let got = out.request.headers.iter().next().expect("it is there");
        assert_eq!(
            (crate::request::text(&got.value).as_str(), found.as_slice()),
            (expected, shown_of(shown).as_slice()),
            "{name}"
        );
        assert_eq!(got.name, name, "the spelling stays");
    }
}

fn shown_of(shown: &[&str]) -> Vec<String> {
    shown.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn bodies_stay_what_they_are() {
    let json = "application/json";
    let rows: [(&str, &str, &[&str], &str, &str); 19] = [
        (
            "an address",
            json,
            &[],
            r#"{"a":"x ann@pollo.ai y", "b" : 1}"#,
            r#"{"a":"x redacted@example.com y", "b" : 1}"#,
        ),
        ("an escaped one", json, &[], r#"["ann\u0040pollo.ai \u00e9"]"#, r#"["redacted@example.com \u00e9"]"#),
        (
            "a tunnel",
            json,
            &[],
            r#"{"url":"https:\/\/x.ngrok.app\/a"}"#,
            r#"{"url":"https:\/\/tunnel.example.com\/a"}"#,
        ),
        ("a name", json, &[], r#"{"ann@pollo.ai":{"a":1}}"#, r#"{"redacted@example.com":{"a":1}}"#),
        (
            "two kinds in one text",
            json,
            &[],
            r#"["Mail ann@pollo.ai or\nopen https:\/\/x.ngrok.io/cb?token=abc&n=1"]"#,
            r#"["Mail redacted@example.com or\nopen https:\/\/tunnel.example.com/cb?token=REDACTED&n=1"]"#,
        ),
        ("behind half a surrogate", json, &[], r#"["\ud800 ann@pollo.ai"]"#, r#"["\ud800 redacted@example.com"]"#),
        (
            "names of tokens",
            json,
            &[],
            r#"{"access_token":"a","refreshToken":"b","api_key":"c","password":"d","jwt":"e","client_secret":"f"}"#,
            r#"{"access_token":"REDACTED","refreshToken":"REDACTED","api_key":"REDACTED","password":"REDACTED","jwt":"REDACTED","client_secret":"REDACTED"}"#,
        ),
        (
            "names of nothing secret",
            json,
            &[],
            r#"{"code":"a","key":"b","max_tokens":"c","nextPageToken":"d","token":1,"password":""}"#,
            r#"{"code":"a","key":"b","max_tokens":"c","nextPageToken":"d","token":1,"password":""}"#,
        ),
        (
            "a user and a token in a URL",
            json,
            &[],
            r#"["https://me:pw@pollo.ai/a#access_token=x1","/cb?to=ann%40pollo.ai&pass=1"]"#,
            r#"["https://redacted@example.com/a#access_token=REDACTED","/cb?to=redacted%40example.com&pass=REDACTED"]"#,
        ),
        (
            "a form in parts",
            "multipart/form-data; boundary=\"Xy\"",
            &[],
            "--Xy\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc\r\n--Xy\r\nContent-Disposition: form-data; \
             name=\"a\"\r\n\r\nabc\r\n--Xy--\r\n",
            "--Xy\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nREDACTED\r\n--Xy\r\nContent-Disposition: \
             form-data; name=\"a\"\r\n\r\nabc\r\n--Xy--\r\n",
        ),
        (
            "a URL in a text",
            "text/plain",
            &[],
            "See https://a.test/?x=1&token=abc. Why? code=1",
            "See https://a.test/?x=1&token=REDACTED Why? code=1",
        ),
        (
            "chosen",
            json,
            &["/a", "/l/*/n"],
            r#"{"a":"b","l":[{"n":1.5},{"n":true,"m":2}]}"#,
            r#"{"a":"REDACTED","l":[{"n":0.0},{"n":false,"m":2}]}"#,
        ),
        (
            "chosen, and all below",
            json,
            &["/a"],
            r#"{"a":{"b":[-3,null,""],"c":"http://x/"}}"#,
            r#"{"a":{"b":[0,null,""],"c":"https://example.com/redacted"}}"#,
        ),
        ("twice the same name", json, &["/a"], r#"{"a":1,"a":2}"#, r#"{"a":0,"a":0}"#),
        ("behind a byte order mark", json, &[], "\u{feff}[\"ann@pollo.ai\"]", "\u{feff}[\"redacted@example.com\"]"),
        ("no JSON", json, &["/a"], r#"{"a":"ann@pollo.ai""#, r#"{"a":"redacted@example.com""#),
        (
            "a form",
            "application/x-www-form-urlencoded",
            &[],
            "token=a&mail=ann%40pollo.ai&x=1",
            "token=REDACTED&mail=redacted%40example.com&x=1",
        ),
        ("a text", "text/plain", &[], "ann@pollo.ai\r\nbob@pollo.ai", "redacted@example.com\r\nredacted@example.com"),
        ("nothing", "text/plain", &[], "", ""),
    ];
    for (name, media, pointers, body, expected) in rows {
        let length = body.len().to_string();
        let before = exchange("/", &[("Content-Type", media), ("Content-Length", &length)], body.as_bytes());
        let (out, _) = masked(&before, &all(pointers));
        assert_eq!(crate::request::text(&out.request.body), expected, "{name}");
        assert_eq!(
            out.request.headers.first("content-length"),
            Some(&Bytes::from(expected.len().to_string())),
            "{name}"
        );
    }
}

#[test]
fn targets_are_masked_in_every_piece() {
    let rows = [
        ("/u/dora@pollo.ai/hook", "/u/redacted%40example.com/hook"),
        ("/u/dora%40pollo.ai;token=abc/x?y=1", "/u/redacted%40example.com;token=REDACTED/x?y=1"),
        ("/?eve@pollo.ai", "/?redacted%40example.com"),
        ("/?a=1&eve%40pollo.ai=2&pass=3", "/?a=1&redacted%40example.com=2&pass=REDACTED"),
        ("http://me:pw@pollo.ai/a?b", "http://REDACTED@pollo.ai/a?b"),
        ("/a/token=/b@c", "/a/token=/b@c"),
    ];
    for (target, expected) in rows {
        let (out, _) = masked(&exchange(target, &[], b""), &all(&[]));
        assert_eq!(crate::request::text(&out.request.target), expected, "{target}");
    }
}

#[test]
fn the_words_for_a_place_hold_nothing_that_is_masked() {
    let body = r#"{"ann@pollo.ai":{"mail":"bob@pollo.ai"},"a-distinctive-secret":"carl@pollo.ai"}"#;
    let mut out = exchange("/?dora@pollo.ai=eve@pollo.ai", &[], body.as_bytes());
    let found = find(&out, &Known::default(), &[]);
    let secrets = [Secret { name: "main".to_owned(), value: SecretText::new("a-distinctive-secret".to_owned()) }];
    let masked = mask(&mut out, &found, &all(&[]), &SecretSearch::new(&secrets), &[]);
    let expected = [
        "a name in the query",
        "the query's *",
        "the name /* in the body",
        "/*/mail in the body",
        "/REDACTED in the body",
        "the value of the secret “main”",
    ];
    assert_eq!(masked.places, expected);
}

#[test]
fn of_several_kinds_in_one_text_those_that_are_taken_are_masked() {
    let before = exchange("/", &[], br#"["ann@x.ngrok.io, bob@pollo.ai, https://y.ngrok.io/?token=abc"]"#);
    let kinds = [Kind::Emails, Kind::TunnelAddresses, Kind::Tokens];
    for taken in 0..8_usize {
        let kinds: BTreeSet<Kind> = (0..3).filter(|at| taken >> at & 1 == 1).map(|at| kinds[at]).collect();
        let (mails, tunnels) = (kinds.contains(&Kind::Emails), kinds.contains(&Kind::TunnelAddresses));
        let first = match (mails, tunnels) {
            (true, _) => "redacted@example.com",
            (_, true) => "ann@tunnel.example.com",
            _ => "ann@x.ngrok.io",
        };
        let second = if mails { "redacted@example.com" } else { "bob@pollo.ai" };
        let host = if tunnels { "tunnel.example.com" } else { "y.ngrok.io" };
        let token = if kinds.contains(&Kind::Tokens) { "REDACTED" } else { "abc" };
        let (out, _) = masked(&before, &Choices { kinds: kinds.clone(), ..Choices::default() });
        let expected = format!(r#"["{first}, {second}, https://{host}/?token={token}"]"#);
        assert_eq!(crate::request::text(&out.request.body), expected, "{kinds:?}");
    }
}

#[test]
fn masks_that_overlap_become_one() {
    let found = |range: Range<usize>, mask: &str| Found {
        kind: Kind::Chosen,
        key: String::new(),
        place: String::new(),
        pointer: None,
        part: Part::Body,
        range,
        shown: String::new(),
        mask: mask.into(),
    };
    let rows: [(&str, &[Found], &str); 4] = [
        ("apart", &[found(1..2, "A"), found(2..3, "B")], "0AB345"),
        ("partly", &[found(1..4, "A"), found(3..5, "B")], "0A5"),
        ("partly, the second is longer", &[found(1..3, "A"), found(2..5, "B")], "0B5"),
        ("within", &[found(2..3, "A"), found(1..5, "B")], "0B5"),
    ];
    for (name, found, expected) in rows {
        let found: Vec<&Found> = found.iter().collect();
        assert_eq!(spliced(b"012345", &found), expected.as_bytes(), "{name}");
    }
}

#[test]
fn what_is_found_in_a_deep_or_long_path_stays_small() {
    let addresses = vec!["\"a@pollo.ai\""; 4_000].join(",");
    let long = "n".repeat(20_000);
    let rows = [
        ("deep", format!("{}{addresses}{}", "[".repeat(20_000), "]".repeat(20_000))),
        ("a long name", format!("{{\"{long}\":[{addresses}]}}")),
    ];
    for (name, body) in rows {
        let found = find(&exchange("/", &[], body.as_bytes()), &Known::default(), &[]);
        let bytes: usize = found.iter().map(|found| found.key.len() + found.place.len()).sum();
        assert_eq!(found.len(), 4_000, "{name}");
        assert!(bytes < 1_000 * found.len(), "{name}: {bytes}");
        assert!(found.iter().all(|found| found.pointer.is_none()), "{name}: it leads nowhere");
    }
}

#[test]
fn what_is_chosen_decides() {
    let before = exchange("/?token=abc", &[("Cookie", "a=b")], br#"{"mail":"ann@pollo.ai"}"#);
    let key = |key: &str| -> BTreeSet<String> { [key.to_owned()].into() };
    let suggested = Choices::suggested();
    let rows = [
        ("nothing", Choices::default(), [false, false, false]),
        ("what is suggested", suggested.clone(), [true, true, false]),
        ("all", all(&[]), [true, true, true]),
        ("all but one place", Choices { keep: key("header:cookie"), ..all(&[]) }, [true, false, true]),
        ("one place", Choices { mask: key("json:/mail"), ..Choices::default() }, [false, false, true]),
        ("exact bytes", Choices { keep_exact: true, ..all(&["/mail"]) }, [true, true, false]),
    ];
    for (name, choices, expected) in rows {
        let (out, _) = masked(&before, &choices);
        let request = &out.request;
        let changed = [
            request.target != before.request.target,
            request.headers != before.request.headers,
            request.body != before.request.body,
        ];
        assert_eq!(changed, expected, "{name}");
    }
}

#[test]
fn a_stored_secret_is_masked_whatever_is_chosen_and_wherever_it_stands() {
    let value = "a-distinctive-secret-0b5f2c";
    let secrets = [Secret { name: "main".to_owned(), value: SecretText::new(value.to_owned()) }];
    let search = SecretSearch::new(&secrets);
    let hex = crate::decode::to_hex(value.as_bytes());
    let mut out = exchange(
        &format!("/{value}?a={value}"),
        &[("X-Sig", value), (&format!("X-{value}"), "1")],
        format!("\u{0}{value} {hex}").as_bytes(),
    );
    out.answer = Some(Answer { headers: Headers::new(), body: Bytes::from(value) });
    let choices = Choices { keep_exact: true, ..Choices::default() };
    let masked = mask(&mut out, &[], &choices, &search, &["x-sig".to_owned()]);
    let left = format!("{out:?}");
    assert!(!left.contains(value) && !left.contains(&hex), "{left}");
    assert!(masked.head && masked.body && masked.signed_header);
    assert_eq!(masked.secrets, ["“main”"]);
    assert_eq!(masked.places, ["the value of the secret “main”", "the name of a header"]);
}

#[test]
fn a_stored_secret_does_not_leave_in_a_compressed_body() {
    let value = "a-distinctive/secret-0b5f2c";
    let secrets = [Secret { name: "main".to_owned(), value: SecretText::new(value.to_owned()) }];
    let search = SecretSearch::new(&secrets);
    let json = format!(r#"{{"leak":"{}","n":1}}"#, value.replace('/', "\\/"));
    let hidden = r#"{"leak":"REDACTED","n":1}"#;
    let packed = |coding: &str, body: &[u8]| coding::deflate(body, &[coding.to_owned()]).expect("it is known");
    let gzip = |body: &[u8]| packed("gzip", body);
    let brotli = [b"\x0b\x16\x80", json.as_bytes(), b"\x03"].concat();
    let stored = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        std::io::Write::write_all(&mut encoder, json.as_bytes()).expect("it is written");
        encoder.finish().expect("it is written")
    };
    let bomb = gzip(&[json.as_bytes(), &vec![b' '; coding::LIMIT as usize]].concat());
    let quiet_bomb = gzip(&vec![b' '; coding::LIMIT as usize + 1]);
    let twice = packed("deflate", &gzip(json.as_bytes()));
    let cut = &gzip(&[json.as_bytes(), json.as_bytes(), &[b'-'; 99]].concat());
    let bare_deflate = packed("deflate", json.as_bytes());
    let bare_deflate = &bare_deflate[2..bare_deflate.len() - 4];
    type Row<'a> = (&'a str, &'a str, &'a [u8], &'a str, bool, &'a str);
    let rows: [Row<'_>; 13] = [
        ("gzip", "gzip", &gzip(json.as_bytes()), hidden, false, "gzip"),
        ("two members", "GZIP", &[gzip(b" "), gzip(json.as_bytes())].concat(), &format!(" {hidden}"), false, "GZIP"),
        ("x-gzip", "identity, x-gzip", &gzip(json.as_bytes()), hidden, false, "identity, x-gzip"),
        ("deflate", "deflate", &packed("deflate", json.as_bytes()), hidden, false, "deflate"),
        ("bare deflate", "deflate", bare_deflate, hidden, false, "deflate"),
        ("not compressed in fact", "gzip", &stored, hidden, false, "gzip"),
        ("brotli", "br", &brotli, hidden, false, "identity"),
        ("no header", "", &gzip(json.as_bytes()), hidden, false, ""),
        ("two codings", "gzip, deflate", &twice, hidden, false, "identity"),
        ("too large", "gzip", &bomb, "REDACTED", false, "gzip"),
        ("cut", "gzip", &cut[..cut.len() - 9], "REDACTED", false, "gzip"),
        ("too large, nothing in what was read", "gzip", &quiet_bomb, "", true, "gzip"),
        ("not known", "zstd", b"\x28\xb5\x2f\xfd", "", true, "zstd"),
    ];
    for (name, header, body, expected, sealed, after) in rows {
        let mut out = exchange("/", &[("Content-Encoding", header)], body);
        let before = out.clone();
        out.answer = Some(Answer { headers: out.request.headers.clone(), body: out.request.body.clone() });
        let masked = mask(&mut out, &[], &Choices::default(), &search, &[]);
        assert_eq!(masked.sealed, sealed, "{name}");
        let answer = out.answer.as_ref().expect("it is there");
        assert_eq!((&answer.body, &answer.headers), (&out.request.body, &out.request.headers), "{name}");
        if sealed {
            assert_eq!((out.request, masked.is_nothing()), (before.request, true), "{name}");
            continue;
        }
        let mut codings = coding::codings(&out.request.headers);
        if header.is_empty() {
            codings.push("gzip".to_owned());
        }
        let plain = coding::inflate(&out.request.body, &codings, coding::LIMIT).expect("it is known");
        assert_eq!((crate::request::text(&plain.bytes).as_str(), plain.whole), (expected, true), "{name}");
        assert_eq!(crate::request::text(out.request.headers.first("content-encoding").expect("it is there")), after);
        assert!(masked.body, "{name}");
    }
}
