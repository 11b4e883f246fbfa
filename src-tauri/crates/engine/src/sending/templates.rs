//! Requests that the user keeps, and values with names.

use super::drafts::{input, wire_body};
use crate::error::EngineError;
use crate::wire::{
    CommandError, Draft, DraftBody, DraftHeader, DraftStart, EngineEvent, NamedValue, SigningChoice, SigningMode,
    TemplateInfo,
};
use crate::{Engine, Inner, time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_core::compose::PLACEHOLDERS;
use countersign_store::NewTemplate;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

const NAMED: &str = "named_values";
/// More than anybody keeps; each one is listed with its name.
const MOST: usize = 500;
/// Of a name, in characters.
const NAME: usize = 80;

/// The part of a draft that is kept as JSON.
#[derive(Serialize, Deserialize)]
struct Kept {
    headers: Vec<DraftHeader>,
    fill: bool,
}

impl Inner {
    pub(super) fn start_template(&self, id: &str) -> Result<DraftStart, EngineError> {
        let missing = || input("There is no such template; it may have been removed.");
        let number: i64 = id.parse().map_err(|_| missing())?;
        let kept = self.store.template(number)?.ok_or_else(missing)?.template;
        let unreadable =
            |_| input(format!("The template “{}” was written by another version and cannot be read.", kept.name));
        let Kept { headers, fill } = serde_json::from_str(&kept.headers).map_err(unreadable)?;
        let signing: SigningChoice = serde_json::from_str(&kept.signing).map_err(unreadable)?;
        Ok(DraftStart {
            draft: Draft {
                method: kept.method,
                url: kept.url,
                headers,
                body: wire_body(&kept.body, |_| DraftBody::Base64 { base64: STANDARD.encode(&kept.body) }),
                fill,
            },
            title: format!("the template “{}”", kept.name),
            delivery: None,
            signing,
            notes: Vec::new(),
        })
    }

    fn template_list(&self) -> Result<Vec<TemplateInfo>, EngineError> {
        let templates = self.store.templates()?;
        Ok(templates
            .into_iter()
            .map(|found| TemplateInfo {
                id: found.id.to_string(),
                name: found.template.name,
                method: found.template.method,
                url: found.template.url,
                provider: found.template.provider,
                saved_at: time::rfc3339_us(found.template.saved_at_us),
            })
            .collect())
    }

    pub(super) fn named_list(&self) -> Result<Vec<NamedValue>, EngineError> {
        let text = self.store.setting(NAMED)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}

impl Engine {
    pub(crate) async fn templates(&self) -> Result<Vec<TemplateInfo>, CommandError> {
        Ok(self.0.clone().blocking(Inner::template_list).await?)
    }

    pub(crate) async fn template_save(
        &self,
        name: String,
        draft: Draft,
        signing: SigningChoice,
    ) -> Result<Vec<TemplateInfo>, CommandError> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME {
            return Err(input(format!("A template's name has 1 to {NAME} characters.")).into());
        }
        // What was typed for one request is not kept: the template then asks for the secret again.
        let mode = match signing.mode {
            SigningMode::Other { .. } => SigningMode::Keep,
            mode => mode,
        };
        let signing = SigningChoice { mode, ..signing };
        let new = self
            .0
            .clone()
            .blocking(move |inner| {
                let known = inner.store.templates()?;
                if known.len() >= MOST && !known.iter().any(|found| found.template.name == name) {
                    return Err(input(format!("{MOST} templates are kept at the most.")));
                }
                let body = inner.body_of(&draft.body)?;
                let json = |value: Result<String, serde_json::Error>| value.map_err(|_| EngineError::Broken);
                Ok(NewTemplate {
                    name,
                    provider: signing.provider.clone(),
                    method: draft.method,
                    url: draft.url,
                    headers: json(serde_json::to_string(&Kept { headers: draft.headers, fill: draft.fill }))?,
                    signing: json(serde_json::to_string(&signing))?,
                    body,
                    saved_at_us: time::now_us(),
                })
            })
            .await?;
        self.0.store.set_template(new).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::TemplatesChanged);
        self.templates().await
    }

    pub(crate) async fn template_remove(&self, id: String) -> Result<Vec<TemplateInfo>, CommandError> {
        if let Ok(number) = id.parse() {
            self.0.store.remove_template(number).await.map_err(EngineError::from)?;
            self.0.bus.publish(EngineEvent::TemplatesChanged);
        }
        self.templates().await
    }

    pub(crate) async fn named_values(&self) -> Result<Vec<NamedValue>, CommandError> {
        Ok(self.0.clone().blocking(Inner::named_list).await?)
    }

    /// Replaces the named values.
    ///
    /// # Errors
    /// Where a name cannot be one: then nothing is changed.
    pub async fn named_values_set(&self, values: Vec<NamedValue>) -> Result<Vec<NamedValue>, CommandError> {
        let mut seen = HashSet::new();
        for value in &values {
            check_name(&value.name)?;
            if !seen.insert(&value.name) {
                return Err(input(format!("“{}” stands there twice.", value.name)).into());
            }
        }
        let text = serde_json::to_string(&values).map_err(|_| EngineError::Broken)?;
        self.0.store.set_setting(NAMED, &text).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::TemplatesChanged);
        self.named_values().await
    }
}

fn check_name(name: &str) -> Result<(), EngineError> {
    let right = !name.is_empty()
        && name.len() <= NAME
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if !right {
        return Err(input(format!(
            "“{}” is no name: letters, digits and _ make one.",
            countersign_core::shorten(name, 40)
        )));
    }
    let taken = PLACEHOLDERS.iter().any(|known| known.trim_matches(['{', '}']).split([':', '}']).next() == Some(name));
    if taken {
        return Err(input(format!("“{name}” is taken: {{{{{name}}}}} stands for a fresh value.")));
    }
    Ok(())
}
