//! What is noticed about a secret while it is typed.

use crate::wire::{DecodedBy, FindingLevel, SecretFinding, SecretInspection};
use countersign_core::decode::{node_base64, python_base64};
use countersign_core::rule::{KeyForm, ProviderRule};

/// Shorter keys can be guessed.
const SHORT_KEY: usize = 16;

fn finding(level: FindingLevel, message: impl Into<String>) -> SecretFinding {
    SecretFinding { level, message: message.into() }
}

/// "32 bytes", "1 byte".
pub(crate) fn bytes(count: usize) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// What is noticed about `value` as a secret of a provider.
pub(crate) fn inspect(provider: &ProviderRule, value: &str) -> SecretInspection {
    let Some(form) = provider.schemes.first().map(|s| s.key) else {
        return SecretInspection {
            decodes_to: "not used".to_owned(),
            findings: vec![finding(FindingLevel::Error, format!("{} does not sign: it has no secret.", provider.name))],
            decoded_by: Vec::new(),
            suggestion: None,
        };
    };
    if value.is_empty() {
        return SecretInspection {
            decodes_to: String::new(),
            findings: Vec::new(),
            decoded_by: Vec::new(),
            suggestion: None,
        };
    }
    let mut findings = around(value, form);
    let mended = mend(value);
    let (decodes_to, decoded_by) = match form {
        KeyForm::Utf8 => {
            if value.len() < SHORT_KEY {
                findings.push(finding(FindingLevel::Note, format!("{} are few for a key.", bytes(value.len()))));
            }
            (bytes(value.len()), Vec::new())
        }
        KeyForm::Base64 => base64(value, &mut findings),
    };
    findings.extend(kind(value, &provider.name));
    SecretInspection {
        decodes_to,
        findings,
        decoded_by,
        suggestion: (mended != value && !mended.is_empty()).then_some(mended),
    }
}

/// White space, quotes and other traces of copying.
fn around(value: &str, form: KeyForm) -> Vec<SecretFinding> {
    let mut findings = Vec::new();
    let edges = value.trim().len() != value.len();
    if edges {
        let (level, consequence) = match form {
            KeyForm::Utf8 => (FindingLevel::Error, "it becomes part of the key"),
            KeyForm::Base64 => (FindingLevel::Warning, "decoders pass over it, comparisons do not"),
        };
        let place = match (value.trim_start().len() != value.len(), value.trim_end().len() != value.len()) {
            (true, true) => "on both sides",
            (true, false) => "at the start",
            _ => "at the end",
        };
        let what = if value.ends_with('\n') { "a line end" } else { "white space" };
        findings.push(finding(level, format!("There is {what} {place}: {consequence}.")));
    }
    let trimmed = value.trim();
    if trimmed.len() >= 2 && ["\"", "'", "`"].iter().any(|q| trimmed.starts_with(q) && trimmed.ends_with(q)) {
        findings.push(finding(FindingLevel::Error, "There are quotes around it: they would be part of the secret."));
    }
    if trimmed.ends_with("\\n") {
        findings.push(finding(FindingLevel::Error, "It ends with a backslash and an n, not with a line end."));
    }
    if trimmed.chars().any(char::is_whitespace) {
        findings.push(finding(FindingLevel::Warning, "There is white space inside it."));
    }
    if let Some((name, _)) = trimmed.split_once('=')
        && name.len() >= 3
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && name.contains('_')
    {
        findings.push(finding(
            FindingLevel::Warning,
            format!("It begins like a line of a .env file: is “{name}=” part of it?"),
        ));
    }
    if !value.is_ascii() {
        findings.push(finding(FindingLevel::Warning, "It has characters outside ASCII; few secrets have."));
    }
    findings
}

/// Prefixes of other kinds of secrets.
fn kind(value: &str, provider_name: &str) -> Option<SecretFinding> {
    const KINDS: [(&str, &str); 6] = [
        ("whsec_", "a Standard Webhooks or Stripe secret"),
        ("sk_", "an API key"),
        ("pk_", "a publishable key"),
        ("shpat_", "a Shopify access token"),
        ("ghp_", "a GitHub token"),
        ("Bearer ", "an access token"),
    ];
    let (prefix, what) = KINDS.iter().find(|(prefix, _)| value.trim().starts_with(prefix))?;
    Some(finding(
        FindingLevel::Warning,
        format!("“{prefix}” begins {what}; {provider_name} does not document such a prefix."),
    ))
}

fn base64(value: &str, findings: &mut Vec<SecretFinding>) -> (String, Vec<DecodedBy>) {
    let node = node_base64(value);
    let python = python_base64(value);
    let odd: String = value
        .trim()
        .chars()
        .filter(|c| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '=' | '-' | '_'))
        .collect();
    if node.is_empty() {
        findings.push(finding(FindingLevel::Error, "It is not base64: nothing comes out of it."));
    } else if !odd.is_empty() {
        let shown = countersign_core::shorten(&odd, 8);
        findings.push(finding(FindingLevel::Error, format!("It is not base64: “{shown}” is not in its alphabet.")));
    } else if value.contains(['-', '_']) {
        findings
            .push(finding(FindingLevel::Warning, "It is url-safe base64: Node reads it, Python's b64decode does not."));
    } else if value.trim().contains('=') && value.trim().trim_end_matches('=').contains('=') {
        findings.push(finding(FindingLevel::Error, "There is “=” in the middle of it: Node stops reading there."));
    }
    match &python {
        Err(error) if !node.is_empty() => {
            findings.push(finding(
                FindingLevel::Warning,
                format!("Python raises on it: {error}. Node reads {}.", bytes(node.len())),
            ));
        }
        Ok(other) if *other != node => {
            findings.push(finding(FindingLevel::Error, "Node and Python read different keys from it."));
        }
        _ => {}
    }
    if !node.is_empty() && node.len() < SHORT_KEY {
        findings.push(finding(FindingLevel::Note, format!("It decodes to {}, few for a key.", bytes(node.len()))));
    }
    let decoded_by = vec![
        DecodedBy {
            language: "Node".to_owned(),
            call: "Buffer.from(secret, \"base64\")".to_owned(),
            outcome: bytes(node.len()),
            usable: !node.is_empty(),
        },
        DecodedBy {
            language: "Python".to_owned(),
            call: "base64.b64decode(secret)".to_owned(),
            usable: python.as_ref().is_ok_and(|p| *p == node),
            outcome: match &python {
                Ok(read) if *read == node => bytes(read.len()),
                Ok(read) => format!("{}, but others", bytes(read.len())),
                Err(error) => format!("raises {}: {error}", error.class()),
            },
        },
    ];
    let decodes_to = if node.is_empty() { "nothing: not base64".to_owned() } else { bytes(node.len()) };
    (decodes_to, decoded_by)
}

/// The value without what copying left around it.
fn mend(value: &str) -> String {
    let mut mended = value.trim();
    for quote in ['"', '\'', '`'] {
        if let Some(inner) = mended.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            mended = inner.trim();
        }
    }
    mended.strip_suffix("\\n").unwrap_or(mended).trim().to_owned()
}
