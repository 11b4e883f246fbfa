//! Tunnels from the command line: programs that stand in for ngrok and cloudflared open, fail, hang and are killed.
#![cfg(target_os = "linux")]

use countersign_tests::{Connection, Listener, StandIn, kill, run};
use serde_json::json;

fn listen(stand_in: &StandIn, words: &[&str]) -> (tempfile::TempDir, Listener) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Listener::command(&folder.path().join("log.db"));
    command.args(words).env("PATH", stand_in.path());
    let listener = Listener::of(command);
    (folder, listener)
}

#[test]
fn the_address_is_said_and_the_tunnel_ends_with_countersign_however_that_ends() {
    for how in ["-TERM", "-INT", "-KILL"] {
        let ngrok = StandIn::ngrok();
        let (_folder, listener) = listen(&ngrok, &["--tunnel", "ngrok"]);
        let starting = json!({ "type": "tunnel", "phase": "starting", "url": null, "message": null });
        assert_eq!(listener.next(), starting, "{how}");
        let open = json!({
            "type": "tunnel", "phase": "open", "url": "https://1a2b-203-0-113-7.ngrok-free.app", "message": null
        });
        assert_eq!(listener.next(), open, "{how}");
        assert_eq!(ngrok.arguments(), format!("http http://{} --log stdout --log-format json", listener.addr));
        let pids = ngrok.pids();
        assert_eq!(pids.len(), 2);
        kill(how, listener.pid());
        StandIn::gone(&pids);
    }
}

#[test]
fn a_program_that_does_not_end_when_asked_is_ended() {
    let stubborn = StandIn::new(
        "cloudflared",
        r#"trap '' TERM HUP INT
           echo $$ > "$PIDS"
           echo '2026-11-21T10:00:00Z INF |  https://busy-red-fox.trycloudflare.com   |' >&2
           while :; do sleep 1; done"#,
    );
    let (_folder, listener) = listen(&stubborn, &["--tunnel", "cloudflared"]);
    assert_eq!(listener.next()["phase"], "starting");
    assert_eq!(listener.next()["url"], "https://busy-red-fox.trycloudflare.com");
    let pids = stubborn.pids();
    kill("-TERM", listener.pid());
    StandIn::gone(&pids);
}

#[test]
fn the_death_of_the_program_is_said_and_receiving_goes_on() {
    let rows = [
        (
            "it fails",
            r#"echo '{"err":"authentication failed: ERR_NGROK_4018","lvl":"eror","msg":"session closing"}'; exit 1"#,
            "ngrok ended (exit code 1). Nothing reaches the listener from the internet any more. It said: \
             authentication failed: ERR_NGROK_4018",
        ),
        (
            "it is killed",
            "kill -KILL $$",
            "ngrok ended (killed by signal 9). Nothing reaches the listener from the internet any more.",
        ),
        (
            "it opens and fails",
            r#"echo '{"lvl":"info","msg":"started tunnel","url":"https://x.test"}'; exit 3"#,
            "ngrok ended (exit code 3). Nothing reaches the listener from the internet any more.",
        ),
    ];
    for (name, script, message) in rows {
        let program = StandIn::new("ngrok", script);
        let place = program.folder().join("ngrok");
        let place = place.to_str().expect("text");
        let (_folder, listener) = listen(&program, &["--tunnel", "ngrok", "--tunnel-program", place]);
        let ended = loop {
            let said = listener.next();
            if said["phase"] == "ended" {
                break said;
            }
        };
        assert_eq!(ended, json!({ "type": "tunnel", "phase": "ended", "url": null, "message": message }), "{name}");
        let mut sender = Connection::open(&listener.addr).expect("it listens");
        assert_eq!(sender.post("/x", b"{}").expect("it answers").0, 200, "{name}");
        assert_eq!(listener.next()["type"], "delivery", "{name}");
    }
}

#[test]
fn a_program_that_is_not_there_is_said() {
    let none = StandIn::new("other", "exit 0");
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Listener::command(&folder.path().join("log.db"));
    command.args(["--tunnel", "cloudflared"]).env("PATH", none.folder()).env("HOME", none.folder());
    let ran = run(&mut command, b"");
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("cloudflared is not on the path. Install it, or choose where it is."), "{}", ran.err);
}
