//! What the log keeps of a run.

use crate::error::EngineError;
use crate::wire::LabState;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use countersign_core::decode::to_base64;
use countersign_core::draft::Draft;
use countersign_core::request::Header;
use serde::{Deserialize, Serialize};

/// A run as it is kept: what is told of it, and the head of its event. The body is in the log with the attempts.
#[derive(Serialize, Deserialize)]
pub(super) struct Report {
    #[serde(flatten)]
    pub(super) state: LabState,
    #[serde(default)]
    method: String,
    /// Names and values as base64: they need not be text.
    #[serde(default)]
    headers: Vec<(String, String)>,
}

impl Report {
    pub(super) fn of(state: &LabState, draft: &Draft) -> Report {
        let base64 = |header: &Header| (to_base64(&header.name), to_base64(&header.value));
        Report {
            state: state.clone(),
            method: draft.method.clone(),
            headers: draft.headers.iter().map(base64).collect(),
        }
    }

    pub(super) fn text(&self) -> Result<String, EngineError> {
        serde_json::to_string(self).map_err(|_| EngineError::Broken)
    }

    pub(super) fn read(text: &str) -> Result<Report, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The event as it was signed last, aimed nowhere.
    pub(super) fn draft(&self, body: Bytes) -> Option<Draft> {
        let bytes = |text: &String| STANDARD.decode(text).map(Bytes::from).ok();
        let header = |(name, value): &(String, String)| Some(Header { name: bytes(name)?, value: bytes(value)? });
        let headers = self.headers.iter().map(header).collect::<Option<Vec<Header>>>()?;
        Some(Draft { method: self.method.clone(), url: String::new(), headers: headers.into_iter().collect(), body })
    }
}
