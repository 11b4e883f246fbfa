//! The sender's address as a tunnel or a proxy in front of the listener says it.
//!
//! It is a claim: whoever reaches the listener directly can write such a header. So it is asked for only where the
//! connection came from this machine, as a tunnel's does, and it is shown as what the header says.

use crate::request::{Headers, text};
use std::net::{IpAddr, SocketAddr};

/// Whose address stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The header, as the sender spelled it.
    pub header: String,
    /// The address.
    pub address: IpAddr,
}

/// The address that the nearest tunnel or proxy wrote: of a list its last entry, since what stands before it came from
/// further away. `X-Forwarded-For` comes first: every tunnel adds to it, while a stranger behind ngrok can write
/// Cloudflare's own header himself.
#[must_use]
pub fn claimed(headers: &Headers) -> Option<Claimed> {
    ["x-forwarded-for", "cf-connecting-ip", "forwarded"].into_iter().find_map(|name| {
        let field = headers.iter().rfind(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))?;
        let value = text(&field.value);
        let last = value.rsplit(',').next()?.trim();
        let last = match name {
            "forwarded" => last.split(';').find_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                key.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
            })?,
            _ => last,
        };
        Some(Claimed { header: text(&field.name), address: address(last)? })
    })
}

/// An address with or without a port and brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|addr| addr.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_proxy_is_believed_and_nothing_else_is() {
        type Row<'a> = (&'a [(&'a str, &'a str)], Option<(&'a str, &'a str)>);
        let rows: [Row<'_>; 10] = [
            (&[("X-Forwarded-For", "203.0.113.7")], Some(("X-Forwarded-For", "203.0.113.7"))),
            (&[("x-forwarded-for", "10.0.0.1, 203.0.113.7")], Some(("x-forwarded-for", "203.0.113.7"))),
            (
                &[("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "203.0.113.7")],
                Some(("X-Forwarded-For", "203.0.113.7")),
            ),
            (
                &[("Cf-Connecting-Ip", "2001:db8::1"), ("X-Forwarded-For", "203.0.113.7")],
                Some(("X-Forwarded-For", "203.0.113.7")),
            ),
            (&[("Cf-Connecting-Ip", "2001:db8::1")], Some(("Cf-Connecting-Ip", "2001:db8::1"))),
            (&[("X-Forwarded-For", "203.0.113.7:443")], Some(("X-Forwarded-For", "203.0.113.7"))),
            (&[("Forwarded", "for=1.2.3.4, for=\"[2001:db8::1]:80\";proto=https")], Some(("Forwarded", "2001:db8::1"))),
            (&[("X-Forwarded-For", "<script>alert(1)</script>")], None),
            (&[("X-Forwarded-For", "203.0.113.7, unknown")], None),
            (&[("Host", "127.0.0.1")], None),
        ];
        for (fields, expected) in rows {
            let mut headers = Headers::new();
            for (name, value) in fields {
                headers.push((*name).to_owned(), (*value).to_owned());
            }
            let found = claimed(&headers).map(|claimed| (claimed.header, claimed.address.to_string()));
            assert_eq!(found, expected.map(|(header, ip)| (header.to_owned(), ip.to_owned())), "{fields:?}");
        }
    }
}
