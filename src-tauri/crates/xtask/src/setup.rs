//! What the system must have, and how it gets it.
//!
//! Presence is asked of the thing itself (pkg-config, the path, a header), not of the package manager: whoever has it
//! from elsewhere is left alone.

use crate::process::{Outcome, check, npm as npm_command, on_path, output, program, root, succeeds};
use std::io::IsTerminal;
use std::path::Path;

/// What is going to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Building and running the app.
    Running,
    /// That, and the tests with the real window.
    Tests,
}

enum Sign {
    Pkg(&'static str),
    Tool(&'static str),
    Header(&'static str),
}

struct Need {
    sign: Sign,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
}

const fn need(sign: Sign, debian: &'static str, fedora: &'static str, arch: &'static str) -> Need {
    Need { sign, debian, fedora, arch }
}

const RUNNING: &[Need] = &[
    need(Sign::Tool("pkg-config"), "pkg-config", "pkgconf-pkg-config", "pkgconf"),
    need(Sign::Tool("cc"), "build-essential", "gcc", "base-devel"),
    need(Sign::Tool("make"), "build-essential", "make", "base-devel"),
    need(Sign::Pkg("webkit2gtk-4.1"), "libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1"),
    need(
        Sign::Pkg("ayatana-appindicator3-0.1"),
        "libayatana-appindicator3-dev",
        "libayatana-appindicator-gtk3-devel",
        "libayatana-appindicator",
    ),
    need(Sign::Pkg("librsvg-2.0"), "librsvg2-dev", "librsvg2-devel", "librsvg"),
    need(Sign::Pkg("dbus-1"), "libdbus-1-dev", "dbus-devel", "dbus"),
    need(Sign::Pkg("openssl"), "libssl-dev", "openssl-devel", "openssl"),
    need(Sign::Header("xdo.h"), "libxdo-dev", "libxdo-devel", "xdotool"),
];

const TESTS: &[Need] = &[
    need(Sign::Tool("Xvfb"), "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    // dnf finds a package by a file that it holds.
    need(Sign::Tool("WebKitWebDriver"), "webkit2gtk-driver", "/usr/bin/WebKitWebDriver", "webkit2gtk-4.1"),
    need(Sign::Tool("openbox"), "openbox", "openbox", "openbox"),
    need(Sign::Tool("gnome-keyring-daemon"), "gnome-keyring", "gnome-keyring", "gnome-keyring"),
    need(Sign::Tool("dbus-run-session"), "dbus", "dbus-daemon", "dbus"),
    need(Sign::Tool("dbus-launch"), "dbus-x11", "dbus-x11", "dbus"),
    need(Sign::Tool("xdotool"), "xdotool", "xdotool", "xdotool"),
    need(Sign::Tool("import"), "imagemagick", "ImageMagick", "imagemagick"),
    need(Sign::Tool("curl"), "curl", "curl", "curl"),
    need(Sign::Tool("python3"), "python3", "python3", "python"),
];

impl Need {
    fn missing(&self) -> bool {
        match self.sign {
            Sign::Pkg(module) => !succeeds("pkg-config", &["--exists", module]),
            Sign::Tool(name) => !on_path(name),
            Sign::Header(name) => {
                !["/usr/include", "/usr/local/include"].iter().any(|d| Path::new(d).join(name).exists())
            }
        }
    }
}

/// Installs the system packages that are missing, or names them in one command where that may not be done here.
pub(crate) fn system(purpose: For) -> Outcome {
    node()?;
    if cfg!(target_os = "linux") {
        linux(purpose)
    } else if cfg!(target_os = "macos") {
        macos()
    } else {
        windows();
        Ok(())
    }
}

/// `npm ci`, where what is installed is not what the lock file says.
pub(crate) fn npm() -> Outcome {
    let ui = root().join("ui");
    let changed = |path: &str| ui.join(path).metadata().and_then(|meta| meta.modified()).ok();
    let (locked, installed) = (changed("package-lock.json"), changed("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= locked {
        return Ok(());
    }
    println!("Installing the page's packages …");
    check(npm_command(&["ci", "--no-audit", "--no-fund"]))
}

fn node() -> Outcome {
    let advice = "Install Node 20.19 or newer (https://nodejs.org) and run this again.";
    let version = output(program("node", &["--version"])).map_err(|_| format!("Node is not there. {advice}"))?;
    let version = version.trim();
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if (major, minor) < (20, 19) { Err(format!("Node {version} is too old. {advice}")) } else { Ok(()) }
}

fn linux(purpose: For) -> Outcome {
    let tests: &[Need] = if purpose == For::Tests { TESTS } else { &[] };
    let missing: Vec<&Need> = RUNNING.iter().chain(tests).filter(|need| need.missing()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    type Pick = fn(&Need) -> &'static str;
    let managers: [(&str, &[&[&str]], Pick); 3] = [
        ("apt-get", &[&["update"], &["install", "-y", "--no-install-recommends"]], |need| need.debian),
        ("dnf", &[&["install", "-y"]], |need| need.fedora),
        ("pacman", &[&["-S", "--needed", "--noconfirm"]], |need| need.arch),
    ];
    let Some((manager, steps, pick)) = managers.into_iter().find(|(name, ..)| on_path(name)) else {
        let names: Vec<&str> = missing.iter().map(|need| need.debian).collect();
        return Err(format!("Packages are missing; under Debian they are called: {}", names.join(" ")));
    };
    let mut packages: Vec<&str> = missing.iter().map(|need| pick(need)).collect();
    packages.sort_unstable();
    packages.dedup();
    let by_hand = by_hand(manager, steps, &packages);
    let Some(prefix) = privilege() else {
        return Err(format!("System packages are missing. Install them and run this again:\n\n    {by_hand}\n"));
    };
    println!("Installing system packages: {}", packages.join(" "));
    for (index, step) in steps.iter().enumerate() {
        let last = index + 1 == steps.len();
        let line: Vec<&str> = prefix
            .iter()
            .chain([&manager])
            .chain(*step)
            .chain(if last { packages.as_slice() } else { &[] })
            .copied()
            .collect();
        let mut command = program(line[0], &line[1..]);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        if let Err(error) = check(command) {
            // A package list that cannot be renewed may still be good enough to install from.
            if last {
                return Err(format!("{error} By hand:\n\n    {by_hand}\n"));
            }
        }
    }
    match missing.iter().find(|need| need.missing()) {
        None => Ok(()),
        Some(need) => Err(format!("{} was installed, and what is needed of it is still not found.", pick(need))),
    }
}

fn by_hand(manager: &str, steps: &[&[&str]], packages: &[&str]) -> String {
    let lines: Vec<String> = steps.iter().map(|step| format!("sudo {manager} {}", step.join(" "))).collect();
    format!("{} {}", lines.join(" && "), packages.join(" "))
}

/// What stands before a command that needs root; nothing where this is root, none where it cannot be had here.
fn privilege() -> Option<&'static [&'static str]> {
    if output(program("id", &["-u"])).is_ok_and(|id| id.trim() == "0") {
        Some(&[])
    } else if !on_path("sudo") {
        None
    } else if succeeds("sudo", &["-n", "true"]) {
        Some(&["sudo", "-n"])
    } else if std::io::stdin().is_terminal() {
        Some(&["sudo"])
    } else {
        None
    }
}

fn macos() -> Outcome {
    if succeeds("xcode-select", &["-p"]) {
        return Ok(());
    }
    check(program("xcode-select", &["--install"]))?;
    Err("The Xcode command line tools are being installed in a window of their own; run this again afterwards.".into())
}

fn windows() {
    // Rust itself needs MSVC, so that is there. WebView2 comes with Windows 11 and with Windows 10's updates.
    const WEBVIEW2: &str =
        r"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    if cfg!(windows) && !succeeds("reg", &["query", WEBVIEW2]) {
        println!(
            "WebView2 was not found. If the window stays away: https://developer.microsoft.com/microsoft-edge/webview2"
        );
    }
}
