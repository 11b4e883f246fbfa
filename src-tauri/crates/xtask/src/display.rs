//! A screen of our own for the real window: Xvfb, a window manager, a session bus and an unlocked keychain.
//!
//! Everything here ends with the value or with the command; nothing of the user's session is touched.

use crate::process::{Outcome, program};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Ends a process by its id when it goes out of scope.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen that nobody sees.
pub(crate) struct Display {
    name: String,
    home: PathBuf,
    // Ended in this order: the window manager before its server.
    _manager: Ended,
    _server: Ended,
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

impl Display {
    /// Starts a screen of `size` (`1920x1200`) on a free display number.
    pub(crate) fn start(size: &str) -> Outcome<Display> {
        let screen = format!("{size}x24");
        let mut server = program("Xvfb", &["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Ended)
            .map_err(|error| format!("Xvfb cannot be started: {error}."))?;
        let mut number = String::new();
        if let Some(pipe) = server.0.stdout.take() {
            BufReader::new(pipe).read_line(&mut number).map_err(|error| format!("Xvfb does not answer: {error}."))?;
        }
        let number: u32 = number.trim().parse().map_err(|_| "Xvfb ended without a display.".to_owned())?;
        let name = format!(":{number}");
        let home = std::env::temp_dir().join(format!("countersign-session-{}", std::process::id()));
        std::fs::create_dir_all(&home).map_err(|error| format!("{} cannot be made: {error}.", home.display()))?;
        let manager = program("openbox", &["--sm-disable"])
            .env("DISPLAY", &name)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Ended)
            .map_err(|error| format!("openbox cannot be started: {error}."))?;
        Ok(Display { name, home, _manager: manager, _server: server })
    }

    /// `inner` on this screen, with a session bus and an unlocked keychain of its own.
    pub(crate) fn session(&self, inner: &Command) -> Command {
        // The keychain wants its password on standard input; it belongs to this session and holds test secrets alone.
        let script =
            "echo countersign | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec \"$@\"";
        let mut command = program("dbus-run-session", &["--", "sh", "-c", script, "sh"]);
        command.arg(inner.get_program()).args(inner.get_args());
        for (key, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(key, value),
                None => command.env_remove(key),
            };
        }
        let folder = |name: &str| -> PathBuf { Path::new(&self.home).join(name) };
        command
            .env("DISPLAY", &self.name)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            .env("XDG_DATA_HOME", folder("data"))
            .env("XDG_CONFIG_HOME", folder("config"))
            .env("XDG_CACHE_HOME", folder("cache"))
            // There is no GPU behind this screen.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .stdin(Stdio::null());
        command
    }
}
