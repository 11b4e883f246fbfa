//! The endpoint check: probes are sent in order, their answers judged, and the report kept with the run.

use crate::Engine;
use crate::error::EngineError;
use crate::wire::{
    CheckComparison, CheckExport, CheckFormat, CheckMend, CheckPlan, CheckReport, CheckRequest, CommandError,
};

impl Engine {
    /// What a check would send.
    ///
    /// # Errors
    /// Where there is no such provider.
    pub async fn check_plan(&self, request: CheckRequest) -> Result<CheckPlan, CommandError> {
        let _ = request;
        Err(EngineError::Broken.into())
    }

    /// Begins a check.
    ///
    /// # Errors
    /// Where something stands in its way; the plan says what.
    pub async fn check_start(&self, request: CheckRequest) -> Result<String, CommandError> {
        let _ = request;
        Err(EngineError::Broken.into())
    }

    /// Whether a check that waits goes on.
    ///
    /// # Errors
    /// Where no such check waits.
    pub async fn check_go_on(&self, run: String, yes: bool) -> Result<(), CommandError> {
        let _ = (run, yes);
        Err(EngineError::Broken.into())
    }

    /// A report card.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn check(&self, run: String) -> Result<CheckReport, CommandError> {
        let _ = run;
        Err(EngineError::Broken.into())
    }

    /// What changed from one check to another.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn check_compare(&self, before: String, after: String) -> Result<CheckComparison, CommandError> {
        let _ = (before, after);
        Err(EngineError::Broken.into())
    }

    /// A report as a file's content.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn check_export(
        &self,
        run: String,
        format: CheckFormat,
        language: Option<String>,
    ) -> Result<CheckExport, CommandError> {
        let _ = (run, format, language);
        Err(EngineError::Broken.into())
    }

    /// How to mend what a finding is about.
    ///
    /// # Errors
    /// Where there is no such provider.
    pub async fn check_mend(
        &self,
        provider: String,
        topic: String,
        language: String,
    ) -> Result<Option<CheckMend>, CommandError> {
        let _ = (provider, topic, language);
        Err(EngineError::Broken.into())
    }
}
