//! The page's way to the engine.
//!
//! The log is opened beside the window, not before it: the page loads meanwhile, and its first call waits. A log that
//! cannot be opened is the answer of the call, so that the page can say it; the app stays, and the next call tries again.

use crate::processes::Processes;
use countersign_engine::wire::CommandError;
use countersign_engine::{Engine, EngineError, OpenOptions};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tauri::ipc::Response;
use tauri::{AppHandle, Emitter, Manager, State};
use tokio::sync::OnceCell;

/// The page's name for the event stream.
const EVENTS: &str = "engine-events";

/// How long a delivery that is just arriving may take to be answered when the app ends.
const ANSWER_GRACE: Duration = Duration::from_secs(1);

/// How long all of closing may take. Committing and checkpointing takes milliseconds; a disk that hangs must not keep a
/// process without a window alive.
const CLOSE_GRACE: Duration = Duration::from_secs(5);

/// The engine, once it is open.
pub(crate) struct Bridge {
    app: AppHandle,
    db: PathBuf,
    listen: Option<SocketAddr>,
    engine: OnceCell<Engine>,
}

impl Bridge {
    /// A bridge to the log `db`, which starts to open in the background; `listen` is where to receive.
    pub(crate) fn start(app: &AppHandle, db: PathBuf, listen: Option<SocketAddr>) {
        app.manage(Bridge { app: app.clone(), db, listen, engine: OnceCell::new() });
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = app.state::<Bridge>().engine().await {
                tracing::error!(error = error.message, "the log cannot be opened");
            }
        });
    }

    async fn engine(&self) -> Result<&Engine, CommandError> {
        Ok(self.engine.get_or_try_init(|| self.open()).await?)
    }

    /// Opens the log and the listener, and passes on what happens there.
    async fn open(&self) -> Result<Engine, EngineError> {
        let version = self.app.package_info().version.to_string();
        let spawn = Some(Arc::new(Processes(self.app.clone())) as _);
        let options = OpenOptions { db: self.db.clone(), version, spawn, ..OpenOptions::default() };
        let engine = Engine::open(options).await?;
        let mut events = engine.subscribe();
        let app = self.app.clone();
        tauri::async_runtime::spawn(async move {
            while let Some(batch) = events.next().await {
                if let Err(error) = app.emit(EVENTS, batch) {
                    tracing::warn!(%error, "events could not be passed to the window");
                }
            }
        });
        // A port asked for by name is that port or none; the usual one may give way to its neighbour.
        match engine.listen(self.listen, self.listen.is_none()).await {
            Ok(addr) => tracing::info!(%addr, "receiving"),
            // The page sees why in the listener's state.
            Err(error) => tracing::warn!(%error, "not receiving"),
        }
        Ok(engine)
    }
}

/// Carries out one of the engine's commands.
#[tauri::command]
pub(crate) async fn call(bridge: State<'_, Bridge>, name: String, args: Value) -> Result<Value, CommandError> {
    let engine = bridge.engine().await?;
    countersign_engine::dispatch(engine, &name, args).await
}

/// A delivery's body as raw bytes.
#[tauri::command]
pub(crate) async fn body(bridge: State<'_, Bridge>, id: String) -> Result<Response, CommandError> {
    let engine = bridge.engine().await?;
    let bytes = engine.body(&id).await?;
    Ok(Response::new(Vec::from(bytes)))
}

/// Closes the log, so that the next start finds it whole and checkpointed.
pub(crate) fn close(app: &AppHandle) {
    let Some(bridge) = app.try_state::<Bridge>() else { return };
    let Some(engine) = bridge.engine.get().cloned() else { return };
    tauri::async_runtime::block_on(async move {
        if tokio::time::timeout(CLOSE_GRACE, engine.close(ANSWER_GRACE)).await.is_err() {
            tracing::warn!("the log was not closed in time; what was acknowledged is kept all the same");
        }
    });
}
