//! Noticing changes in folders, where the system tells of them.

use crate::events::Bus;
use crate::wire::EngineEvent;
use notify::{Config, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// An editor writes a file in several steps, and git many at once: they are told of together.
const QUIET: Duration = Duration::from_millis(250);

/// What is watched.
#[derive(Default)]
pub(crate) struct Watching(Mutex<HashMap<PathBuf, Result<RecommendedWatcher, String>>>);

impl Watching {
    fn held(&self) -> MutexGuard<'_, HashMap<PathBuf, Result<RecommendedWatcher, String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches these folders and no others. A folder that could not be watched is tried again.
    pub(super) fn keep(&self, folders: &[PathBuf], bus: &Arc<Bus>) {
        let mut held = self.held();
        held.retain(|folder, watcher| folders.contains(folder) && watcher.is_ok());
        for folder in folders {
            if !held.contains_key(folder) {
                held.insert(folder.clone(), watch(folder, Arc::clone(bus)));
            }
        }
    }

    /// Whether a folder is watched, and why not.
    pub(super) fn of(&self, folder: &Path) -> (bool, Option<String>) {
        match self.held().get(folder) {
            Some(Ok(_)) => (true, None),
            Some(Err(why)) => (false, Some(why.clone())),
            None => (false, None),
        }
    }

    /// Ends all of it.
    pub(crate) fn end(&self) {
        self.held().clear();
    }
}

fn watch(folder: &Path, bus: Arc<Bus>) -> Result<RecommendedWatcher, String> {
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

/// Tells of changes once it is quiet again; ends with the watcher.
async fn publish(path: String, mut tell: UnboundedReceiver<()>, bus: Arc<Bus>) {
    while tell.recv().await.is_some() {
        while let Ok(Some(())) = tokio::time::timeout(QUIET, tell.recv()).await {}
        bus.publish(EngineEvent::FoldersChanged { path: Some(path.clone()) });
    }
}
