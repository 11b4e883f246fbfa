//! Programs that stand in for ngrok and cloudflared: real processes that print what the real ones document.

use crate::until;
use std::path::{Path, PathBuf};

/// A folder with such programs, to be put on the path.
#[derive(Debug)]
pub struct StandIn {
    folder: tempfile::TempDir,
}

impl StandIn {
    /// A program `name` (`ngrok`, `cloudflared`) that is this shell script. `$PIDS` is a file in which it leaves the ids of
    /// the processes that have to be gone when it has ended.
    ///
    /// # Panics
    /// Where the file cannot be written.
    #[must_use]
    pub fn new(name: &str, script: &str) -> StandIn {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        let pids = folder.path().join("pids");
        std::fs::write(&path, format!("#!/bin/sh\nPIDS='{}'\n{script}\n", pids.display())).expect("a file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
        StandIn { folder }
    }

    /// An ngrok that opens and, like an installer's wrapper, runs its work in a child of its own.
    #[must_use]
    pub fn ngrok() -> StandIn {
        StandIn::new(
            "ngrok",
            r#"echo "$@" > "$PIDS.arguments"
               sleep 600 & echo $! $$ > "$PIDS"
               echo '{"lvl":"info","msg":"open config file","path":"/home/x/ngrok.yml","t":"2026-11-21T10:00:00Z"}'
               echo '{"addr":"http://127.0.0.1:1","lvl":"info","msg":"started tunnel","name":"command_line","obj":"tunnels","t":"2026-11-21T10:00:00Z","url":"https://1a2b-203-0-113-7.ngrok-free.app"}'
               wait"#,
        )
    }

    /// The folder of the program.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The path with that folder first.
    ///
    /// # Panics
    /// Where the path cannot be made.
    #[must_use]
    pub fn path(&self) -> std::ffi::OsString {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder.path().to_owned()).chain(std::env::split_paths(&path));
        std::env::join_paths(folders).expect("folders")
    }

    /// What it was started with.
    ///
    /// # Panics
    /// Where it was not started.
    #[must_use]
    pub fn arguments(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("pids.arguments")).expect("it was started").trim().to_owned()
    }

    /// The ids that it left.
    ///
    /// # Panics
    /// Where it leaves none.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        let file = self.folder.path().join("pids");
        until("the program has started", || {
            let text = std::fs::read_to_string(&file).ok()?;
            let pids: Vec<u32> = text.split_whitespace().map_while(|pid| pid.parse().ok()).collect();
            (text.ends_with('\n') && !pids.is_empty()).then_some(pids)
        })
    }

    /// Waits until all of these processes are gone.
    ///
    /// # Panics
    /// Where one lives on.
    pub fn gone(pids: &[u32]) {
        for pid in pids {
            until(&format!("process {pid} of the tunnel is gone"), || (!lives(*pid)).then_some(()));
        }
    }
}

/// Whether the process is there; one that has died and was not asked about is not.
fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(PathBuf::from(format!("/proc/{pid}/stat"))).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
