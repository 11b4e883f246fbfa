//! The curl command, run by shells.

use crate::draft;
use crate::recorder::{Came, Recorder, there};
use countersign_core::draft::Draft;
use countersign_core::draft::copies::{BODY_FILE, CopyForm, copy_as};
use countersign_core::draft::credentials::HeaderMask;
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

/// Runs the command with a shell, in a folder of its own that it must leave as it was.
fn run(shell: &str, draft: &Draft, recorder: Recorder) -> Came {
    let folder = tempfile::tempdir().expect("a folder");
    let copied = copy_as(draft, CopyForm::Curl, &HeaderMask::nothing());
    let mut expected = vec!["command.sh".to_owned()];
    std::fs::write(folder.path().join("command.sh"), &copied.text).expect("the command is written");
    if let Some(body) = &copied.body_file {
        std::fs::write(folder.path().join(BODY_FILE), body).expect("the body is written");
        expected.insert(0, BODY_FILE.to_owned());
    }
    // As an argument where it fits, because that is the narrower way.
    let args: &[&str] = if copied.text.len() < 120_000 { &["-c", &copied.text] } else { &["command.sh"] };
    let (bytes, output) = recorder.run(shell, args, folder.path());
    assert_eq!(names(folder.path()), expected, "{}", copied.text);
    assert!(!bytes.is_empty(), "nothing came: {}\n{}", String::from_utf8_lossy(&output.stderr), copied.text);
    Came::read(&bytes)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// What the exact sender sends of a draft without `Host`, length, coding and user: said again here in few words.
fn sent(draft: &Draft, address: &str) -> Came {
    let target = draft.url.split_once(address).expect("the address").1;
    let target = if target.starts_with('/') { target.replace(' ', "%20") } else { format!("/{target}") };
    let mut headers = vec![(b"Host".to_vec(), address.as_bytes().to_vec())];
    headers.extend(draft.headers.iter().map(|h| (h.name.to_vec(), h.value.to_vec())));
    if !draft.body.is_empty() || matches!(draft.method.as_str(), "POST" | "PUT" | "PATCH") {
        headers.push((b"Content-Length".to_vec(), draft.body.len().to_string().into_bytes()));
    }
    Came { line: format!("{} {target} HTTP/1.1", draft.method).into_bytes(), headers, body: draft.body.to_vec() }
}

/// The shells that run a command: `dash` has no `$'…'`, and neither has a `sh` that is `dash`.
fn shells(command: &str) -> Vec<&'static str> {
    static THERE: LazyLock<(bool, bool)> =
        LazyLock::new(|| (there("sh", &["-c", r"test $'\101' = A"]), there("bash", &["-c", ":"])));
    let (sh_has_ansi, bash) = *THERE;
    let sh = Some("sh").filter(|_| sh_has_ansi || !command.contains("$'"));
    sh.into_iter().chain(Some("bash").filter(|_| bash)).collect()
}

#[test]
fn hostile_drafts_arrive_as_they_are() {
    if !there("curl", &["--version"]) {
        return;
    }
    type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)], Vec<u8>);
    let big = |byte: u8, count: usize| vec![byte; count];
    let rows: [Row; 36] = [
        (
            "plain JSON",
            "POST",
            "/hook",
            &[("Content-Type", "application/json"), ("User-Agent", "x/1")],
            b"{\"a\":1}".to_vec(),
        ),
        ("quotes", "POST", "/", &[("X", "it's \"so\" \\ '\\''")], b"'\"'\\''\"$'\\x41'".to_vec()),
        ("a command", "POST", "/$(touch x)", &[("X", "$(touch x)")], b"$(touch x)".to_vec()),
        ("a command in backquotes", "POST", "/`touch%20x`", &[("X", "`touch x`")], b"'`touch x`'".to_vec()),
        ("a command behind a line end", "POST", "/", &[], b"'\ntouch x\n'; touch x\n".to_vec()),
        ("a command among control characters", "POST", "/", &[], b"\r'\ntouch x\n'; touch x #\x1b".to_vec()),
        ("line ends", "POST", "/", &[], b"a\nb\n\n".to_vec()),
        ("carriage returns", "POST", "/", &[], b"a\r\nb\r\n".to_vec()),
        ("history", "POST", "/!!", &[("X", "!x")], b"!x\t!!".to_vec()),
        ("a body like a file", "POST", "/", &[], b"@/etc/hostname".to_vec()),
        ("a body like a file, not UTF-8", "POST", "/", &[], b"@\xff".to_vec()),
        ("a body like an option", "POST", "/", &[("X", "-d"), ("-o", "x")], b"-o x".to_vec()),
        ("unicode", "POST", "/zoë/é?ü=ß", &[("X", "déjà vu 🎬")], "déjà vu 🎬 \u{202e}\u{200b}".into()),
        ("not UTF-8", "POST", "/", &[], vec![0xff, 0xfe, b'\'', 0x80, b'1', b'\\', b'7']),
        ("every byte but NUL", "PUT", "/", &[], (1..=255).collect()),
        ("NUL", "POST", "/", &[], b"a\0b\0".to_vec()),
        ("no value", "POST", "/", &[("X-Empty", ""), ("Y", "1")], b"x".to_vec()),
        (
            "no value of curl's own",
            "POST",
            "/",
            &[("User-Agent", ""), ("Accept", ""), ("Content-Type", "")],
            b"x".to_vec(),
        ),
        ("more than one", "POST", "/", &[("X", "1"), ("Y", "2"), ("x", "3"), ("X", "1")], b"x".to_vec()),
        (
            "small names",
            "POST",
            "/",
            &[("content-type", "text/plain"), ("accept", "*/*"), ("user-agent", "a")],
            b"x".to_vec(),
        ),
        (
            "curl's own in another order",
            "POST",
            "/",
            &[("Cookie", "a=b"), ("Accept", "a"), ("Authorization", "Basic eA=="), ("User-Agent", "u")],
            b"x".to_vec(),
        ),
        ("300 KB", "POST", "/", &[], big(b'a', 300_000)),
        ("90 KB that grows in quotes", "POST", "/", &[], big(b'\'', 90_000)),
        ("just under the limit", "POST", "/", &[], big(b'a', 96 * 1024 - 2)),
        ("where curl would expect", "POST", "/", &[], big(b'a', 1_100_000)),
        ("an empty body", "POST", "/", &[], Vec::new()),
        ("an empty body after PUT", "PUT", "/", &[], Vec::new()),
        ("DELETE with a body", "DELETE", "/a", &[], b"x".to_vec()),
        ("DELETE", "DELETE", "/a", &[], Vec::new()),
        ("GET with a body", "GET", "/a", &[], b"x".to_vec()),
        ("GET", "GET", "/a", &[], Vec::new()),
        ("HEAD", "HEAD", "/a", &[], Vec::new()),
        ("a method of its own", "-pu'$^", "/", &[], b"x".to_vec()),
        (
            "a target that curl would change",
            "GET",
            "/a/../b//./c/%2e%2e/%zz?[1-3]={a,b}&x=\"<>\\^|`;'$@!*()?",
            &[],
            Vec::new(),
        ),
        ("dots", "GET", "/a/../b/./c", &[], Vec::new()),
        ("no path", "GET", "?a=b", &[], Vec::new()),
    ];
    let mut ran = 0;
    for (name, method, target, headers, body) in rows {
        let made =
            |recorder: &Recorder| draft(method, &format!("http://{}{target}", recorder.address), headers, body.clone());
        let text = copy_as(&made(&Recorder::start()), CopyForm::Curl, &HeaderMask::nothing()).text;
        for shell in shells(&text) {
            let recorder = Recorder::start();
            let (draft, address) = (made(&recorder), recorder.address.to_string());
            assert_eq!(run(shell, &draft, recorder), sent(&draft, &address), "{name} in {shell}");
            ran += 1;
        }
    }
    // Those without `$'…'` at least, in `sh`.
    assert!(ran >= 25, "{ran}");
}

#[test]
fn what_the_sender_sets_is_set_as_it_sets_it() {
    if !there("curl", &["--version"]) {
        return;
    }
    type Fields = &'static [(&'static str, &'static str)];
    // In what is expected HOST is the address.
    let rows: [(&str, &str, Fields, &str, Fields); 11] = [
        (
            "Host in its place",
            "",
            &[("X", "1"), ("host", "HOST")],
            "b",
            &[("X", "1"), ("host", "HOST"), ("Content-Length", "1")],
        ),
        (
            "another Host",
            "",
            &[("Host", "other"), ("X", "1")],
            "",
            &[("Host", "other"), ("X", "1"), ("Content-Length", "0")],
        ),
        (
            "two Hosts",
            "",
            &[("Host", "a"), ("Host", "b")],
            "b",
            &[("Host", "a"), ("Host", "b"), ("Content-Length", "1")],
        ),
        (
            "Host without a value",
            "",
            &[("X", "1"), ("Host", "")],
            "b",
            &[("X", "1"), ("Host", ""), ("Content-Length", "1")],
        ),
        (
            "a length in its place",
            "",
            &[("content-length", "1"), ("X", "1")],
            "b",
            &[("Host", "HOST"), ("content-length", "1"), ("X", "1")],
        ),
        (
            "a wrong length",
            "",
            &[("Content-Length", "7"), ("X", "1")],
            "b",
            &[("Host", "HOST"), ("Content-Length", "1"), ("X", "1")],
        ),
        (
            "two lengths",
            "",
            &[("Content-Length", "1"), ("Content-Length", "2")],
            "b",
            &[("Host", "HOST"), ("Content-Length", "1")],
        ),
        (
            "a length of nothing",
            "",
            &[("content-length", "0"), ("X", "1")],
            "",
            &[("Host", "HOST"), ("content-length", "0"), ("X", "1")],
        ),
        (
            "chunks",
            "",
            &[("Transfer-Encoding", "chunked"), ("X", "1")],
            "b",
            &[("Host", "HOST"), ("Content-Length", "1"), ("X", "1")],
        ),
        ("Expect", "", &[("Expect", "100-continue")], "b", &[("Host", "HOST"), ("Content-Length", "1")]),
        (
            "a user",
            "u%20s:p@",
            &[("X", "1")],
            "b",
            &[("Host", "HOST"), ("X", "1"), ("Authorization", "Basic dSBzOnA="), ("Content-Length", "1")],
        ),
    ];
    for (name, user, headers, body, expected) in rows {
        let recorder = Recorder::start();
        let address = recorder.address.to_string();
        let url = format!("http://{user}{address}/");
        let headers: Vec<_> =
            headers.iter().map(|(n, v)| (*n, if *v == "HOST" { address.as_str() } else { v })).collect();
        let came = run("sh", &draft("POST", &url, &headers, body), recorder);
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, v)| (n.as_bytes().to_vec(), if *v == "HOST" { &address } else { *v }.as_bytes().to_vec()))
            .collect();
        assert_eq!((came.headers, came.body), (expected, body.as_bytes().to_vec()), "{name}");
    }
}

/// Bytes that quotes have trouble with, more often than others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => prop::sample::select(&b"'\"\\$`!@-\n\r\t (){}[]<>|&;#*?~^%=a1nx7"[..]).prop_map(|b| vec![b]),
        1 => any::<u8>().prop_filter("no NUL", |b| *b != 0).prop_map(|b| vec![b]),
        1 => any::<char>().prop_filter("no NUL", |c| *c != '\0').prop_map(|c| c.to_string().into_bytes()),
        1 => prop::sample::select(&["$(touch x)", "`touch x`", "'; touch x; '", "\\'; touch x #", "\ntouch x\n"][..])
            .prop_map(|t| t.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_break_out_of_the_quotes(value in bytes(), body in bytes(), path in "[!-\"$-~à-ü ]{0,20}") {
        static CURL: LazyLock<bool> = LazyLock::new(|| there("curl", &["--version"]));
        if *CURL {
            let value: Vec<u8> = value.into_iter().filter(|b| *b >= b' ' && *b != 0x7f).collect();
            let recorder = Recorder::start();
            let address = recorder.address.to_string();
            let mut draft = draft("POST", &format!("http://{address}/{}", path.replace(' ', "%20")), &[], body);
            draft.headers.push("X", value.trim_ascii().to_vec());
            let shells = shells(&copy_as(&draft, CopyForm::Curl, &HeaderMask::nothing()).text);
            if let Some(shell) = shells.first() {
                prop_assert_eq!(run(shell, &draft, recorder), sent(&draft, &address));
            }
        }
    }
}
