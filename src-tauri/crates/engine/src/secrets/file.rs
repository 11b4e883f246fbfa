//! The file of names beside the log, `<log>.secrets.json`, mode 0600, written whole and put in place by a rename.

use crate::error::EngineError;
use countersign_core::ids::ProviderId;
use countersign_core::secret::SecretText;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

const FORMAT: &str = "countersign-secrets/1";

#[derive(Serialize, Deserialize)]
pub(super) struct Index {
    format: String,
    pub(super) secrets: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) provider: ProviderId,
    pub(super) name: String,
    /// Under this the keychain holds the value; random, so that no two logs meet.
    pub(super) key: String,
    #[serde(flatten)]
    pub(super) kept: Kept,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kept", rename_all = "snake_case")]
pub(super) enum Kept {
    Keychain,
    File {
        #[serde(serialize_with = "write_value", deserialize_with = "read_value")]
        value: SecretText,
    },
}

fn write_value<S: Serializer>(value: &SecretText, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.reveal())
}

fn read_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretText, D::Error> {
    String::deserialize(deserializer).map(SecretText::new)
}

impl Index {
    fn empty() -> Index {
        Index { format: FORMAT.to_owned(), secrets: Vec::new() }
    }

    pub(super) fn find(&self, provider: &ProviderId, name: &str) -> Option<usize> {
        self.secrets.iter().position(|e| e.provider == *provider && e.name == name)
    }

    pub(super) fn read(path: &Path) -> Result<Index, EngineError> {
        let unreadable = |why: String| EngineError::SecretsFile { path: path.to_owned(), why };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Index::empty()),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        keep_private(path);
        // serde's message may quote a value: only the place is told.
        let index: Index = serde_json::from_str(&text)
            .map_err(|e| unreadable(format!("line {}, column {} is not as expected", e.line(), e.column())))?;
        if index.format != FORMAT {
            return Err(unreadable("it was written by another version".to_owned()));
        }
        Ok(index)
    }

    /// Reads, changes and writes the file, alone among all processes.
    pub(super) fn change<T>(
        path: &Path,
        change: impl FnOnce(&mut Index) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let failed = |error: std::io::Error| EngineError::SecretsFile { path: path.to_owned(), why: error.to_string() };
        let mut lock_name = path.as_os_str().to_owned();
        lock_name.push(".lock");
        let lock = private(OpenOptions::new().create(true).truncate(false), Path::new(&lock_name)).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut index = Index::read(path)?;
        let done = change(&mut index)?;
        let text = zeroize::Zeroizing::new(serde_json::to_string_pretty(&index).map_err(|e| failed(e.into()))?);
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(".new");
        let temporary = Path::new(&temporary);
        // One that a crash left may have any mode, or be a link to somewhere else.
        if let Err(error) = std::fs::remove_file(temporary)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(failed(error));
        }
        let mut file = private(OpenOptions::new().create_new(true), temporary).map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::rename(temporary, path).map_err(failed)?;
        Ok(done)
        // The lock goes with its file handle.
    }
}

/// Takes away what others may do with the file, should it have been copied or restored with a wider mode.
pub(crate) fn keep_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
        if open && let Err(error) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)) {
            tracing::warn!(%error, path = %path.display(), "others can read a file of secrets");
        }
    }
}

/// Opens a file for writing that only its owner may read.
pub(crate) fn private(options: &mut OpenOptions, path: &Path) -> std::io::Result<File> {
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}
