//! Samples that are signed and sent: the test delivery, the ready commands, and `countersign sign`.

mod snippets;

use crate::error::EngineError;
use crate::secrets::random_hex;
use crate::wire::{CommandError, ListenerTls, Snippet, TestDelivery};
use crate::{Engine, Inner, time};
use bytes::Bytes;
use countersign_core::catalogue::Provider;
use countersign_core::decode::to_base64;
use countersign_core::request::{Headers, text};
use countersign_core::rule::EventSample;
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use countersign_net::send::{Outgoing, SendLimits, Trust, send};
use snippets::{Accept, TOOLS};
use std::sync::Arc;
use std::time::Duration;

/// The name of a secret that is made where a provider has none.
const TEST_SECRET: &str = "Countersign test";

/// A fresh id for a delivery that is signed here.
///
/// # Errors
/// Where the system gives no random numbers.
pub fn random_id() -> Result<String, EngineError> {
    Ok(format!("msg_{}", &random_hex()?[..16]))
}

/// The headers that a provider's first scheme puts on a body, in its order; empty where it does not sign. `id` is used where
/// the scheme signs one, `timestamp_s` (unix seconds) likewise.
#[must_use]
pub fn signed_headers(provider: &Provider, secret: &Secret, body: &Bytes, id: &str, timestamp_s: i64) -> Headers {
    match provider.rule.schemes.first() {
        Some(scheme) => scheme.sign(&Key::new(scheme.key, secret), body, id, timestamp_s),
        None => Headers::new(),
    }
}

fn sample<'a>(provider: &'a Provider, event_type: Option<&str>) -> Result<&'a EventSample, EngineError> {
    let events = &provider.rule.events;
    let found = match event_type {
        Some(wanted) => events.iter().find(|e| e.event_type == wanted),
        // One whose body its document gives says more than one that was made after its shape.
        None => events.iter().rfind(|e| e.documented && e.event_type.contains("completed")).or(events.first()),
    };
    found.ok_or_else(|| EngineError::Input { what: format!("{} has no sample of that event.", provider.rule.name) })
}

/// The name of a header that keeps its value out of a preview.
fn shorten_signature(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let (head, tail) = (if value.contains('=') && value.find('=') < Some(8) { 11 } else { 6 }, 4);
    if chars.len() <= head + tail + 1 {
        return value.to_owned();
    }
    format!("{}…{}", chars[..head].iter().collect::<String>(), chars[chars.len() - tail..].iter().collect::<String>())
}

/// What lets a tool on this machine accept the listener's certificate.
fn accept_of(tls: Option<ListenerTls>) -> Accept {
    match tls {
        None => Accept::AsUsual,
        Some(tls) if tls.self_signed => Accept::File(tls.certificate),
        // It is for a name of the user's, and the address here is this machine's.
        Some(_) => Accept::Any,
    }
}

impl Inner {
    /// The secret to sign a sample with: the first stored one, or, with `make`, a new one that is stored.
    async fn sample_secret(self: &Arc<Self>, provider: &Provider, make: bool) -> Result<(Secret, bool), EngineError> {
        if let Some(secret) = self.ring().of(provider.id()).into_iter().next() {
            return Ok((secret, false));
        }
        if !make {
            let published = provider.rule.schemes.first().map(|s| s.sample.secret.clone()).unwrap_or_default();
            return Ok((Secret { name: "sample".to_owned(), value: SecretText::new(published) }, false));
        }
        // Base64 of random bytes serves as a text and as a base64 secret alike.
        let value = SecretText::new(to_base64(format!("{}{}", random_hex()?, random_hex()?).as_bytes()));
        let secret = Secret { name: TEST_SECRET.to_owned(), value: value.clone() };
        let id = provider.id().to_string();
        Arc::clone(self)
            .blocking(move |inner| inner.vault.set(&inner.provider(&id)?.rule, TEST_SECRET, Some(value), None))
            .await?;
        self.reload_secrets().await?;
        Ok((secret, true))
    }

    /// Headers of a signed sample, those of the sample's own and the content type included.
    fn sample_headers(
        &self,
        provider: &Provider,
        sample: &EventSample,
        secret: &Secret,
        body: &Bytes,
    ) -> Result<Headers, EngineError> {
        let mut headers = Headers::new();
        headers.push("Content-Type", "application/json");
        let id = random_id()?;
        for header in &signed_headers(provider, secret, body, &id, time::now_us() / 1_000_000) {
            headers.push(header.name.clone(), header.value.clone());
        }
        for (name, value) in &sample.headers {
            headers.push(name.clone(), value.clone());
        }
        Ok(headers)
    }
}

impl Engine {
    pub(crate) async fn test_delivery(
        &self,
        provider: String,
        event_type: Option<String>,
    ) -> Result<TestDelivery, CommandError> {
        let inner = &self.0;
        let url = inner.url()?;
        let found = inner.provider(&provider)?;
        let sample = sample(found, event_type.as_deref())?;
        let (secret, secret_made) = if found.signs() {
            let (secret, made) = inner.sample_secret(found, true).await?;
            (Some(secret), made)
        } else {
            (None, false)
        };
        let body = Bytes::from(sample.body.clone());
        let unused = Secret { name: String::new(), value: SecretText::new(String::new()) };
        let headers = inner.sample_headers(found, sample, secret.as_ref().unwrap_or(&unused), &body)?;
        let sent = send(Outgoing {
            method: "POST".to_owned(),
            url: format!("{url}/{}", found.id()),
            headers,
            body,
            length_as_given: false,
            limits: SendLimits { total: Duration::from_secs(30), ..SendLimits::default() },
            // Ours, whether the system trusts it or not.
            trust: Trust::Any,
            // To our own listener is where a test delivery goes.
            avoid: Vec::new(),
        });
        let reply = sent.await.result.map_err(EngineError::from)?;
        Ok(TestDelivery { status: reply.status, secret: secret.map(|s| s.name), secret_made })
    }

    pub(crate) async fn snippets(&self, provider: String, make_secret: bool) -> Result<Vec<Snippet>, CommandError> {
        let inner = &self.0;
        let url = inner.url()?;
        let found = inner.provider(&provider)?;
        let sample = sample(found, None)?;
        let (secret, _) = inner.sample_secret(found, make_secret && found.signs()).await?;
        let compact = serde_json::from_str::<serde_json::Value>(&sample.body).map(|v| v.to_string());
        let body = compact.unwrap_or_else(|_| sample.body.clone());
        let headers = inner.sample_headers(found, sample, &secret, &Bytes::from(body.clone()))?;
        let signature = found.rule.schemes.first().map(|s| s.signature.header.clone());
        let pairs = |short: bool| -> Vec<(String, String)> {
            headers
                .iter()
                .map(|h| {
                    let (name, value) = (text(&h.name), text(&h.value));
                    let hide = short && signature.as_deref() == Some(name.as_str());
                    (name, if hide { shorten_signature(&value) } else { value })
                })
                .collect()
        };
        let (full, short) = (pairs(false), pairs(true));
        let url = format!("{url}/{}", found.id());
        let accept = accept_of(crate::read(&inner.listener_state).tls);
        Ok(TOOLS
            .into_iter()
            .map(|(tool, write)| Snippet {
                tool: tool.to_owned(),
                preview: write(&url, &accept, &short, &body),
                text: write(&url, &accept, &full, &body),
            })
            .collect())
    }
}
