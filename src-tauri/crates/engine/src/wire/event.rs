//! The stream of what happened, from the engine to the window.

use super::{
    AppState, BatchState, CheckState, DeliverySummary, ExportState, ForwardProgress, ImportState, LabState,
    ListenerState, LogTrouble, Settings, TunnelState,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Some events together. Sequence numbers rise by one an event, over all batches; where `first_seq` is not the last one
/// seen plus one, something was missed and the window reads everything again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EventBatch {
    /// Sequence number of the first event.
    pub first_seq: u64,
    /// In order.
    pub events: Vec<EngineEvent>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EngineEvent {
    /// One delivery is in the log and answered.
    DeliveryAdded {
        /// Its row.
        delivery: DeliverySummary,
    },
    /// So many came at once that their rows are not listed: read the newest page.
    DeliveriesAdded {
        /// How many.
        count: u32,
    },
    /// These rows were judged again.
    VerdictsChanged {
        /// Their new rows.
        deliveries: Vec<DeliverySummary>,
    },
    /// Rows were deleted, restored, pinned or written by another program: read the list again.
    DeliveriesChanged,
    /// How far judging again has come.
    Rejudge(RejudgeProgress),
    /// Secrets, pins or expected ids changed: read the providers again.
    ProvidersChanged,
    /// The listener opened, failed or stopped.
    Listener {
        /// Its state now.
        listener: ListenerState,
    },
    /// The public address, or the tunnel that gives it, changed.
    Tunnel {
        /// Its state now.
        tunnel: TunnelState,
    },
    /// The log can no longer be written, or can again (`null`).
    LogTrouble {
        /// What is wrong.
        trouble: Option<LogTrouble>,
    },
    /// A setting changed.
    SettingsChanged {
        /// All of them.
        settings: Settings,
    },
    /// Saved filters changed.
    SavedFiltersChanged,
    /// Rules for answers changed.
    ResponsesChanged,
    /// Routes changed.
    RoutesChanged,
    /// Something was sent, or an endpoint answered: read the delivery's detail, the routes and the history again.
    AttemptsChanged {
        /// The delivery; none for what was composed.
        delivery: Option<String>,
    },
    /// How far the batch has come.
    Batch(BatchState),
    /// How far an endpoint check has come.
    Check(CheckState),
    /// Templates or named values changed.
    TemplatesChanged,
    /// A run began, ended or was removed: read their list again.
    RunsChanged,
    /// How far a run of the retry lab has come.
    Lab(Box<LabState>),
    /// How sending what was missed goes on.
    Forwarding(ForwardProgress),
    /// How far an import has come.
    Import(ImportState),
    /// The list of fixture folders changed, or files in one of them: read them again.
    FoldersChanged {
        /// The folder; none where the list changed.
        path: Option<String>,
    },
    /// How far the export has come.
    Export(ExportState),
    /// Everything may have changed (another program's log was opened): read all again.
    Reset {
        /// The state to start from.
        state: Box<AppState>,
    },
}

/// How far judging again has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RejudgeProgress {
    /// Deliveries judged again so far.
    pub done: u64,
    /// Deliveries to judge.
    pub total: u64,
    /// How many got another badge.
    pub changed: u64,
    /// How many of those now pass.
    pub now_pass: u64,
    /// Whether it still runs.
    pub state: RejudgeState,
}

/// Whether judging again still runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RejudgeState {
    /// It runs.
    Running,
    /// All are judged.
    Done,
    /// The user stopped it; what was judged stays judged.
    Cancelled,
}
