//! The desktop shell: one window, one bridge to the engine, nothing of its own.
//!
//! Invariants: whatever the window can do, the engine does, so that the command line can do it too; the page reaches
//! the engine through two commands (`call`, `body`) and one event stream, and nothing else; the others are the
//! system's dialogs for files (`choosing`). Deliberately absent: any knowledge of deliveries, providers or secrets.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod bridge;
mod choosing;
mod instance;
mod logging;
mod processes;
mod window;

use clap::Parser;
use std::net::SocketAddr;
use std::path::PathBuf;
use tauri::{Manager, RunEvent};

/// Receives webhooks on this machine and says why a signature holds or does not.
#[derive(Debug, Clone, Parser)]
#[command(name = "countersign-desktop", version)]
struct Args {
    /// The log (default: the app's own).
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_DB")]
    db: Option<PathBuf>,
    /// Where to receive (default: the port of the settings on 127.0.0.1, the next free one if it is taken).
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

fn main() -> std::process::ExitCode {
    if let Some(code) = countersign_engine::tunnelling::run_if_guard() {
        return code;
    }
    let args = Args::parse();
    let context = tauri::generate_context!();
    let mut builder = tauri::Builder::default();
    if let Some(single) = instance::plugin(&context.config().identifier, args.db.as_deref()) {
        // First of all plugins: a second start must end before it opens the log.
        builder = builder.plugin(single);
    }
    let app = builder
        .plugin(window::state_plugin())
        .plugin(tauri_plugin_clipboard_manager::init())
        // Links are opened by the page after a click that showed where they lead, never by a script of the plugin's.
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(tauri_plugin_shell::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![
            bridge::call,
            bridge::body,
            choosing::save_text,
            choosing::choose_folder,
            choosing::choose_files,
            choosing::choose_new_file,
        ])
        .setup(move |app| {
            logging::start(app.path().app_log_dir().ok());
            let db = match args.db {
                Some(db) => db,
                None => {
                    let folder = app.path().app_data_dir()?;
                    // Where this fails, opening the log fails too, and the window says so.
                    if let Err(error) = std::fs::create_dir_all(&folder) {
                        tracing::error!(%error, folder = %folder.display(), "the app's folder cannot be made");
                    }
                    folder.join("countersign.db")
                }
            };
            bridge::Bridge::start(app.handle(), db, args.listen);
            window::create(app.handle())?;
            end_on_signal(app.handle().clone());
            Ok(())
        })
        .build(context);
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    bridge::close(app);
                }
            });
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("countersign-desktop: the window cannot be opened: {error}");
            std::process::ExitCode::from(3)
        }
    }
}

/// Ends as if the window had been closed when the system asks for it, so that the log is closed properly.
fn end_on_signal(app: tauri::AppHandle) {
    tauri::async_runtime::spawn(async move {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let (Ok(mut terminate), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
            else {
                return;
            };
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        app.exit(0);
    });
}
