//! Noticing changes in folders, where the system tells of them.

use crate::events::Bus;
use crate::wire::EngineEvent;
use notify::{Config, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// An editor writes a file in several steps, and git many at once: they are told of together.
const QUIET: Duration = Duration::from_millis(250);
/// A folder that is never quiet, such as one with a log in it, is told of this often.
const LOUD: Duration = Duration::from_secs(2);

/// Between two looks whether a folder that is gone is back: watching it needs it to be there.
const LOOK: Duration = Duration::from_secs(1);

/// What is watched.
#[derive(Default)]
pub(crate) struct Watching(Mutex<HashMap<PathBuf, Held>>);

/// What is done about a folder.
enum Held {
    /// Its changes are told. The folder is named by more than its path: another one may come to stand there.
    Watched { _watcher: RecommendedWatcher, identity: Option<Identity> },
    /// It is gone or cannot be read; its return is told.
    Awaited(#[expect(dead_code, reason = "held for its end")] Awaiting),
    /// The system does not tell of its changes; why.
    Failed(String),
}

/// Ends with what waits.
struct Awaiting(AbortHandle);

impl Drop for Awaiting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = std::time::SystemTime;

/// What tells a folder from another one of the same path.
fn identity(folder: &Path) -> Option<Identity> {
    let meta = std::fs::metadata(folder).ok()?;
    #[cfg(unix)]
    return Some((std::os::unix::fs::MetadataExt::dev(&meta), std::os::unix::fs::MetadataExt::ino(&meta)));
    #[cfg(not(unix))]
    return meta.created().ok();
}

impl Watching {
    fn held(&self) -> MutexGuard<'_, HashMap<PathBuf, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches these folders and no others. A folder that could not be watched is tried again.
    pub(super) fn keep(&self, folders: &[PathBuf], bus: &Arc<Bus>) {
        let mut held = self.held();
        held.retain(|folder, held| {
            folders.contains(folder)
                && match held {
                    Held::Watched { identity: of, .. } => *of == identity(folder),
                    Held::Awaited(_) => std::fs::read_dir(folder).is_err(),
                    Held::Failed(_) => false,
                }
        });
        for folder in folders {
            if !held.contains_key(folder) {
                held.insert(folder.clone(), watch(folder, Arc::clone(bus)));
            }
        }
    }

    /// Waits for a folder that cannot be read to come back.
    pub(super) fn wait_for(&self, folder: &Path, bus: &Arc<Bus>) {
        let mut held = self.held();
        if matches!(held.get(folder), Some(Held::Awaited(_))) {
            return;
        }
        let (path, bus) = (folder.to_owned(), Arc::clone(bus));
        let task = tokio::spawn(async move {
            loop {
                let looked = path.clone();
                let there = tokio::task::spawn_blocking(move || std::fs::read_dir(looked).is_ok()).await;
                if there.unwrap_or(true) {
                    break;
                }
                tokio::time::sleep(LOOK).await;
            }
            bus.publish(EngineEvent::FoldersChanged { path: Some(path.display().to_string()) });
        });
        held.insert(folder.to_owned(), Held::Awaited(Awaiting(task.abort_handle())));
    }

    /// Whether a folder is watched, and why not.
    pub(super) fn of(&self, folder: &Path) -> (bool, Option<String>) {
        match self.held().get(folder) {
            Some(Held::Watched { .. }) => (true, None),
            Some(Held::Failed(why)) => (false, Some(why.clone())),
            Some(Held::Awaited(_)) | None => (false, None),
        }
    }

    /// Ends all of it.
    pub(crate) fn end(&self) {
        self.held().clear();
    }
}

fn watch(folder: &Path, bus: Arc<Bus>) -> Held {
    let identity = identity(folder);
    match watcher(folder, bus) {
        Ok(watcher) => Held::Watched { _watcher: watcher, identity },
        Err(why) => Held::Failed(why),
    }
}

fn watcher(folder: &Path, bus: Arc<Bus>) -> Result<RecommendedWatcher, String> {
    let (told, tell) = unbounded_channel();
    let words = |error: notify::Error| format!("Changes in this folder are not noticed: {error}. Refresh shows them.");
    let on_event = move |event: notify::Result<notify::Event>| {
        // Reading a file is no change.
        if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
            // Nobody listens once the folder is removed.
            let _ = told.send(());
        }
    };
    let config = Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(on_event, config).map_err(words)?;
    watcher.watch(folder, RecursiveMode::Recursive).map_err(words)?;
    tokio::spawn(publish(folder.display().to_string(), tell, bus));
    Ok(watcher)
}

/// Tells of changes once it is quiet again, or has been loud for [`LOUD`]; ends with the watcher.
async fn publish(path: String, mut tell: UnboundedReceiver<()>, bus: Arc<Bus>) {
    while tell.recv().await.is_some() {
        let latest = Instant::now() + LOUD;
        while Instant::now() < latest {
            let quiet = latest.min(Instant::now() + QUIET);
            let Ok(Some(())) = tokio::time::timeout_at(quiet, tell.recv()).await else { break };
        }
        bus.publish(EngineEvent::FoldersChanged { path: Some(path.clone()) });
    }
}
