//! Verdicts as JUnit XML, which CI systems show as tests.

use crate::output::Failure;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// What became of one input.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// As expected.
    Holds,
    /// Not as expected: in a line, and in detail.
    Fails(String, String),
    /// It cannot be read.
    Broken(String),
}

/// One input.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The file.
    pub(crate) input: String,
    /// The provider, where it says one.
    pub(crate) provider: Option<String>,
    pub(crate) outcome: Outcome,
}

/// The report as XML.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn xml(cases: &[Case]) -> Result<String, Failure> {
    let mut suite = TestSuite::new("countersign verify");
    for case in cases {
        let status = match &case.outcome {
            Outcome::Holds => TestCaseStatus::success(),
            Outcome::Fails(message, detail) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(message.as_str()).set_type("verdict").set_description(detail.as_str());
                status
            }
            Outcome::Broken(why) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message(why.as_str()).set_type("unreadable");
                status
            }
        };
        let mut test = TestCase::new(case.input.as_str(), status);
        test.set_classname(case.provider.as_deref().unwrap_or("countersign"));
        suite.add_test_case(test);
    }
    let mut report = Report::new("countersign");
    report.add_test_suite(suite);
    report.to_string().map_err(|error| Failure::failed(format!("the report cannot be written: {error}")))
}
