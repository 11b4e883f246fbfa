//! Which headers carry what gives access, and so should not go into a text that is handed on.

/// Whether a header of that name, in any case, usually carries a password, a key, a token or a session.
///
/// By name alone: a signature is no credential, it is worth nothing on another request.
#[must_use]
pub fn carries_credentials(name: impl AsRef<[u8]>) -> bool {
    const NAMES: [&str; 9] =
        ["cookie", "set-cookie", "cookie2", "api-key", "apikey", "x-functions-key", "token", "password", "secret"];
    const ENDINGS: [&str; 14] = [
        "authorization",
        "-token",
        "-secret",
        "-api-key",
        "-apikey",
        "-access-key",
        "-auth-key",
        "-subscription-key",
        "-password",
        "-passwd",
        "-jwt",
        "-jwt-assertion",
        "-session-id",
        "-session-token",
    ];
    let name = String::from_utf8_lossy(name.as_ref()).to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Which headers' values stay out of a copied text: a placeholder such as `<Authorization>` stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderMask {
    credentials: bool,
    names: Vec<String>,
}

impl HeaderMask {
    /// Every value is copied.
    #[must_use]
    pub fn nothing() -> Self {
        HeaderMask::default()
    }

    /// What [`carries_credentials`] stays out.
    #[must_use]
    pub fn credentials() -> Self {
        HeaderMask { credentials: true, names: Vec::new() }
    }

    /// A header of that name, in any case, stays out as well.
    #[must_use]
    pub fn and(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Whether the value of a header of that name stays out.
    #[must_use]
    pub fn keeps_out(&self, name: impl AsRef<[u8]>) -> bool {
        let name = name.as_ref();
        let named = self.names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name));
        named || (self.credentials && carries_credentials(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_known_by_their_header() {
        let carrying = [
            "Authorization",
            "proxy-authorization",
            "Cookie",
            "Set-Cookie",
            "X-API-Key",
            "X-Auth-Token",
            "X-Gitlab-Token",
            "X-Telegram-Bot-Api-Secret-Token",
            "CF-Access-Client-Secret",
        ];
        let not = ["X-Hub-Signature-256", "WWW-Authenticate", "Content-Type", "Idempotency-Key", "webhook-id", "Host"];
        for name in carrying {
            assert!(carries_credentials(name), "{name}");
        }
        for name in not {
            assert!(!carries_credentials(name), "{name}");
        }
    }

    #[test]
    fn a_mask_keeps_out_what_it_names() {
        assert!(!HeaderMask::nothing().keeps_out("Authorization"));
        assert!(HeaderMask::nothing().and("X-Mine").keeps_out("x-mine"));
        assert!(HeaderMask::credentials().and("X-Mine").keeps_out("cookie"));
    }
}
