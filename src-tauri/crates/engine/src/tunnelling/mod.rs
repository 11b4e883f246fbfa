//! The public address: a tunnel's program is started, listened to and ended.
//!
//! Invariants: one tunnel at a time; its program runs behind a [guard](guard), so that it never outlives this process;
//! between it and us stands no shell; what it writes is kept as its last lines only. Deliberately absent: accounts and
//! tokens of tunnels, which are their programs' own.

mod guard;
mod spawn;

use guard::KILLED;
pub use guard::{GUARD, run_if_guard};
pub use spawn::{Output, OwnProcesses, Process, Spawn};

use crate::error::EngineError;
use crate::wire::{CommandError, EngineEvent, TunnelPhase, TunnelProgram, TunnelState};
use crate::{Engine, Inner, read, write};
use countersign_core::request::text;
use countersign_core::tunnel::{Said, Tunnel};
use countersign_store::Store;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

const KEY: &str = "tunnel";
/// Enough to see why it ended, few enough to be shown.
const LINES: usize = 20;
/// Of a line, in characters.
const LINE: usize = 300;
/// Both programs say their address within a few seconds where they can have one.
const USUALLY_BEFORE: Duration = Duration::from_secs(20);
/// A guard ends a tunnel within two seconds.
const ENDS_WITHIN: Duration = Duration::from_secs(5);

/// What is kept over a restart.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Saved {
    /// Where programs are, by name, where the user chose a place.
    programs: BTreeMap<String, PathBuf>,
    own_url: Option<String>,
}

/// The tunnel.
pub(crate) struct Tunnelling {
    spawn: Arc<dyn Spawn>,
    saved: RwLock<Saved>,
    state: RwLock<TunnelState>,
    /// The listener's address that the tunnel leads to.
    target: RwLock<String>,
    running: tokio::sync::Mutex<Option<Running>>,
}

/// A tunnel's program at work, or ended.
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Tunnelling {
    pub(crate) fn load(store: &Store, spawn: Option<Arc<dyn Spawn>>) -> Result<Tunnelling, EngineError> {
        let text = store.setting(KEY)?;
        let saved: Saved = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let state =
            TunnelState { own_url: saved.own_url.clone(), public_url: saved.own_url.clone(), ..TunnelState::default() };
        Ok(Tunnelling {
            spawn: spawn.unwrap_or_else(|| Arc::new(OwnProcesses)),
            saved: RwLock::new(saved),
            state: RwLock::new(state),
            target: RwLock::default(),
            running: tokio::sync::Mutex::new(None),
        })
    }

    pub(crate) fn state(&self) -> TunnelState {
        read(&self.state)
    }

    /// Where a program is: where the user chose, else on the path, else where installers put it without saying so to
    /// programs that are not started from a terminal.
    fn find(&self, tunnel: Tunnel) -> Result<(PathBuf, bool), String> {
        let name = tunnel.program();
        if let Some(path) = read(&self.saved).programs.get(name) {
            return match which::which(path) {
                Ok(found) => Ok((found, true)),
                Err(_) => Err(format!("There is no program at {}.", path.display())),
            };
        }
        let home = std::env::home_dir().unwrap_or_default();
        let usual = ["/usr/local/bin", "/opt/homebrew/bin", "/snap/bin"].iter().map(PathBuf::from);
        let more = usual.chain([home.join(".local/bin"), home.join("bin")]);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let all = std::env::join_paths(std::env::split_paths(&path).chain(more)).unwrap_or(path);
        which::which_in(name, Some(all), Path::new("/"))
            .map(|found| (found, false))
            .map_err(|_| format!("{name} is not on the path. Install it, or choose where it is."))
    }

    fn program(&self, tunnel: Tunnel) -> TunnelProgram {
        let (about, page) = about(tunnel);
        let found = self.find(tunnel);
        TunnelProgram {
            id: tunnel.program().to_owned(),
            path: match &found {
                Ok((path, _)) => Some(path.display().to_string()),
                Err(_) => read(&self.saved).programs.get(tunnel.program()).map(|path| path.display().to_string()),
            },
            chosen: read(&self.saved).programs.contains_key(tunnel.program()),
            message: found.err(),
            about: about.to_owned(),
            page: page.to_owned(),
        }
    }
}

fn about(tunnel: Tunnel) -> (&'static str, &'static str) {
    match tunnel {
        Tunnel::Ngrok => (
            "Needs an account; its token is given once with “ngrok config add-authtoken”.",
            "https://ngrok.com/download",
        ),
        Tunnel::Cloudflared => (
            "Needs no account: a quick tunnel with a new address at each start.",
            "https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/",
        ),
    }
}

fn named(program: &str) -> Result<Tunnel, EngineError> {
    Tunnel::from_program(program).ok_or_else(|| EngineError::Input {
        what: format!("There is no tunnel “{program}”: there are ngrok and cloudflared."),
    })
}

/// A public address as it is shown: without a slash at its end, so that a path can follow.
fn public_url(given: &str) -> Result<String, EngineError> {
    let wrong = || EngineError::Input {
        what: format!("“{given}” is no public address: it begins with https:// or http:// and names a host."),
    };
    let url = Url::parse(given).map_err(|_| wrong())?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !plain {
        return Err(wrong());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

impl Engine {
    /// Starts a tunnel to the listener; one that is open ends. `place` is where its program is, for this start alone; it is
    /// looked for where that is not given.
    ///
    /// # Errors
    /// Where nothing is received, or the program is not to be found or cannot be started.
    pub async fn start_tunnel(&self, tunnel: Tunnel, place: Option<&Path>) -> Result<TunnelState, EngineError> {
        let inner = &self.0;
        let mut running = inner.tunnelling.running.lock().await;
        let url = inner.url()?;
        let (https, addr) = (url.starts_with("https:"), url.split_once("://").map_or("", |(_, addr)| addr));
        let program = match place {
            Some(place) => place.to_owned(),
            None => inner.tunnelling.find(tunnel).map_err(|why| EngineError::Tunnel { why })?.0,
        };
        let mut arguments: Vec<OsString> = vec![GUARD.into(), program.into_os_string()];
        arguments.extend(tunnel.arguments(addr, https).into_iter().map(OsString::from));
        // Only now: where there is nothing to start, the one that is open stays.
        if let Some(old) = running.take() {
            old.end().await;
        }
        let process = inner.tunnelling.spawn.spawn(arguments).map_err(|error| {
            inner.no_tunnel();
            EngineError::Tunnel { why: format!("{} cannot be started: {error}.", tunnel.program()) }
        })?;
        inner.tell_tunnel(|state| {
            let own_url = state.own_url.take();
            *state = TunnelState {
                phase: TunnelPhase::Starting,
                program: Some(tunnel.program().to_owned()),
                public_url: own_url.clone(),
                own_url,
                ..TunnelState::default()
            };
        });
        write(&inner.tunnelling.target, url);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(follow(Arc::clone(inner), tunnel, process, stopped));
        *running = Some(Running { stop, task });
        drop(running);
        Ok(inner.tunnelling.state())
    }

    pub(crate) async fn tunnel_programs(&self) -> Result<Vec<TunnelProgram>, CommandError> {
        let inner = Arc::clone(&self.0);
        Ok(inner.blocking(|inner| Ok(Tunnel::ALL.map(|tunnel| inner.tunnelling.program(tunnel)).to_vec())).await?)
    }

    pub(crate) async fn tunnel_choose(
        &self,
        program: String,
        path: String,
    ) -> Result<Vec<TunnelProgram>, CommandError> {
        let tunnel = named(&program)?;
        let path = path.trim().to_owned();
        if !path.is_empty() && which::which(&path).is_err() {
            let what = format!("There is no program at {path}; nothing was changed.");
            return Err(EngineError::Input { what }.into());
        }
        self.0
            .save_tunnel(|saved| {
                saved.programs.remove(tunnel.program());
                if !path.is_empty() {
                    saved.programs.insert(tunnel.program().to_owned(), PathBuf::from(path));
                }
            })
            .await?;
        self.tunnel_programs().await
    }

    pub(crate) async fn tunnel_start(&self, program: String) -> Result<TunnelState, CommandError> {
        Ok(self.start_tunnel(named(&program)?, None).await?)
    }

    pub(crate) async fn tunnel_stop(&self) -> Result<TunnelState, CommandError> {
        self.0.stop_tunnel().await;
        Ok(self.0.tunnelling.state())
    }

    pub(crate) async fn tunnel_own_url(&self, url: String) -> Result<TunnelState, CommandError> {
        let url = match url.trim() {
            "" => None,
            given => Some(public_url(given)?),
        };
        self.0.save_tunnel(|saved| saved.own_url.clone_from(&url)).await?;
        self.0.tell_tunnel(|state| {
            if state.phase != TunnelPhase::Open {
                state.public_url.clone_from(&url);
            }
            state.own_url = url;
        });
        Ok(self.0.tunnelling.state())
    }
}

impl Running {
    async fn end(self) {
        // Fails where it has ended already.
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

impl Inner {
    pub(crate) async fn stop_tunnel(&self) {
        if let Some(running) = self.tunnelling.running.lock().await.take() {
            running.end().await;
        }
        self.no_tunnel();
    }

    fn no_tunnel(&self) {
        self.tell_tunnel(|state| {
            let own_url = state.own_url.take();
            *state = TunnelState { public_url: own_url.clone(), own_url, ..TunnelState::default() };
        });
    }

    async fn save_tunnel(&self, change: impl FnOnce(&mut Saved)) -> Result<(), EngineError> {
        let mut saved = read(&self.tunnelling.saved);
        change(&mut saved);
        let text = serde_json::to_string(&saved).map_err(|_| EngineError::Broken)?;
        self.store.set_setting(KEY, &text).await?;
        write(&self.tunnelling.saved, saved);
        Ok(())
    }

    /// Says so where the listener has gone from where the tunnel leads.
    pub(crate) fn listener_moved(&self, url: Option<&str>) {
        let target = read(&self.tunnelling.target);
        let (Some(url), Some(program)) = (url, self.tunnelling.state().program) else { return };
        self.tell_tunnel(|state| {
            if matches!(state.phase, TunnelPhase::Starting | TunnelPhase::Open) {
                state.message = (url != target).then(|| {
                    format!(
                        "{program} still leads to {target}, and the listener is at {url} now: start the tunnel again."
                    )
                });
            }
        });
    }

    /// Changes the state and tells of it. Of two changes at once none is lost, and they are told in their order.
    fn tell_tunnel(&self, change: impl FnOnce(&mut TunnelState)) {
        let mut state = self.tunnelling.state.write().unwrap_or_else(PoisonError::into_inner);
        let before = state.clone();
        change(&mut state);
        if *state != before {
            self.bus.publish(EngineEvent::Tunnel { tunnel: state.clone() });
        }
    }
}

/// Follows a tunnel's program to its end.
async fn follow(inner: Arc<Inner>, tunnel: Tunnel, process: Process, mut stopped: oneshot::Receiver<()>) {
    let Process { mut output, stdin } = process;
    let mut lines = VecDeque::new();
    let mut fault = None;
    let late = tokio::time::sleep(USUALLY_BEFORE);
    tokio::pin!(late);
    let code = loop {
        tokio::select! {
            _ = &mut stopped => break None,
            () = &mut late, if !late.is_elapsed() => inner.tell_tunnel(|state| {
                if state.phase == TunnelPhase::Starting {
                    state.message = Some(waiting(tunnel, fault.as_deref()));
                }
            }),
            said = output.recv() => match said {
                Some(Output::Line(line)) => {
                    let line = text(&line);
                    if line.trim().is_empty() {
                        continue;
                    }
                    let said = tunnel.read(&line);
                    lines.push_back(countersign_core::shorten(&tunnel.readable(&line), LINE));
                    if lines.len() > LINES {
                        lines.pop_front();
                    }
                    if let Said::Fault(why) = &said {
                        fault = Some(why.clone());
                    }
                    inner.tell_tunnel(|state| {
                        state.lines = lines.iter().cloned().collect();
                        if let Said::Url(url) = said {
                            state.phase = TunnelPhase::Open;
                            state.public_url = Some(url);
                            state.message = None;
                        }
                    });
                }
                Some(Output::Ended(code)) => break Some(code),
                None => break Some(None),
            },
        }
    };
    // A guard takes this as the word to end.
    drop(stdin);
    let Some(code) = code else {
        let ended = async { while !matches!(output.recv().await, None | Some(Output::Ended(_))) {} };
        if tokio::time::timeout(ENDS_WITHIN, ended).await.is_err() {
            tracing::warn!(program = tunnel.program(), "a tunnel takes long to end");
        }
        return;
    };
    inner.tell_tunnel(|state| {
        state.phase = TunnelPhase::Ended;
        state.public_url.clone_from(&state.own_url);
        state.message = Some(ended(tunnel, code, fault.as_deref()));
    });
}

fn waiting(tunnel: Tunnel, fault: Option<&str>) -> String {
    let name = tunnel.program();
    match fault {
        Some(fault) => format!("{name} has no address yet. It says: {fault}"),
        None => format!(
            "{name} has not given an address for {} s. It may have no way to the internet; it is still tried.",
            USUALLY_BEFORE.as_secs()
        ),
    }
}

fn ended(tunnel: Tunnel, code: Option<i32>, fault: Option<&str>) -> String {
    let name = tunnel.program();
    let how = match code {
        Some(code @ 129..=192) => format!(" (killed by signal {})", code - KILLED),
        Some(code) => format!(" (exit code {code})"),
        None => String::new(),
    };
    let why = fault.map(|fault| format!(" It said: {fault}")).unwrap_or_default();
    format!("{name} ended{how}. Nothing reaches the listener from the internet any more.{why}")
}
