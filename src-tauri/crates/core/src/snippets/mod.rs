//! The code that receives a provider's webhooks rightly, in the user's language.
//!
//! One template per language or framework (`templates/`), filled in with the facts of a provider's rule ([`facts`]): a user's
//! own rule gets its code from the same templates. A template marks its lines with the [`Topic`]s that they handle; the marks
//! are taken out of the code and kept beside it, so that the endpoint check can point at the lines that mend a fault.
//!
//! What every snippet does, in this order: take the raw body, answer the handshake, verify (401), read the body (400),
//! recognise a duplicate, answer with the status that counts as success, then work.

mod facts;
mod notes;
mod quote;
mod render;
pub mod suite;
#[cfg(test)]
mod tests;

use crate::rule::ProviderRule;
use serde::Serialize;
use std::ops::Range;

/// A language, with the framework that the code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Node with Express.
    Node,
    /// Node with `node:http`, without a package.
    NodeHttp,
    /// Python with Flask.
    PythonFlask,
    /// Python with FastAPI.
    PythonFastApi,
    /// Go with `net/http`.
    Go,
    /// Rust with axum.
    Rust,
    /// PHP without a framework.
    Php,
    /// Ruby with Rack.
    Ruby,
    /// Java with the JDK's `HttpServer`, and Jackson for JSON.
    Java,
    /// C# with an ASP.NET Core minimal API.
    CSharp,
}

impl Language {
    /// All of them, in the order of a list.
    #[must_use]
    pub fn all() -> [Language; 10] {
        use Language::{CSharp, Go, Java, Node, NodeHttp, Php, PythonFastApi, PythonFlask, Ruby, Rust};
        [Node, NodeHttp, PythonFlask, PythonFastApi, Go, Rust, Php, Ruby, Java, CSharp]
    }

    /// How the command line and the window name it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Language::Node => "node",
            Language::NodeHttp => "node-http",
            Language::PythonFlask => "python-flask",
            Language::PythonFastApi => "python-fastapi",
            Language::Go => "go",
            Language::Rust => "rust",
            Language::Php => "php",
            Language::Ruby => "ruby",
            Language::Java => "java",
            Language::CSharp => "csharp",
        }
    }

    /// The language of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Language> {
        Language::all().into_iter().find(|language| language.id() == id)
    }

    /// Its name for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Language::Node => "Node (Express)",
            Language::NodeHttp => "Node (http)",
            Language::PythonFlask => "Python (Flask)",
            Language::PythonFastApi => "Python (FastAPI)",
            Language::Go => "Go",
            Language::Rust => "Rust (axum)",
            Language::Php => "PHP",
            Language::Ruby => "Ruby (Rack)",
            Language::Java => "Java",
            Language::CSharp => "C# (ASP.NET)",
        }
    }

    /// The file in which its code would stand.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Language::Node | Language::NodeHttp => "webhook.mjs",
            Language::PythonFlask | Language::PythonFastApi => "webhook.py",
            Language::Go => "main.go",
            Language::Rust => "main.rs",
            Language::Php => "webhook.php",
            Language::Ruby => "config.ru",
            Language::Java => "Webhook.java",
            Language::CSharp => "Program.cs",
        }
    }
}

/// What a part of the code handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The body's bytes are taken as they came, before anything reads them.
    RawBody,
    /// The secret becomes the key, and no secret means no service.
    Key,
    /// What is signed is put together.
    SignedContent,
    /// The comparison is in constant time, and texts of unequal length are no crash.
    Compare,
    /// A missing, empty, doubled or malformed signature is answered 4xx.
    Missing,
    /// Any of several signatures may match.
    SeveralSignatures,
    /// A timestamp that is too old or ahead is refused.
    Timestamp,
    /// A body that is not JSON or not an event is answered 4xx.
    BadInput,
    /// The status that the provider counts as delivered.
    Success,
    /// The answer first, the work afterwards.
    AnswerFirst,
    /// An event that was there before is recognised before any work is done.
    Duplicate,
    /// The provider's check that the endpoint is yours is answered.
    Handshake,
    /// The signature is written as the provider writes it.
    Encoding,
}

impl Topic {
    /// All of them.
    #[must_use]
    pub fn all() -> [Topic; 13] {
        [
            Topic::RawBody,
            Topic::Key,
            Topic::SignedContent,
            Topic::Compare,
            Topic::Missing,
            Topic::SeveralSignatures,
            Topic::Timestamp,
            Topic::BadInput,
            Topic::Success,
            Topic::AnswerFirst,
            Topic::Duplicate,
            Topic::Handshake,
            Topic::Encoding,
        ]
    }

    /// Its name in templates and on the wire.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Topic::RawBody => "raw_body",
            Topic::Key => "key",
            Topic::SignedContent => "signed_content",
            Topic::Compare => "compare",
            Topic::Missing => "missing",
            Topic::SeveralSignatures => "several_signatures",
            Topic::Timestamp => "timestamp",
            Topic::BadInput => "bad_input",
            Topic::Success => "success",
            Topic::AnswerFirst => "answer_first",
            Topic::Duplicate => "duplicate",
            Topic::Handshake => "handshake",
            Topic::Encoding => "encoding",
        }
    }

    fn from_id(id: &str) -> Option<Topic> {
        Topic::all().into_iter().find(|topic| topic.id() == id)
    }
}

/// The code for one provider in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The language.
    pub language: Language,
    /// What it is: "Receive webhooks of Pollo.ai with Node (Express)".
    pub title: String,
    /// The code, a whole file that runs; ends in a line end.
    pub code: String,
    /// Which lines handle what: a topic and a range of lines, from 0; a topic may have several ranges. In the order of lines.
    pub marks: Vec<(Topic, Range<usize>)>,
    /// What its user must know, one or two sentences each.
    pub notes: Vec<String>,
    /// The environment variable that holds the secret; empty where the provider does not sign.
    pub secret_env: String,
}

/// The topics that apply to a provider: each is marked in every language's code.
#[must_use]
pub fn topics(rule: &ProviderRule) -> Vec<Topic> {
    topics_of(&facts::Facts::of(rule))
}

fn topics_of(facts: &facts::Facts) -> Vec<Topic> {
    let scheme = facts.scheme.as_ref();
    Topic::all()
        .into_iter()
        .filter(|topic| match topic {
            Topic::BadInput | Topic::Success | Topic::AnswerFirst | Topic::Duplicate => true,
            Topic::Handshake => facts.handshake.is_some(),
            Topic::SeveralSignatures => scheme.is_some_and(|scheme| scheme.several),
            Topic::Timestamp => scheme.is_some_and(|scheme| scheme.time.is_some()),
            Topic::RawBody | Topic::Key | Topic::SignedContent | Topic::Compare | Topic::Missing | Topic::Encoding => {
                scheme.is_some()
            }
        })
        .collect()
}

/// The code that receives the provider's webhooks in a language.
#[must_use]
pub fn snippet(rule: &ProviderRule, language: Language) -> Snippet {
    let facts = facts::Facts::of(rule);
    let (code, mut marks) = render::render(rule, &facts, language);
    let due = topics_of(&facts);
    marks.retain(|(topic, _)| due.contains(topic));
    Snippet {
        language,
        title: format!("Receive webhooks of {} with {}", rule.name, language.name()),
        code,
        marks,
        notes: notes::notes(rule, &facts, language),
        secret_env: if facts.scheme.is_some() { facts.secret_env } else { String::new() },
    }
}
