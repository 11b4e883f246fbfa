//! The signature is right and written wrongly, or another header is at fault.

use super::{Cause, Search, cause};
use crate::request::text;
use crate::signing::Segment;

impl Search<'_> {
    /// The signature itself is right: it is written wrongly, or another header is at fault.
    pub(super) fn form(&mut self, content: &[Segment]) -> Option<Cause> {
        for key in self.keys() {
            if self.try_rule(key.bytes(), content) {
                let due = self.evidence.scheme.write_signature(&key, content);
                return Some(self.written(&key.name, &due));
            }
        }
        None
    }

    /// How a signature that is right was written, where it should be `due`.
    fn written(&self, name: &str, due: &str) -> Cause {
        let provider = &self.evidence.provider.name;
        let form = &self.evidence.scheme.signature;
        let prefix = form.prefix.as_str();
        let sent: Vec<String> = self.evidence.request.headers.all(&form.header).map(|v| text(v)).collect();
        let [one] = sent.as_slice() else {
            return if form.several {
                cause(
                    "signature_encoding",
                    format!("one of the signatures is right, but written otherwise than {provider} writes it"),
                    format!("It is that of the secret “{name}”. Written as documented it would be {due}."),
                )
            } else {
                cause(
                    "signature_repeated",
                    "one of the signatures is right, but only one may be there",
                    format!(
                        "It is that of the secret “{name}”. Node joins repeated headers with a comma; Python takes the first."
                    ),
                )
            };
        };
        if one == due {
            return cause(
                "other_header",
                "the signature itself is right",
                format!(
                    "With the secret “{name}” it holds over the headers as they were sent: another header is at fault."
                ),
            );
        }
        if !prefix.is_empty() && one.strip_prefix(prefix) == Some(due) {
            return cause(
                "prefix_doubled",
                format!("it is right with the prefix “{prefix}” once"),
                format!("The digest is that of the secret “{name}”; the prefix stands before it twice."),
            );
        }
        if !prefix.is_empty() && due.strip_prefix(prefix) == Some(one) {
            return cause(
                "prefix_missing",
                format!("it is right without the prefix “{prefix}”"),
                format!("The digest is that of the secret “{name}”; {provider} writes “{prefix}” before it."),
            );
        }
        let Some((before, after)) = one.split_once(due) else {
            return cause(
                "signature_encoding",
                format!("it is right, but written otherwise than {provider} writes it"),
                format!("The digest is that of the secret “{name}”. Written as documented it would be {due}."),
            );
        };
        let token = before.trim_end_matches([',', ' ', '=']);
        let version = token.rsplit([',', ' ']).next().unwrap_or_default();
        if form.several && token.len() < before.len() && is_other_version(version) {
            return cause(
                "signature_version",
                "it is right, but marked with a version other than v1",
                format!("The signature behind “{version}” is that of the secret “{name}”; only v1 counts."),
            );
        }
        if !form.several && [before, after].iter().any(|side| side.contains(',')) {
            return cause(
                "signature_repeated",
                "one of several signatures in the header is right, but only one may be there",
                format!("It is that of the secret “{name}”; {provider} sends one signature."),
            );
        }
        cause(
            "signature_wrapped",
            "it is right, but something stands around it",
            format!("The signature {due} is that of the secret “{name}”; {provider} sends nothing before or after it."),
        )
    }
}

/// Whether it is a version such as `v2` or `v1a`, and not `v1`.
fn is_other_version(word: &str) -> bool {
    let number = word.strip_prefix('v').map(|rest| rest.trim_end_matches('a'));
    word != "v1" && number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}
