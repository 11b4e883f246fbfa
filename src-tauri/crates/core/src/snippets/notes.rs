//! What the code cannot say for itself.

use super::Language;
use super::facts::Facts;
use crate::rule::{Basis, ProviderRule, Success};

/// What counts as delivered, for a comment: "ppt.video counts any 2xx as delivered."
pub(super) fn success(rule: &ProviderRule, facts: &Facts) -> String {
    let counted = match rule.retry.success.value {
        Success::Exactly200 => "exactly 200",
        Success::Any2xx => "any 2xx",
    };
    match rule.retry.success.basis {
        Basis::Documented => format!("{} counts {counted} as delivered.", facts.name),
        Basis::Assumed => format!("{} documents no status that counts as delivered; 200 is safe.", facts.name),
    }
}

/// Where the tolerance of the timestamp comes from, for a comment.
pub(super) fn tolerance(facts: &Facts) -> String {
    let time = facts.scheme.as_ref().and_then(|scheme| scheme.time.as_ref());
    match time {
        Some(time) if time.documented => format!("The tolerance is {}'s.", facts.name),
        _ => format!("Our advice, {} does not demand it: what is older may be a recording.", facts.name),
    }
}

/// What the user of a snippet must know.
pub(super) fn notes(rule: &ProviderRule, facts: &Facts, language: Language) -> Vec<String> {
    let mut notes = vec![packages(facts, language)];
    match &facts.scheme {
        Some(scheme) => {
            notes.push(format!(
                "Put the secret{} into the environment variable {}. The code does not start without it.",
                if scheme.base64_key { ", base64 as you got it," } else { "" },
                facts.secret_env
            ));
            if scheme.time.is_none() {
                notes.push(format!(
                    "{} signs no timestamp: a recorded delivery can be sent again for ever. Recognising duplicates is what helps.",
                    rule.name
                ));
            }
        }
        None => notes.push(format!(
            "{} does not sign: whoever knows the URL can post. Only ids that you wait for are taken; {} stands for your own list of them, with commas between.",
            rule.name, facts.expected_env
        )),
    }
    notes.push("The events that were seen are kept in memory here. Keep them in your database, under a unique key, together with the event: what is answered 200 is not sent again.".to_owned());
    if facts.other_handshake
        && let Some(handshake) = &rule.handshake
    {
        notes.push(format!("The check that the endpoint is yours is not in this code: {}", handshake.words));
    }
    if rule.schemes.len() > 1 {
        notes.push(format!("{} has several schemes; this is the first, {}.", rule.name, rule.schemes[0].id));
    }
    notes
}

fn packages(_facts: &Facts, language: Language) -> String {
    match language {
        Language::Node => "Needs Node 18 and express (npm install express).",
        Language::NodeHttp => "Needs Node 18 and no package.",
        Language::PythonFlask => {
            "Needs Python 3.9 and Flask (pip install flask). Start it with: flask --app webhook run"
        }
        Language::PythonFastApi => {
            "Needs Python 3.9, FastAPI and a server (pip install fastapi uvicorn). Start it with: uvicorn webhook:app"
        }
        Language::Go => "Needs Go 1.18 and no package.",
        Language::Rust => "Needs axum 0.8, tokio, serde_json, hmac 0.13, sha2 0.11 and subtle.",
        Language::Php => "Needs PHP 8.0 and no package.",
        Language::Ruby => "Needs Ruby 3.0 and rack. Start it with: rackup",
        Language::Java => "Needs Java 17 and jackson-databind.",
        Language::CSharp => "Needs .NET 8 and no package.",
    }
    .to_owned()
}
