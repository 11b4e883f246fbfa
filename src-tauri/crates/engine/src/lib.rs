//! The use cases: receiving and judging, the log, secrets, providers; the command list; the types that the window sees.
//!
//! The window's shell and the command line both hold an [`Engine`]. Invariants: a 2xx leaves only after its delivery is
//! committed; verdicts follow the secrets; a secret's value leaves only through the command that reveals it. Deliberately
//! absent: anything of Tauri.

mod answering;
pub mod bindings;
mod capture;
mod certificates;
mod checking;
mod commands;
mod comparing;
mod deliveries;
mod error;
mod events;
mod exporting;
mod filters;
mod folders;
mod forwarding;
mod handshakes;
mod importing;
mod judging;
mod lab;
mod listening;
mod providers;
mod receiving;
mod rejudge;
#[allow(dead_code, reason = "the lab and the check begin runs")]
mod runs;
mod samples;
mod secret_commands;
mod secrets;
mod sending;
mod settings;
pub mod time;
pub mod tunnelling;
mod verify;
mod watch;
pub mod wire;

pub use commands::dispatch;
pub use comparing::{Comparable, compare};
pub use error::EngineError;
pub use events::Subscription;
pub use importing::{ImportSource, OnImported};
pub use samples::{random_id, signed_headers};
pub use verify::{Input, Verified, verify};

use bytes::Bytes;
use countersign_core::catalogue::Catalogue;
use countersign_core::ids::ProviderId;
use countersign_core::secret::{Secret, SecretText};
use countersign_store::Store;
use judging::Ring;
use secrets::{Stored, Unreadable, Vault};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::task::JoinHandle;

/// What an engine is opened with.
#[derive(Default)]
pub struct OpenOptions {
    /// The log.
    pub db: PathBuf,
    /// Secrets for this run alone: provider, name, value.
    pub run_secrets: Vec<(ProviderId, String, SecretText)>,
    /// Rules for answers for this run alone; they are asked before those of the log.
    pub run_rules: Vec<wire::ResponseRule>,
    /// Routes for this run alone; they come before those of the log.
    pub run_routes: Vec<wire::Route>,
    /// TLS on the listener for this run alone; what the settings say where nothing is given.
    pub run_tls: Option<wire::Tls>,
    /// The app's version, for the window.
    pub version: String,
    /// What starts tunnels; this process itself where it is not given.
    pub spawn: Option<Arc<dyn tunnelling::Spawn>>,
    /// Keeps secrets in the file beside the log without asking for a keychain.
    pub no_keychain: bool,
}

/// Called once a delivery's answer has left, with its row.
pub type OnAnswered = Arc<dyn Fn(wire::DeliverySummary) + Send + Sync>;

/// The engine. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("db", &self.0.db).finish_non_exhaustive()
    }
}

pub(crate) struct Inner {
    db: PathBuf,
    version: String,
    set_aside: Option<PathBuf>,
    catalogue: Catalogue,
    store: Store,
    vault: Vault,
    run_secrets: Vec<Stored>,
    ring: RwLock<Arc<Ring>>,
    unreadable: RwLock<Arc<Vec<Unreadable>>>,
    answering: RwLock<Arc<answering::Answering>>,
    routes: RwLock<Arc<forwarding::Routes>>,
    /// Rules, routes and TLS for this run alone.
    run_rules: Vec<wire::ResponseRule>,
    run_routes: Vec<wire::Route>,
    run_tls: Option<wire::Tls>,
    forwarding: forwarding::Forwarding,
    tunnelling: tunnelling::Tunnelling,
    sending: sending::Sending,
    batches: sending::Batches,
    exports: exporting::Exports,
    confirming: handshakes::Confirming,
    runs: runs::Runs,
    labs: lab::Labs,
    checking: checking::Checking,
    importing: importing::Importing,
    watching: folders::Watching,
    known: folders::Known,
    /// When this engine was opened: what waited before waits no more.
    opened_us: i64,
    pins: RwLock<Arc<Vec<(String, ProviderId)>>>,
    settings: RwLock<wire::Settings>,
    /// Held while settings are changed, so that of two changes none is lost.
    changing: tokio::sync::Mutex<()>,
    bus: Arc<events::Bus>,
    trouble: Mutex<Option<wire::LogTrouble>>,
    listening: tokio::sync::Mutex<listening::Listening>,
    listener_state: RwLock<wire::ListenerState>,
    rejudging: rejudge::Rejudging,
    on_answered: RwLock<Option<OnAnswered>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// The value behind a lock, also where a thread panicked while it held it: all our guarded values are replaced whole.
pub(crate) fn read<T: Clone>(lock: &RwLock<T>) -> T {
    lock.read().unwrap_or_else(PoisonError::into_inner).clone()
}

pub(crate) fn write<T>(lock: &RwLock<T>, value: T) {
    *lock.write().unwrap_or_else(PoisonError::into_inner) = value;
}

impl Engine {
    /// Opens the log with everything around it. Nothing is received yet.
    ///
    /// # Errors
    /// Where the log cannot be opened, was written by a newer version, or the file of secrets cannot be read.
    pub async fn open(options: OpenOptions) -> Result<Engine, EngineError> {
        Engine::open_with(options, Catalogue::builtin()?).await
    }

    /// The same with other providers.
    async fn open_with(options: OpenOptions, catalogue: Catalogue) -> Result<Engine, EngineError> {
        let OpenOptions { db, run_secrets, run_rules, run_routes, run_tls, version, spawn, no_keychain } = options;
        let opened = {
            let db = db.clone();
            blocking(move || -> Result<_, EngineError> {
                let opened = Store::open(&db)?;
                let vault = Vault::open(&db, no_keychain);
                let loaded = vault.load()?;
                let pins = opened.store.pins()?;
                let settings = settings::load(&opened.store)?;
                let seen = opened.store.seen()?;
                let tunnelling = tunnelling::Tunnelling::load(&opened.store, spawn)?;
                let answering = answering::Answering::load(&opened.store, &run_rules)?;
                let routes = forwarding::Routes::load(&opened.store, &run_routes)?;
                Ok((
                    opened,
                    vault,
                    loaded,
                    pins,
                    settings,
                    answering,
                    (routes, run_rules, run_routes),
                    tunnelling,
                    seen,
                ))
            })
            .await??
        };
        let (opened, vault, loaded, pins, settings, answering, (routes, run_rules, run_routes), tunnelling, seen) =
            opened;
        let run_secrets: Vec<Stored> = run_secrets
            .into_iter()
            .map(|(provider, name, value)| Stored { provider, secret: Secret { name, value }, this_run_only: true })
            .collect();
        let stored = run_secrets.iter().cloned().chain(loaded.secrets).collect();
        let ring = Ring::new(&catalogue, stored);
        let inner = Arc::new(Inner {
            db,
            version,
            set_aside: opened.set_aside,
            catalogue,
            store: opened.store,
            vault,
            run_secrets,
            ring: RwLock::new(Arc::new(ring)),
            unreadable: RwLock::new(Arc::new(loaded.unreadable)),
            answering: RwLock::new(Arc::new(answering)),
            routes: RwLock::new(Arc::new(routes)),
            run_rules,
            run_routes,
            run_tls,
            forwarding: forwarding::Forwarding::default(),
            tunnelling,
            sending: sending::Sending::default(),
            batches: sending::Batches::default(),
            exports: exporting::Exports::default(),
            confirming: handshakes::Confirming::default(),
            runs: runs::Runs::default(),
            labs: lab::Labs::default(),
            checking: checking::Checking::default(),
            importing: importing::Importing::default(),
            watching: folders::Watching::default(),
            known: folders::Known::default(),
            opened_us: time::now_us(),
            pins: RwLock::new(Arc::new(pins.into_iter().map(|p| (p.path, p.provider)).collect())),
            settings: RwLock::new(settings),
            changing: tokio::sync::Mutex::new(()),
            bus: Arc::new(events::Bus::new()),
            trouble: Mutex::new(None),
            listening: tokio::sync::Mutex::new(listening::Listening::default()),
            listener_state: RwLock::new(listening::stopped()),
            rejudging: rejudge::Rejudging::default(),
            on_answered: RwLock::new(None),
            tasks: Mutex::new(Vec::new()),
        });
        inner.spawn(|inner| async move { inner.bus.pump().await });
        inner.spawn(move |inner| async move { watch::run(&inner, seen).await });
        inner.spawn(|inner| async move { runs::watch(&inner).await });
        Ok(Engine(inner))
    }

    /// Subscribes to what happens.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.0.bus.subscribe()
    }

    /// Calls `on_answered` for every delivery once its answer has left.
    pub fn on_answered(&self, on_answered: OnAnswered) {
        write(&self.0.on_answered, Some(on_answered));
    }

    /// The kept part of a delivery's body.
    ///
    /// # Errors
    /// Where there is no such delivery, or the log cannot be read.
    pub async fn body(&self, id: &str) -> Result<Bytes, wire::CommandError> {
        let id = deliveries::parse_id(id)?;
        let found = self.0.clone().blocking(move |inner| Ok(inner.store.body(id)?)).await?;
        Ok(found.ok_or(EngineError::NoSuchDelivery { id: id.to_string() })?)
    }

    /// The log's file.
    #[must_use]
    pub fn db(&self) -> &Path {
        &self.0.db
    }

    /// Where a damaged log was kept aside when this one was opened.
    #[must_use]
    pub fn set_aside(&self) -> Option<&Path> {
        self.0.set_aside.as_deref()
    }

    /// Where secrets are kept, in a sentence for a person.
    #[must_use]
    pub fn secrets_kept(&self) -> String {
        self.0.vault.words().1
    }

    /// The catalogue.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    /// Stops receiving, lets running requests finish for up to `grace`, and closes the log. What is called afterwards
    /// is answered that the log is closed.
    pub async fn close(&self, grace: Duration) {
        self.0.watching.end();
        self.0.stop_tunnel().await;
        self.0.stop_listening(grace).await;
        self.0.interrupt_runs().await;
        for task in std::mem::take(&mut *self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner)) {
            task.abort();
        }
        let store = self.0.store.clone();
        if tokio::task::spawn_blocking(move || store.close()).await.is_err() {
            tracing::error!("the log was not closed as it should be; what was acknowledged is kept all the same");
        }
    }
}

impl Inner {
    /// Runs something beside everything else until the engine is closed.
    fn spawn<F: Future<Output = ()> + Send + 'static>(self: &Arc<Self>, work: impl FnOnce(Arc<Inner>) -> F) {
        let task = tokio::spawn(work(Arc::clone(self)));
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| !task.is_finished());
        tasks.push(task);
    }

    /// Runs something that waits for the disk.
    async fn blocking<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Inner) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        blocking(move || work(&self)).await?
    }

    pub(crate) fn ring(&self) -> Arc<Ring> {
        read(&self.ring)
    }

    pub(crate) fn pinned(&self, path: &[u8]) -> Option<ProviderId> {
        let path = countersign_core::request::text(path);
        let pins = read(&self.pins);
        pins.iter()
            .filter(|(pin, _)| {
                path == *pin
                    || path.strip_prefix(pin.as_str()).is_some_and(|rest| pin.ends_with('/') || rest.starts_with('/'))
            })
            .max_by_key(|(pin, _)| pin.len())
            .map(|(_, provider)| provider.clone())
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| EngineError::Broken)
}
