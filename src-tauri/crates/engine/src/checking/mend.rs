//! How to mend what a finding is about: the provider's own handler in a language, and the lines to look at.

use crate::Inner;
use crate::error::EngineError;
use crate::wire::CheckMend;
use countersign_core::rule::ProviderRule;
use countersign_core::snippets::{Language, Topic, snippet};

pub(super) fn language(id: &str) -> Result<Language, EngineError> {
    Language::from_id(id).ok_or_else(|| {
        let known: Vec<&str> = Language::all().iter().map(|language| language.id()).collect();
        EngineError::Input {
            what: format!(
                "There is no language “{}”: there are {}.",
                countersign_core::shorten(id, 40),
                known.join(", ")
            ),
        }
    })
}

/// The handler with the lines of a topic; none where the handler has no such lines.
pub(super) fn mend(rule: &ProviderRule, topic: &str, language: Language) -> Option<CheckMend> {
    let topic = Topic::all().into_iter().find(|one| one.id() == topic)?;
    let snippet = snippet(rule, language);
    let number = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    let marked = snippet.marks.iter().filter(|(one, lines)| *one == topic && !lines.is_empty());
    let lines: Vec<(u32, u32)> = marked.map(|(_, lines)| (number(lines.start + 1), number(lines.end))).collect();
    (!lines.is_empty()).then(|| CheckMend {
        language: language.id().to_owned(),
        language_name: language.name().to_owned(),
        code: snippet.code,
        lines,
    })
}

impl Inner {
    pub(super) fn mend(&self, provider: &str, topic: &str, id: &str) -> Result<Option<CheckMend>, EngineError> {
        Ok(mend(&self.provider(provider)?.rule, topic, language(id)?))
    }
}
