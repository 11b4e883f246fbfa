//! The retry lab: an event is sent to an endpoint as a provider would send it, again and again, on its schedule.
//!
//! Invariants: each attempt is a real request and in the log before it leaves; only the waiting between attempts is made
//! shorter; the report of a run is in the log after each step, so that what was found outlives the program; a secret's value
//! is neither in a run's request nor in its report. Core decides ([`countersign_core::retry`]), this sends and keeps.

mod policies;

use crate::Engine;
use crate::wire::*;
use std::collections::HashMap;
use std::sync::Mutex;

/// The runs that go on in this program, as far as they have come.
#[derive(Default)]
pub(crate) struct Labs(Mutex<HashMap<String, LabState>>);

impl Engine {
    pub(crate) async fn lab_plan(&self, _request: LabRequest) -> Result<LabPlan, CommandError> {
        Err(crate::EngineError::Broken.into())
    }
    pub(crate) async fn lab_start(&self, _request: LabRequest) -> Result<LabState, CommandError> {
        Err(crate::EngineError::Broken.into())
    }
    pub(crate) async fn lab_resume(&self, _id: String) -> Result<LabState, CommandError> {
        Err(crate::EngineError::Broken.into())
    }
    pub(crate) async fn lab(&self, _id: String) -> Result<LabState, CommandError> {
        Err(crate::EngineError::Broken.into())
    }
    pub(crate) async fn lab_compare(&self, _a: String, _b: String) -> Result<LabComparison, CommandError> {
        Err(crate::EngineError::Broken.into())
    }
    pub(crate) async fn lab_export(&self, _id: String, _format: LabFormat) -> Result<LabExport, CommandError> {
        Err(crate::EngineError::Broken.into())
    }
}
