//! The system keychain through keyring-core. Every call runs on a thread of its own with a time limit: a keychain may
//! wait for a person who never comes.

use countersign_core::secret::SecretText;
use keyring_core::{CredentialStore, Error};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

const SERVICE: &str = "Countersign";
/// Long enough for a slow session bus, short enough for a start of the app.
const PROBE: Duration = Duration::from_secs(5);
/// Long enough for a person to type a password.
const CALL: Duration = Duration::from_secs(120);

/// The store lives as long as the process. On Linux its end waits for the session bus, which panics on a thread of an
/// asynchronous runtime, and that is where the engine ends; the bus itself notices when the process is gone.
#[derive(Clone, Copy)]
pub(super) struct Keychain(&'static Arc<CredentialStore>);

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // Nobody waits any more where this fails.
            let _ = sender.send(work());
        })
        .map_err(|error| format!("no thread could be started: {error}"))?;
    receiver.recv_timeout(limit).unwrap_or_else(|_| Err(format!("it did not answer within {} s", limit.as_secs())))
}

fn store() -> Result<Arc<CredentialStore>, String> {
    #[cfg(target_os = "linux")]
    {
        if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() && std::env::var_os("XDG_RUNTIME_DIR").is_none() {
            return Err("there is no session bus".to_owned());
        }
        let store = zbus_secret_service_keyring_store::Store::new().map_err(words)?;
        Ok(store)
    }
    #[cfg(target_os = "macos")]
    {
        let store = apple_native_keyring_store::keychain::Store::new().map_err(words)?;
        Ok(store)
    }
    #[cfg(windows)]
    {
        let store = windows_native_keyring_store::Store::new().map_err(words)?;
        Ok(store)
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    Err("this system has none that is known".to_owned())
}

/// What the keychain said. Errors that carry what was stored say nothing of it.
fn words(error: Error) -> String {
    match error {
        Error::NoEntry => "it has no such entry".to_owned(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it holds cannot be read".to_owned(),
        other => other.to_string(),
    }
}

impl Keychain {
    /// Asks for the keychain, and for an entry that is not there, to know that it answers.
    pub(super) fn open() -> Result<Keychain, String> {
        within(PROBE, || {
            let store = store()?;
            match store.build(SERVICE, "probe", None).and_then(|entry| entry.get_password()) {
                Ok(_) | Err(Error::NoEntry) => Ok(Keychain(Box::leak(Box::new(store)))),
                Err(error) => Err(words(error)),
            }
        })
    }

    pub(super) fn name(&self) -> &'static str {
        if cfg!(target_os = "macos") {
            "the macOS keychain"
        } else if cfg!(windows) {
            "the Windows credential manager"
        } else {
            "the system keychain (Secret Service)"
        }
    }

    pub(super) fn get(&self, key: &str) -> Result<SecretText, String> {
        let (store, key) = (Arc::clone(self.0), key.to_owned());
        within(CALL, move || {
            let entry = store.build(SERVICE, &key, None).map_err(words)?;
            entry.get_password().map(SecretText::new).map_err(words)
        })
    }

    pub(super) fn set(&self, key: &str, value: &SecretText) -> Result<(), String> {
        let (store, key, value) = (Arc::clone(self.0), key.to_owned(), value.clone());
        within(CALL, move || {
            let entry = store.build(SERVICE, &key, None).map_err(words)?;
            entry.set_password(value.reveal()).map_err(words)
        })
    }

    pub(super) fn remove(&self, key: &str) -> Result<(), String> {
        let (store, key) = (Arc::clone(self.0), key.to_owned());
        within(CALL, move || match store.build(SERVICE, &key, None).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(words(error)),
        })
    }
}
