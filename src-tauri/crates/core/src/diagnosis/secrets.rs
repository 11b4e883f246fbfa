//! The secret was read differently, or another one was used.

use super::{Cause, Search, cause};
use crate::decode::{hex, node_base64, python_base64};
use crate::rule::KeyForm;
use crate::signing::{Key, Segment};

impl Search<'_> {
    /// The secret was read differently.
    pub(super) fn key(&mut self, content: &[Segment]) -> Option<Cause> {
        let provider = &self.evidence.provider.name;
        for secret in self.evidence.own {
            let (name, value) = (&secret.name, secret.value.reveal());
            let trimmed = value.trim().trim_matches(['"', '\'']);
            let mut readings: Vec<(Vec<u8>, Cause)> = Vec::new();
            match self.evidence.scheme.key {
                KeyForm::Base64 => {
                    readings.push((
                        value.as_bytes().to_vec(),
                        cause(
                            "secret_not_decoded",
                            "the secret was used as text instead of base64-decoded",
                            format!(
                                "The sender signed with the raw characters of “{name}”. {provider}'s documented rule \
                                 base64-decodes the secret first. Signing with the undecoded secret reproduces the received \
                                 signature exactly."
                            ),
                        ),
                    ));
                    if let Ok(python) = python_base64(value) {
                        readings.push((
                            python,
                            cause(
                                "secret_decoding",
                                "the secret was decoded as Python does it",
                                format!("“{name}” has characters that Node reads and Python drops; the two get different keys."),
                            ),
                        ));
                    }
                }
                KeyForm::Utf8 => readings.push((
                    node_base64(value),
                    cause(
                        "secret_decoded",
                        "the secret was base64-decoded instead of used as text",
                        format!("{provider}'s documented rule uses the characters of “{name}” as they are."),
                    ),
                )),
            }
            if let Some(bytes) = hex(trimmed) {
                readings.push((
                    bytes,
                    cause(
                        "secret_decoded_as_hex",
                        "the secret was hex-decoded",
                        format!("“{name}” was read as hex; {provider} does not document that."),
                    ),
                ));
            }
            if let Some(rest) = trimmed.strip_prefix("whsec_") {
                for bytes in [node_base64(rest), rest.as_bytes().to_vec()] {
                    readings.push((
                        bytes,
                        cause(
                            "secret_prefix",
                            "the secret was used without its “whsec_” prefix",
                            format!("Of “{name}” only what follows the prefix was used."),
                        ),
                    ));
                }
            }
            for variant in
                [trimmed.to_owned(), value.trim_end().to_owned(), format!("{value}\n"), format!("{value}\r\n")]
            {
                if variant == value {
                    continue;
                }
                let bytes = match self.evidence.scheme.key {
                    KeyForm::Utf8 => variant.into_bytes(),
                    KeyForm::Base64 => node_base64(&variant),
                };
                readings.push((
                    bytes,
                    cause(
                        "secret_white_space",
                        "the secret has white space or quotes around it on one side",
                        format!("With the white space or quotes around “{name}” changed, the signature comes out."),
                    ),
                ));
            }
            for (bytes, why) in readings {
                if !bytes.is_empty() && self.try_rule(&bytes, content) {
                    return Some(why);
                }
            }
        }
        None
    }

    /// A secret that is stored for another provider fits.
    pub(super) fn other_secret(&mut self, content: &[Segment]) -> Option<Cause> {
        for (provider, secret) in self.evidence.others {
            for form in [self.evidence.scheme.key, KeyForm::Utf8, KeyForm::Base64] {
                let key = Key::new(form, secret);
                if !key.is_empty() && self.try_rule(key.bytes(), content) {
                    return Some(cause(
                        "other_provider_secret",
                        format!("it matches your secret “{}” of {provider}", secret.name),
                        format!("Store that secret for {} too, if it is the right one.", self.evidence.provider.name),
                    ));
                }
            }
        }
        None
    }
}
