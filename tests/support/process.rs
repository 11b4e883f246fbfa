//! The built binaries, and ending them.

use std::path::{Path, PathBuf};
use std::process::Child;

/// The top of the tree.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The built binary of this name: in `COUNTERSIGN_BIN_DIR`, or where cargo puts debug binaries.
///
/// # Panics
/// Where it was not built; the message says how to.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let folder = std::env::var_os("COUNTERSIGN_BIN_DIR").map_or_else(
        || {
            let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
            target.join("debug")
        },
        PathBuf::from,
    );
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{} is not there; build it: cargo build -p countersign-cli -p countersign-desktop",
        path.display()
    );
    path
}

/// A process that is killed by its id when it goes out of scope.
#[derive(Debug)]
pub struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
