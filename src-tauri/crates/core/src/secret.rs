//! A secret that does not show itself.

use std::fmt;
use zeroize::Zeroizing;

/// A secret's text. `Debug` and `Display` do not show it; its memory is cleared when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes the text as it is: white space and all.
    #[must_use]
    pub fn new(text: String) -> Self {
        SecretText(Zeroizing::new(text))
    }

    /// The text itself. Whoever calls it answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Dots and, where at least 16 characters stay hidden, the last four characters.
    #[must_use]
    pub fn hint(&self) -> String {
        let chars: Vec<char> = self.0.trim_end().chars().collect();
        if chars.len() < 20 {
            return "••••••••".to_owned();
        }
        format!("••••{}", chars[chars.len() - 4..].iter().collect::<String>())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// A secret with its name, which may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Unique among a provider's secrets.
    pub name: String,
    /// The value.
    pub value: SecretText,
}
