//! The curl script, run by every shell that is here: the same request line, headers and body arrive.

use crate::recorder::{Came, Recorder, there};
use crate::{captured, request};
use countersign_core::catalogue::Catalogue;
use countersign_core::export::{Exporter, Format, Preparing, prepare};
use countersign_core::redact::{Choices, Known, SecretSearch};
use countersign_core::request::Request;

fn script(request: &Request) -> Vec<u8> {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let (known, choices, secrets) = (Known::default(), Choices::default(), SecretSearch::default());
    let preparing = Preparing { catalogue: &catalogue, choices: &choices, known: &known, secrets: &secrets };
    let record = prepare(captured(1, request.clone(), &[]), &preparing).record;
    let mut exporter = Exporter::new(Format::Curl, Some("http://127.0.0.1:1/"), None, &secrets);
    let item = exporter.item(&record, &record.stem());
    [exporter.begin(), item.bytes, exporter.end()].concat()
}

#[test]
fn the_same_bytes_arrive_from_every_shell() {
    if !there("curl", &["--version"]) {
        return;
    }
    let long: Vec<u8> = (0..300_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    type Row<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a [u8])], Vec<u8>);
    let rows: [Row<'_>; 16] = [
        ("plain JSON", "POST", "/hook?a=b", &[("Content-Type", b"application/json")], b"{\"a\": 1}".to_vec()),
        (
            "in the sender's order and spelling",
            "POST",
            "/",
            &[("x-B", b"1"), ("A", b"2"), ("X-b", b"3")],
            b"x".to_vec(),
        ),
        (
            "quotes",
            "POST",
            "/",
            &[("X", b"it's \"so\" \\ `touch x` $(touch x)")],
            b"'\"`touch x`$(touch x)\\n%s%%".to_vec(),
        ),
        ("a command behind a line end", "POST", "/", &[], b"'\ntouch x\n'; touch x\n\n".to_vec()),
        ("line ends", "PUT", "/", &[], b"a\r\nb\n\tc\r".to_vec()),
        ("every byte", "POST", "/", &[], (0..=255).collect()),
        ("digits behind a byte", "POST", "/", &[], b"\x001\x0123\xff4".to_vec()),
        ("like a file", "POST", "/", &[("X", b"@/etc/hostname")], b"@/etc/hostname".to_vec()),
        ("unicode", "POST", "/", &[("X", "é \u{202e}x".as_bytes())], "déjà vu 🎬 \u{feff}".into()),
        ("a header that is no text", "POST", "/", &[("X", b"\xff\xfe%41'")], b"x".to_vec()),
        ("a header without a value", "POST", "/", &[("X", b""), ("Y", b"1")], b"x".to_vec()),
        ("a target that curl would change", "POST", "/a/../b/%2f[1]{2}?{{x}}", &[], b"x".to_vec()),
        ("no body", "POST", "/", &[("Content-Length", b"0")], Vec::new()),
        ("GET", "GET", "/a", &[("Accept", b"text/plain"), ("User-Agent", b"x/1")], Vec::new()),
        ("long text", "POST", "/", &[], "é\"'x\n".repeat(20_000).into()),
        ("long bytes", "POST", "/", &[], long),
    ];
    let shells =
        [("sh", &["-c", ":"][..]), ("dash", &["-c", ":"]), ("bash", &["-c", ":"]), ("busybox", &["sh", "-c", ":"])];
    for (shell, probe) in shells.into_iter().filter(|(shell, probe)| there(shell, probe)) {
        for (name, method, target, headers, body) in &rows {
            let request = request(method, target, headers, body);
            let recorder = Recorder::start();
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("deliveries.sh"), script(&request)).expect("the script is written");
            let to = format!("http://{}/", recorder.address);
            let args: Vec<&str> = probe
                .first()
                .filter(|word| **word == "sh")
                .into_iter()
                .copied()
                .chain(["deliveries.sh", &to])
                .collect();
            let (bytes, output) = recorder.run(shell, &args, folder.path());
            let said = format!(
                "{shell}: {name}: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(output.status.success() && !bytes.is_empty(), "{said}");
            assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1, "{said}: nothing was run");
            let came = Came::read(&bytes);
            assert_eq!(
                came.line.escape_ascii().to_string(),
                format!("{method} {target} HTTP/1.1").escape_debug().to_string().replace("\\\"", "\""),
                "{said}"
            );
            assert!(came.body == *body, "{said}: {came:?}");
            let own = ["host", "content-length"];
            let kept = |name: &[u8]| !own.iter().any(|own| name.eq_ignore_ascii_case(own.as_bytes()));
            let sent: Vec<_> = came.headers.iter().filter(|(name, _)| kept(name)).cloned().collect();
            let expected: Vec<_> = headers
                .iter()
                .filter(|(name, _)| kept(name.as_bytes()))
                .map(|(n, v)| (n.as_bytes().to_vec(), v.to_vec()))
                .collect();
            assert_eq!(sent, expected, "{said}");
            let lengths: Vec<String> =
                came.values("content-length").iter().map(|v| v.escape_ascii().to_string()).collect();
            let length = (!body.is_empty() || headers.iter().any(|(n, _)| *n == "Content-Length"))
                .then(|| body.len().to_string());
            assert_eq!(lengths, length.into_iter().collect::<Vec<_>>(), "{said}");
        }
    }
}
