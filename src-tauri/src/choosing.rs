//! Files and folders that the user chooses in the system's own dialogs, and a text that is saved into one.
//!
//! A text goes only where the dialog says: the page proposes a name and never a path. Where an export goes and what an
//! import reads may also be typed, so the other dialogs answer a path, which the page shows before anything is done.

use countersign_engine::wire::{CommandError, ErrorCode};
use std::path::Path;
use tauri::WebviewWindow;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};

/// Asks where to, and writes the text there. Answers the file's path; none where the user chose none.
#[tauri::command]
pub(crate) async fn save_text(
    window: WebviewWindow,
    name: String,
    text: String,
) -> Result<Option<String>, CommandError> {
    let dialog = dialog(&window, "Save as").set_file_name(file_name(&name));
    asked(move || {
        let Some(chosen) = dialog.blocking_save_file() else { return Ok(None) };
        let path = chosen
            .into_path()
            .map_err(|_| failed("The place chosen is no file of this machine; nothing was saved."))?;
        match std::fs::write(&path, text) {
            Ok(()) => Ok(Some(path.display().to_string())),
            Err(error) => Err(failed(&format!("{} was not saved: {error}.", path.display()))),
        }
    })
    .await
}

/// Asks for a folder. Answers its path; none where the user chose none.
#[tauri::command]
pub(crate) async fn choose_folder(window: WebviewWindow, title: String) -> Result<Option<String>, CommandError> {
    let dialog = dialog(&window, &title);
    asked(move || dialog.blocking_pick_folder().map(path).transpose()).await
}

/// Asks for files. Answers their paths; none at all where the user chose none.
#[tauri::command]
pub(crate) async fn choose_files(window: WebviewWindow, title: String) -> Result<Vec<String>, CommandError> {
    let dialog = dialog(&window, &title);
    asked(move || dialog.blocking_pick_files().unwrap_or_default().into_iter().map(path).collect()).await
}

/// Asks where a new file shall be, and writes nothing. Answers its path; none where the user chose none.
#[tauri::command]
pub(crate) async fn choose_new_file(
    window: WebviewWindow,
    title: String,
    name: String,
) -> Result<Option<String>, CommandError> {
    let dialog = dialog(&window, &title).set_file_name(file_name(&name));
    asked(move || dialog.blocking_save_file().map(path).transpose()).await
}

fn dialog(window: &WebviewWindow, title: &str) -> FileDialogBuilder<tauri::Wry> {
    window.dialog().file().set_parent(window).set_title(title)
}

/// Whatever the page proposes, it is a name and no path.
fn file_name(name: &str) -> String {
    Path::new(name).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn path(chosen: FilePath) -> Result<String, CommandError> {
    let path = chosen.into_path().map_err(|_| failed("The place chosen is not on this machine; nothing was done."))?;
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        failed(&format!("The name {} is not Unicode: give it another, or use the command line.", path.display()))
    })
}

/// Waits for a dialog beside everything else that goes on.
async fn asked<T: Send + 'static>(
    dialog: impl FnOnce() -> Result<T, CommandError> + Send + 'static,
) -> Result<T, CommandError> {
    let answer = tauri::async_runtime::spawn_blocking(dialog).await;
    answer.unwrap_or_else(|_| Err(failed("The dialog ended unexpectedly; nothing was done.")))
}

fn failed(message: &str) -> CommandError {
    CommandError { code: ErrorCode::Failed, message: message.to_owned(), detail: None }
}
