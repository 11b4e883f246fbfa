//! The state of the tunnel as the window sees it, with programs that a test stands in for.

use countersign_engine::tunnelling::{Output, Process, Spawn};
use countersign_engine::{Engine, OpenOptions, dispatch};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// Starts what opens at once, unless it is told to fail.
#[derive(Default)]
struct Programs {
    fails: AtomicBool,
    ended: Arc<AtomicUsize>,
}

impl Spawn for Programs {
    fn spawn(&self, _: Vec<OsString>) -> io::Result<Process> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let (send, output) = mpsc::channel(8);
        let line = br#"{"lvl":"info","msg":"started tunnel","url":"https://1a2b.ngrok-free.app"}"#.to_vec();
        send.try_send(Output::Line(line)).expect("there is room");
        // Ends where its standard input is closed, as a guard does.
        let (stdin, closed) = tokio::sync::oneshot::channel::<()>();
        let ended = Arc::clone(&self.ended);
        tokio::spawn(async move {
            let _ = closed.await;
            ended.fetch_add(1, Ordering::Relaxed);
            let _ = send.send(Output::Ended(Some(0))).await;
        });
        Ok(Process { output, stdin: Box::new(stdin) })
    }
}

async fn call(engine: &Engine, name: &str, args: Value) -> Value {
    dispatch(engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
}

async fn tunnel(engine: &Engine) -> Value {
    call(engine, "app_state", json!({})).await["tunnel"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_tunnel_stays_where_another_cannot_be_started_and_is_never_said_to_be_open_when_it_is_not() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let programs = Arc::new(Programs::default());
    let spawn = Some(Arc::clone(&programs) as _);
    let options = OpenOptions { db: folder.path().join("log.db"), no_keychain: true, spawn, ..OpenOptions::default() };
    let engine = Engine::open(options).await.expect("the log can be opened");
    engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
    let mut events = engine.subscribe();
    for name in ["ngrok", "cloudflared"] {
        let place = folder.path().join(name);
        std::fs::write(&place, "").expect("it is ours");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
        call(&engine, "tunnel_choose", json!({ "program": name, "path": place })).await;
    }
    call(&engine, "tunnel_start", json!({ "program": "ngrok" })).await;
    let open = async {
        while tunnel(&engine).await["phase"] != "open" {
            events.next().await.expect("the engine is there");
        }
    };
    tokio::time::timeout(Duration::from_secs(30), open).await.expect("it opens");

    std::fs::remove_file(folder.path().join("cloudflared")).expect("it is there");
    dispatch(&engine, "tunnel_start", json!({ "program": "cloudflared" })).await.expect_err("it has gone");
    let state = tunnel(&engine).await;
    assert_eq!((&state["phase"], &state["program"]), (&json!("open"), &json!("ngrok")), "what is open stays open");
    assert_eq!(programs.ended.load(Ordering::Relaxed), 0, "nothing was ended for nothing");

    programs.fails.store(true, Ordering::Relaxed);
    dispatch(&engine, "tunnel_start", json!({ "program": "ngrok" })).await.expect_err("it cannot be started");
    let state = tunnel(&engine).await;
    assert_eq!((&state["phase"], &state["public_url"]), (&json!("off"), &Value::Null), "the old one was ended for it");
    engine.close(Duration::ZERO).await;
}
