//! A report as JUnit XML: a suite of one case a probe. A fault is a failure; what was not asked is skipped; everything else
//! passes, with what was found beside it.

use super::export::{endpoint, word};
use crate::error::EngineError;
use crate::wire::{CheckFinding, CheckLevel, CheckReport};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

pub(super) fn xml(report: &CheckReport) -> Result<String, EngineError> {
    let mut suite = TestSuite::new(format!("{} against {}", report.provider_name, endpoint(&report.request.endpoint)));
    suite.add_test_cases(report.findings.iter().map(case));
    if let Some(problem) = &report.problem {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(problem.clone());
        let mut case = TestCase::new("The check comes to its end", status);
        case.set_classname("check");
        suite.add_test_case(case);
    }
    let mut whole = Report::new("countersign check");
    whole.add_test_suite(suite);
    whole.to_string().map_err(|_| EngineError::Broken)
}

fn case(finding: &CheckFinding) -> TestCase {
    let said = if finding.meaning.is_empty() { finding.answer.clone() } else { finding.meaning.clone() };
    let status = match finding.level {
        CheckLevel::Fault => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(said);
            status.set_type(finding.cause.clone().unwrap_or_else(|| "fault".to_owned()));
            status.set_description(format!(
                "sent: {}\nexpected: {}\ncame: {}\nwhy: {} ({})",
                finding.probe.sent, finding.probe.expected, finding.answer, finding.probe.why, finding.probe.source
            ));
            status
        }
        CheckLevel::NotAsked => TestCaseStatus::skipped(),
        _ => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(finding.probe.name.clone(), status);
    case.set_classname(finding.probe.id.clone());
    if let Some(us) = finding.took_us {
        case.set_time(Duration::from_micros(us));
    }
    if matches!(finding.level, CheckLevel::Warning | CheckLevel::Question | CheckLevel::Note) {
        case.set_system_out(format!("{}: {}", word(finding.level), finding.meaning));
    }
    case
}
