//! The code that receives a provider's webhooks.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A language or framework for which there is receiving code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnippetLanguage {
    /// `node`, `python-flask` and so on.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The code that receives a provider's webhooks in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnippetInfo {
    /// The provider's id.
    pub provider: String,
    /// The language's id.
    pub language: String,
    /// What it is: "Receive webhooks of Pollo.ai with Node (Express)".
    pub title: String,
    /// The file in which it would stand.
    pub file_name: String,
    /// The code: a whole file that runs.
    pub code: String,
    /// Which lines handle what, in the order of lines.
    pub marks: Vec<SnippetMark>,
    /// What its user must know, one or two sentences each.
    pub notes: Vec<String>,
    /// The environment variable that holds the secret; none where the provider does not sign.
    pub secret_env: Option<String>,
}

/// Lines of the code that handle a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnippetMark {
    /// The topic: `raw_body`, `compare` and so on.
    pub topic: String,
    /// The first line, from 0.
    pub from: u32,
    /// The line behind the last.
    pub to: u32,
}
