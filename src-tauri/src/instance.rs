//! One window for one log: a second start brings the first window forward and ends.

use std::path::Path;
use tauri::Wry;
use tauri::plugin::TauriPlugin;

/// The plugin that finds the first window of the log `db` (none: the app's own), where the system can tell logs apart.
///
/// On Linux the D-Bus name carries the log. Elsewhere the plugin knows the app's identifier alone, so a log that is
/// named on the command line goes without.
pub(crate) fn plugin(identifier: &str, db: Option<&Path>) -> Option<TauriPlugin<Wry>> {
    let builder = tauri_plugin_single_instance::Builder::new().callback(|app, _args, _cwd| {
        tracing::info!("started a second time");
        crate::window::bring_forward(app);
    });
    match db {
        None => Some(builder.build()),
        Some(db) if cfg!(target_os = "linux") => {
            Some(builder.dbus_id(format!("{identifier}.log_{:016x}", path_hash(db))).build())
        }
        Some(_) => None,
    }
}

/// FNV-1a of the file's absolute path: the same in every build, unlike the standard library's hasher.
fn path_hash(path: &Path) -> u64 {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // The file may not be there yet; its folder usually is, and may be reached in several ways.
    let folder = absolute.parent().and_then(|folder| folder.canonicalize().ok());
    let real = match (folder, absolute.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    };
    real.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
