//! The JavaScript in Node, the Python with `requests`, and HTTPie: what those programs can carry arrives.

use crate::draft;
use crate::recorder::{Came, Recorder, there};
use countersign_core::draft::copies::{BODY_FILE, Copied, CopyForm, copy_as};
use countersign_core::draft::credentials::HeaderMask;

type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static [u8])], Vec<u8>);

/// Drafts whose method and target every client carries.
fn rows() -> Vec<Row> {
    vec![
        (
            "plain JSON",
            "POST",
            "/hook?a=b&c=%2F",
            &[("Content-Type", b"application/json"), ("User-Agent", b"x/1")],
            b"{\"a\":1}".to_vec(),
        ),
        (
            "quotes",
            "POST",
            "/",
            &[("X", b"it's \"so\" ${x} `x`"), ("Y", b"a\\b"), ("Content-Type", b"text/plain")],
            b"'\"\\'''\"\"\" ${x} `x` \\n \\".to_vec(),
        ),
        (
            "line ends and separators",
            "PUT",
            "/",
            &[("Content-Type", b"text/plain")],
            "a\r\nb\n\t\u{2028}</script>\u{202e}".into(),
        ),
        ("no type", "POST", "/", &[], "déjà vu 🎬".into()),
        ("not UTF-8", "POST", "/", &[], vec![0xff, 0xfe, b'\'', 0, b'\\', 0x80]),
        ("every byte", "POST", "/", &[], (0..=255).collect()),
        ("a body like a file", "POST", "/", &[], b"@/etc/hostname".to_vec()),
        ("a body like an option", "POST", "/", &[], b"--form".to_vec()),
        (
            "values like separators",
            "POST",
            "/",
            &[("X", b"=1"), ("Y", b"@/etc/hostname"), ("Z", b"a:=b;c==d")],
            b"x".to_vec(),
        ),
        ("a value that is not ASCII", "POST", "/", &[("X", b"\xc3\xa9")], b"x".to_vec()),
        ("another host", "POST", "/", &[("Host", b"other")], b"x".to_vec()),
        ("more than one", "POST", "/", &[("X", b"1"), ("Y", b"2"), ("x", b"3")], b"x".to_vec()),
        ("120 KB", "POST", "/", &[], vec![b'a'; 120_000]),
        ("an empty body", "POST", "/", &[], Vec::new()),
        ("DELETE with a body", "DELETE", "/a", &[], b"x".to_vec()),
        ("GET", "GET", "/a", &[("Accept", b"text/plain"), ("Cookie", b"a=b; c=d")], Vec::new()),
        ("HEAD", "HEAD", "/a", &[], Vec::new()),
    ]
}

/// Runs every row with a program; `args` are for a file with the text.
fn run(form: CopyForm, program: &str, file: &str, args: &[&str], cannot: &[&str]) {
    for (name, method, target, headers, body) in rows() {
        let recorder = Recorder::start();
        let address = recorder.address.to_string();
        let mut draft = draft(method, &format!("http://{address}{target}"), &[], body.clone());
        for (name, value) in headers {
            draft.headers.push(*name, *value);
        }
        let Copied { text, body_file, notes } = copy_as(&draft, form, &HeaderMask::nothing());
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(file), &text).expect("the text is written");
        if let Some(body) = body_file {
            std::fs::write(folder.path().join(BODY_FILE), body).expect("the body is written");
        }
        let (bytes, output) = recorder.run(program, args, folder.path());
        assert!(!bytes.is_empty(), "{name}: {}\n{text}", String::from_utf8_lossy(&output.stderr));
        let came = Came::read(&bytes);
        let line = format!("{method} {target} HTTP/1.1");
        assert_eq!((came.line.escape_ascii().to_string(), &came.body), (line, &body), "{name}\n{text}");
        for (header, value) in headers {
            if cannot.contains(header) {
                assert!(notes.iter().any(|note| note.contains(header)), "{name}: {notes:?}");
                continue;
            }
            let values = came.values(header);
            let joined = values.join(&b", "[..]);
            let expected = draft.headers.all(header).map(|v| &v[..]).collect::<Vec<_>>().join(&b", "[..]);
            assert_eq!(
                joined.escape_ascii().to_string(),
                expected.escape_ascii().to_string(),
                "{name}: {header}\n{text}"
            );
            assert!(!value.is_empty());
        }
        if draft.headers.all("content-type").next().is_none() {
            assert_eq!(came.values("content-type"), Vec::<&[u8]>::new(), "{name}: no type is made up");
        }
    }
}

#[test]
fn node_sends_what_fetch_can_carry() {
    if there("node", &["-e", "if (typeof fetch !== 'function') process.exit(1)"]) {
        run(CopyForm::Fetch, "node", "copied.mjs", &["copied.mjs"], &["Host"]);
    }
}

#[test]
fn python_sends_what_requests_can_carry() {
    if there("python3", &["-c", "import requests, urllib3.util; urllib3.util.SKIP_HEADER"]) {
        run(CopyForm::PythonRequests, "python3", "copied.py", &["copied.py"], &[]);
    }
}

#[test]
fn httpie_sends_what_it_can_carry() {
    if there("http", &["--version"]) {
        run(CopyForm::Httpie, "bash", "copied.sh", &["copied.sh"], &[]);
    }
}
