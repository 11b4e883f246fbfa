//! `countersign listen --tls` and a sender that is not ours.

use countersign_tests::{Ran, Session, countersign, run, until};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn listen(db: &Path, args: &[&str]) -> Command {
    let mut command = countersign(db, &["listen", "--json", "--listen", "127.0.0.1:0"]);
    command.args(args);
    command
}

/// Posts with curl, which trusts `certificate` or what the system trusts.
fn curl(url: &str, certificate: Option<&str>) -> Ran {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--noproxy", "*", "--data", "{}"]);
    command.args(certificate.map(|path| ["--cacert", path]).into_iter().flatten());
    run(command.arg(url), b"")
}

fn names(object: &Value) -> Vec<&str> {
    object.as_object().map(|o| o.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn paths(session: &Session) -> Vec<Value> {
    session.lines().into_iter().filter(|line| line["type"] == "delivery").map(|line| line["path"].clone()).collect()
}

#[test]
fn a_sender_that_trusts_the_certificate_is_accepted_and_any_other_refuses_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let session = Session::start(&mut listen(&db, &["--tls"]), folder.path());
    let first = &session.first;
    assert_eq!(names(first), ["type", "addr", "db", "tls", "fingerprint", "certificate"]);
    assert_eq!(first["tls"], true);
    let fingerprint = first["fingerprint"].as_str().expect("a fingerprint").to_owned();
    let pairs: Vec<&str> = fingerprint.split(':').collect();
    assert!(pairs.len() == 32 && pairs.iter().all(|pair| u8::from_str_radix(pair, 16).is_ok()), "{fingerprint}");
    let certificate = first["certificate"].as_str().expect("a path").to_owned();
    assert!(Path::new(&certificate).starts_with(folder.path()), "{certificate}");

    let port = session.addr.rsplit(':').next().expect("a port");
    let refused = curl(&format!("https://{}/stranger", session.addr), None);
    // What curl calls a certificate that nobody vouches for.
    assert_eq!((refused.code, refused.text()), (Some(60), ""), "{}", refused.err);
    for (host, path) in [("127.0.0.1", "/by-address"), ("localhost", "/by-name")] {
        let ran = curl(&format!("https://{host}:{port}{path}"), Some(&certificate));
        assert_eq!((ran.code, ran.text()), (Some(0), "ok\n"), "{host}: {}", ran.err);
    }
    let plain = curl(&format!("http://{}/plain", session.addr), None);
    assert!(plain.text().starts_with("This listener speaks HTTPS: use https://"), "{}", plain.text());
    until("both deliveries are printed", || (paths(&session).len() >= 2).then_some(()));
    assert_eq!(paths(&session), ["/by-address", "/by-name"]);
    drop(session);

    // The same certificate again, and the same as a pair of files of the user's own.
    let session = Session::start(&mut listen(&db, &["--tls"]), folder.path());
    assert_eq!(session.first["fingerprint"], *fingerprint);
    drop(session);
    let key = certificate.replace("cert.pem", "key.pem");
    let given = ["--tls-cert", &certificate, "--tls-key", &key];
    let session = Session::start(&mut listen(&db, &given), folder.path());
    assert_eq!(
        (&session.first["fingerprint"], &session.first["certificate"]),
        (&fingerprint.into(), &certificate.as_str().into())
    );
    assert_eq!(curl(&format!("https://{}/", session.addr), Some(&certificate)).text(), "ok\n");
}

#[test]
fn without_tls_the_first_line_is_as_ever_and_wrong_use_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let session = Session::start(&mut listen(&db, &[]), folder.path());
    assert_eq!(names(&session.first), ["type", "addr", "db"]);
    drop(session);
    let file = folder.path().join("none.pem").display().to_string();
    for (args, code, word) in [
        (vec!["--tls-cert", &file], 2, "--tls-key"),
        (vec!["--tls-key", &file], 2, "--tls-cert"),
        (vec!["--tls", "--tls-cert", &file, "--tls-key", &file], 2, "cannot be used with"),
        (vec!["--tls-cert", &file, "--tls-key", &file], 3, &format!("{file} cannot be read")),
    ] {
        let ran = run(&mut listen(&db, &args), b"");
        assert_eq!((ran.code, ran.out.len()), (Some(code), 0), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(word), "{args:?}: {}", ran.err);
    }
}
