//! Public addresses of this machine, as tunnels give them, and the addresses of clients.

use super::{Found, Kind, Known, Part};
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

/// What stands in the place of a public host.
pub(super) const HOST_MASK: &str = "tunnel.example.com";

/// Domains under which tunnels get their names.
const TUNNELS: [&str; 16] = [
    ".ngrok.io",
    ".ngrok.app",
    ".ngrok.dev",
    ".ngrok.pizza",
    ".ngrok-free.app",
    ".ngrok-free.dev",
    ".ngrok-free.pizza",
    ".trycloudflare.com",
    ".loca.lt",
    ".localhost.run",
    ".lhr.life",
    ".serveo.net",
    ".tunnelmole.net",
    ".devtunnels.ms",
    ".pinggy.link",
    ".pinggy.online",
];

/// The names of tunnels in a text, and the hosts that are known.
pub(super) fn find(text: &[u8], known: &Known) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if memchr::memchr(b'.', text).is_none() {
        return found;
    }
    let lower = text.to_ascii_lowercase();
    let is_host = |b: &u8| b.is_ascii_alphanumeric() || b"-.".contains(b);
    for suffix in TUNNELS {
        for at in memchr::memmem::find_iter(&lower, suffix.as_bytes()) {
            let end = at + suffix.len();
            let begin = at - lower[..at].iter().rev().take(253).take_while(|b| is_host(b)).count();
            let goes_on = lower.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
            if begin < at && !goes_on {
                found.push(begin..end);
            }
        }
    }
    for host in known.hosts.iter().filter(|host| !host.is_empty()) {
        found.extend(memchr::memmem::find_iter(&lower, host.as_bytes()).map(|at| at..at + host.len()));
    }
    found.sort_by_key(|at| (at.start, std::cmp::Reverse(at.end)));
    found.dedup_by(|next, before| next.start < before.end);
    found
}

/// Where the host stands in `host:port`, where it is one that leads to this machine from elsewhere.
pub(super) fn public_host(value: &[u8]) -> Option<Range<usize>> {
    let text = std::str::from_utf8(value).ok()?;
    let end = match text.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => text.find([':', ',', ' ']).unwrap_or(text.len()),
    };
    let host = text[..end].to_ascii_lowercase();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
        || bare == "localhost"
        || [".localhost", ".internal", ".example.com", ".example", ".test"].iter().any(|end| bare.ends_with(end));
    // A name without a dot is one of this machine or of its own network of containers.
    (!here && (bare.contains('.') || bare.contains(':'))).then_some(0..end)
}

/// `ab••••.ngrok-free.app`.
pub(super) fn hint(host: &[u8]) -> String {
    let text = crate::request::text(host);
    match text.split_once('.') {
        Some((first, rest)) if text.parse::<IpAddr>().is_err() && rest.contains('.') => {
            format!("{}••••.{rest}", first.chars().take(2).collect::<String>())
        }
        _ => super::hint(host),
    }
}

/// The tunnels' addresses in a text, as findings.
pub(super) fn tunnels(text: &[u8], part: Part, key: &str, place: &str, known: &Known, found: &mut Vec<Found>) {
    found.extend(find(text, known).into_iter().map(|range| Found {
        kind: Kind::TunnelAddresses,
        key: key.to_owned(),
        place: place.to_owned(),
        pointer: None,
        part,
        shown: hint(&text[range.clone()]),
        range,
        mask: HOST_MASK.into(),
    }));
}

/// The addresses of clients in the value of such a header; this machine's own is none.
pub(super) fn addresses(value: &[u8]) -> Vec<(Range<usize>, IpAddr)> {
    let mut found = Vec::new();
    let mut at = 0;
    for piece in value.split(|b| b" ,;=\"".contains(b)) {
        let begin = at;
        at += piece.len() + 1;
        let Ok(text) = std::str::from_utf8(piece) else { continue };
        let opened = usize::from(text.starts_with('['));
        let inner = &text[opened..];
        let inner = inner.split_once(']').map_or(inner, |(inner, _)| inner);
        let whole = inner.parse::<IpAddr>().ok().map(|ip| (ip, inner.len()));
        let with_port = || {
            let ip = inner.parse::<SocketAddr>().ok()?.ip();
            Some((ip, inner.rfind(':')?))
        };
        if let Some((ip, len)) = whole.or_else(with_port).filter(|(ip, _)| !ip.is_loopback()) {
            found.push((begin + opened..begin + opened + len, ip));
        }
    }
    found
}

/// An address from those that are kept for documentation (RFC 5737, RFC 3849).
pub(super) fn address_mask(ip: IpAddr) -> &'static str {
    if ip.is_ipv4() { "192.0.2.1" } else { "2001:db8::1" }
}

/// `203.•••`.
pub(super) fn address_hint(ip: IpAddr) -> String {
    let text = ip.to_string();
    let end = text.find(['.', ':']).map_or(0, |at| at + 1);
    format!("{}•••", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tunnels_and_hosts_are_found_where_they_stand() {
        let known = Known { hosts: vec!["hooks.mine.dev".to_owned()] };
        let rows: [(&str, &[&str]); 6] = [
            ("https://AB-1.ngrok-free.app/x", &["AB-1.ngrok-free.app"]),
            ("a.b.trycloudflare.com, c.ngrok.io:443", &["a.b.trycloudflare.com", "c.ngrok.io"]),
            ("ngrok.io x.ngrok.iox /.ngrok.io", &[]),
            ("at hooks.mine.dev", &["hooks.mine.dev"]),
            ("no tunnel", &[]),
            ("x.ngrok.io.evil.test", &["x.ngrok.io"]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = find(text.as_bytes(), &known).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{text}");
        }
        let hosts = [
            ("127.0.0.1:4400", None),
            ("localhost:4400", None),
            ("[::1]:4400", None),
            ("web:80", None),
            ("host.docker.internal:4400", None),
            ("hooks.mine.dev:443", Some("hooks.mine.dev")),
            ("192.168.0.7:4400", Some("192.168.0.7")),
            ("[2001:db8::7]:1", Some("[2001:db8::7]")),
        ];
        for (host, expected) in hosts {
            assert_eq!(public_host(host.as_bytes()).map(|at| &host[at]), expected, "{host}");
        }
    }

    #[test]
    fn addresses_of_clients_are_found_in_every_form() {
        let rows: [(&str, &[&str]); 6] = [
            ("203.0.113.7", &["203.0.113.7"]),
            ("203.0.113.7, 10.0.0.1:99,127.0.0.1", &["203.0.113.7", "10.0.0.1"]),
            ("for=\"[2001:db8:c::17]:4711\";proto=https;by=203.0.113.43", &["2001:db8:c::17", "203.0.113.43"]),
            ("2001:db8::7", &["2001:db8::7"]),
            ("unknown, _hidden", &[]),
            ("[::1]", &[]),
        ];
        for (value, expected) in rows {
            let found: Vec<&str> = addresses(value.as_bytes()).into_iter().map(|(at, _)| &value[at]).collect();
            assert_eq!(found, expected, "{value}");
        }
    }
}
