//! How many findings of which weight.

use super::probe::Level;

/// The counts of a report card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Probes that hold.
    pub hold: u32,
    /// Faults.
    pub faults: u32,
    /// Warnings.
    pub warnings: u32,
    /// Questions.
    pub questions: u32,
    /// Notes.
    pub notes: u32,
    /// Probes that were not asked.
    pub not_asked: u32,
}

impl Score {
    /// Counts levels.
    #[must_use]
    pub fn of(levels: impl IntoIterator<Item = Level>) -> Score {
        let mut score = Score::default();
        for level in levels {
            let count = match level {
                Level::Fault => &mut score.faults,
                Level::Warning => &mut score.warnings,
                Level::Question => &mut score.questions,
                Level::Note => &mut score.notes,
                Level::Hold => &mut score.hold,
                Level::NotAsked => &mut score.not_asked,
            };
            *count += 1;
        }
        score
    }

    /// The share of what holds among what is weighed, in percent, rounded down; none where nothing was.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        let weighed = self.hold + self.faults + self.warnings;
        (self.hold * 100).checked_div(weighed)
    }
}

/// “3 faults, 1 warning”; “All 24 probes hold”.
#[must_use]
pub fn headline(score: &Score) -> String {
    let some = |count: u32, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {one}s")),
    };
    let found: Vec<String> =
        [some(score.faults, "fault"), some(score.warnings, "warning")].into_iter().flatten().collect();
    if !found.is_empty() {
        return found.join(", ");
    }
    match (some(score.hold, "probe"), some(score.questions, "question")) {
        (None, None) => "Nothing was weighed".to_owned(),
        (None, Some(questions)) => questions,
        (Some(probes), questions) => {
            let rest = questions.map_or_else(String::new, |questions| format!(", {questions}"));
            match score.not_asked {
                0 => format!("No fault: {probes} hold{rest}"),
                left => format!("No fault in what was sent: {probes} hold{rest}, {left} not sent"),
            }
        }
    }
}
