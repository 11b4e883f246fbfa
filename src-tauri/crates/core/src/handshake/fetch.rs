//! Which URL of a stranger may be fetched: one of the provider's own hosts, and nothing else.

use url::{Host, Url};

/// Why a URL is not fetched: follows the words for where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// It cannot be read, or holds what readers of URLs understand differently.
    #[error("is no URL")]
    NoUrl,
    /// It is not `https`.
    #[error("is no https URL")]
    NotHttps,
    /// It names a user, or another port than 443.
    #[error("names a user or a port")]
    UserOrPort,
    /// The provider's file does not name its host.
    #[error("leads to {host}, which is no host of the provider's")]
    Host {
        /// The host, shortened.
        host: String,
    },
}

/// The URL as it is to be fetched: written anew, so that whoever reads it next sees the same host.
pub(super) fn allowed(given: &[u8], hosts: &[String]) -> Result<String, UrlFault> {
    let given = std::str::from_utf8(given).map_err(|_| UrlFault::NoUrl)?;
    // The URL standard reads `\` as `/` and drops line ends; others do not.
    if given.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace()) {
        return Err(UrlFault::NoUrl);
    }
    let mut url = Url::parse(given).map_err(|_| UrlFault::NoUrl)?;
    if url.scheme() != "https" {
        return Err(UrlFault::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() || url.port().is_some() {
        return Err(UrlFault::UserOrPort);
    }
    match url.host() {
        Some(Host::Domain(host)) if hosts.iter().any(|pattern| fits(pattern, host)) => {}
        Some(host) => return Err(UrlFault::Host { host: crate::shorten(&host.to_string(), 100) }),
        None => return Err(UrlFault::NoUrl),
    }
    url.set_fragment(None);
    Ok(url.into())
}

/// Whether a host, in lower case, is one of a pattern's.
fn fits(pattern: &str, host: &str) -> bool {
    let (wanted, given): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), host.split('.').collect());
    let any_more = wanted[0] == "*" && given.len() > wanted.len();
    let given = if any_more { &given[given.len() - wanted.len()..] } else { &given[..] };
    wanted.len() == given.len()
        && wanted.iter().zip(given).all(|(wanted, given)| (*wanted == "*" && !given.is_empty()) || wanted == given)
}

/// Whether a pattern of a provider's file holds two labels at its end that are not left open.
pub(super) fn is_pattern(pattern: &str) -> bool {
    let labels: Vec<&str> = pattern.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let open = labels.len().saturating_sub(2);
    labels.len() >= 2
        && labels[open..].iter().all(is_label)
        && labels[..open].iter().all(|label| *label == "*" || is_label(label))
}
