//! Saving a text into a file that the user chooses.
//!
//! Invariant: the page never names a path. It gives a proposed name and a text; where they go is chosen in the system's own
//! dialog, so that no script of the page can write anywhere by itself.

use countersign_engine::wire::{CommandError, ErrorCode};
use std::path::Path;
use tauri::WebviewWindow;
use tauri_plugin_dialog::DialogExt;

/// Asks where to, and writes the text there. Answers the file's path; none where the user chose none.
#[tauri::command]
pub(crate) async fn save_text(
    window: WebviewWindow,
    name: String,
    text: String,
) -> Result<Option<String>, CommandError> {
    // Whatever the page proposes, it is a name and no path.
    let name = Path::new(&name).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let dialog = window.dialog().file().set_parent(&window).set_title("Save as").set_file_name(&name);
    let written = tauri::async_runtime::spawn_blocking(move || {
        let Some(chosen) = dialog.blocking_save_file() else { return Ok(None) };
        let path = chosen
            .into_path()
            .map_err(|_| failed("The place chosen is no file of this machine; nothing was saved."))?;
        match std::fs::write(&path, text) {
            Ok(()) => Ok(Some(path.display().to_string())),
            Err(error) => Err(failed(&format!("{} was not saved: {error}.", path.display()))),
        }
    });
    written.await.unwrap_or_else(|_| Err(failed("The dialog ended unexpectedly; nothing was saved.")))
}

fn failed(message: &str) -> CommandError {
    CommandError { code: ErrorCode::Failed, message: message.to_owned(), detail: None }
}
