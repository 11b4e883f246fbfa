//! The app's own log: a file a day, seven kept. Bodies, signature headers and secrets never get here.

use std::path::PathBuf;
use tracing_appender::rolling::{Builder, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Days that are kept: enough to look back over a week's work.
const KEPT: usize = 7;

/// Starts logging into `folder`, to standard error where that cannot be written. `COUNTERSIGN_LOG` sets what is logged.
pub(crate) fn start(folder: Option<PathBuf>) {
    let filter = EnvFilter::try_from_env("COUNTERSIGN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let format = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    match folder.and_then(appender) {
        // Written at once, without a thread between: the lines before a crash are the ones that are needed.
        Some(file) => format.with_writer(std::sync::Mutex::new(file)).init(),
        None => format.with_writer(std::io::stderr).init(),
    }
    std::panic::set_hook(Box::new(|panic| {
        // The place alone. The message may carry what was being worked on, which may be a secret or a body.
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!("panicked at {place}");
        eprintln!("countersign-desktop: panicked at {place}");
    }));
}

fn appender(folder: PathBuf) -> Option<RollingFileAppender> {
    std::fs::create_dir_all(&folder).ok()?;
    Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("countersign")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(folder)
        .ok()
}
