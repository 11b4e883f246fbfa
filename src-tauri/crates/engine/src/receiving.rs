//! The code that receives a provider's webhooks, as the window and the command line show it.

use crate::Engine;
use crate::error::EngineError;
use crate::wire::{CommandError, SnippetInfo, SnippetLanguage, SnippetMark};
use countersign_core::snippets::{Language, Snippet, snippet};

fn line(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn wire_snippet(provider: &str, snippet: Snippet) -> SnippetInfo {
    SnippetInfo {
        provider: provider.to_owned(),
        language: snippet.language.id().to_owned(),
        title: snippet.title,
        file_name: snippet.language.file_name().to_owned(),
        code: snippet.code,
        marks: snippet
            .marks
            .into_iter()
            .map(|(topic, lines)| SnippetMark {
                topic: topic.id().to_owned(),
                from: line(lines.start),
                to: line(lines.end),
            })
            .collect(),
        notes: snippet.notes,
        secret_env: Some(snippet.secret_env).filter(|name| !name.is_empty()),
    }
}

impl Engine {
    /// The languages and frameworks for which there is receiving code, in the order of a list.
    ///
    /// # Errors
    /// None; it is asynchronous and fallible as every command is.
    pub async fn snippet_languages(&self) -> Result<Vec<SnippetLanguage>, CommandError> {
        let named =
            |language: Language| SnippetLanguage { id: language.id().to_owned(), name: language.name().to_owned() };
        Ok(Language::all().into_iter().map(named).collect())
    }

    /// The code that receives a provider's webhooks and verifies them, in a language by its id.
    ///
    /// # Errors
    /// Where there is no such provider or language.
    pub async fn snippet(&self, provider: String, language: String) -> Result<SnippetInfo, CommandError> {
        let found = self.0.provider(&provider)?;
        let Some(language) = Language::from_id(&language) else {
            let known: Vec<&str> = Language::all().into_iter().map(Language::id).collect();
            let what = format!("There is no code for “{language}”: there is {}.", known.join(", "));
            return Err(EngineError::Input { what }.into());
        };
        Ok(wire_snippet(found.id().as_str(), snippet(&found.rule, language)))
    }
}
