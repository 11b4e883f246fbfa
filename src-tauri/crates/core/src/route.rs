//! Where deliveries are forwarded: the user's routes, and the request that an endpoint gets.
//!
//! Invariants: only a route's own target is ever sent to; nothing of a delivery can change its scheme, host or port. Bytes
//! and headers are the sender's, in their order and spelling, but for what belongs to the connection.

use crate::filter::{Filter, Subject};
use crate::request::{Header, Headers, Request, text};
use crate::response::{RuleError, condition};
use serde::{Deserialize, Serialize};

/// What the sender gets while an endpoint is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The endpoint's answer.
    #[default]
    Wait,
    /// The listener's own answer at once; the endpoint is asked behind it.
    Beside,
}

/// A route as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// A random text, unique among the routes.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is used.
    pub on: bool,
    /// Its condition, in the filter language; empty: every delivery.
    pub when: String,
    /// The endpoint's URL.
    pub target: String,
    /// What the sender gets.
    #[serde(default)]
    pub mode: Mode,
    /// What is taken from the beginning of a delivery's path before the rest is put behind the target's; none: the whole
    /// path goes behind a target without a path, and nothing behind one with a path.
    #[serde(default)]
    pub strip: Option<String>,
    /// The delivery's `Host` is kept; else it is the endpoint's.
    #[serde(default)]
    pub keep_host: bool,
    /// `X-Forwarded-For`, `-Proto` and `-Host` are added.
    #[serde(default)]
    pub forwarded_headers: bool,
    /// The endpoint's certificate is not checked: for one that is self-signed.
    #[serde(default)]
    pub any_certificate: bool,
    /// How long the endpoint may take, in milliseconds.
    #[serde(default = "usual_timeout")]
    pub timeout_ms: u32,
    /// What the sender gets where the endpoint does not answer.
    #[serde(default = "bad_gateway")]
    pub failure_status: u16,
}

fn usual_timeout() -> u32 {
    30_000
}

fn bad_gateway() -> u16 {
    502
}

/// A route that can be used.
#[derive(Debug, Clone)]
pub struct ReadyRoute {
    /// The route.
    pub route: Route,
    when: Filter,
    /// `http://host:port`, without a path.
    origin: String,
    /// `host:port` as it stands in the URL.
    authority: String,
    /// The path, without a slash at its end.
    path: String,
    /// The query, without `?`.
    query: Option<String>,
}

impl ReadyRoute {
    /// Makes a route ready.
    ///
    /// # Errors
    /// The first fault: the condition, a target that is no http or https URL, a number that is out of bounds.
    pub fn new(route: Route) -> Result<ReadyRoute, RuleError> {
        let when = condition(&route.when)?;
        let target = route.target.trim();
        let wrong = |why: &str| RuleError::new("target", format!("“{}” {why}", crate::shorten(target, 80)));
        let (scheme, rest) =
            target.split_once("://").ok_or_else(|| wrong("is no URL: write http://localhost:3000/hook."))?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(wrong("is neither http nor https."));
        }
        if target.chars().any(|c| c.is_whitespace() || c.is_control()) || target.contains('#') {
            return Err(wrong("has white space or a “#” in it."));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if authority.is_empty() || authority.starts_with(':') {
            return Err(wrong("names no host."));
        }
        if authority.contains('@') {
            return Err(wrong("has a user or password in it: put those into the endpoint's own settings."));
        }
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        if !(100..=600_000).contains(&route.timeout_ms) {
            return Err(RuleError::new("timeout_ms", "An endpoint may take 0.1 s to 10 minutes."));
        }
        if !(400..=599).contains(&route.failure_status) {
            return Err(RuleError::new(
                "failure_status",
                "Where the endpoint does not answer, the sender gets 400 to 599.",
            ));
        }
        if route.strip.as_ref().is_some_and(|strip| !strip.starts_with('/')) {
            return Err(RuleError::new("strip", "What is taken from the path begins with “/”."));
        }
        Ok(ReadyRoute {
            when,
            origin: format!("{scheme}://{authority}"),
            authority: authority.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
            query,
            route,
        })
    }

    /// Whether it is on and takes this delivery.
    #[must_use]
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        self.route.on && self.when.fits(subject)
    }

    /// The URL for a delivery.
    #[must_use]
    pub fn url(&self, request: &Request) -> String {
        let path = text(request.path());
        let suffix = match &self.route.strip {
            Some(strip) => {
                let strip = strip.trim_end_matches('/');
                match path.strip_prefix(strip) {
                    Some(rest) if rest.is_empty() || rest.starts_with('/') => rest.to_owned(),
                    _ => path,
                }
            }
            None if self.path.is_empty() => path,
            None => String::new(),
        };
        // A request target may be anything; behind an origin only what begins with a slash is a path.
        let suffix = if suffix.is_empty() || suffix.starts_with('/') { suffix } else { format!("/{suffix}") };
        let mut url = format!("{}{}{suffix}", self.origin, self.path);
        if self.path.is_empty() && suffix.is_empty() {
            url.push('/');
        }
        let queries = [self.query.clone(), request.query().map(text)];
        let queries: Vec<String> = queries.into_iter().flatten().filter(|query| !query.is_empty()).collect();
        if !queries.is_empty() {
            url.push('?');
            url.push_str(&queries.join("&"));
        }
        url
    }

    /// The headers that the endpoint gets, in the sender's order and spelling. `peer` is the sender's address without its
    /// port, `https` whether it came over TLS.
    #[must_use]
    pub fn headers(&self, request: &Request, peer: &str, https: bool) -> Headers {
        let mut kept: Vec<Header> = end_to_end(&request.headers).cloned().collect();
        let host = request.headers.first("host").cloned();
        if !self.route.keep_host {
            for header in kept.iter_mut().filter(|h| h.name.eq_ignore_ascii_case(b"host")) {
                header.value = self.authority.clone().into();
            }
        }
        if self.route.forwarded_headers {
            let mut add = |name: &'static str, value: bytes::Bytes| {
                kept.push(Header { name: name.into(), value });
            };
            add("X-Forwarded-For", peer.to_owned().into());
            add("X-Forwarded-Proto", if https { "https" } else { "http" }.into());
            if let Some(host) = host {
                add("X-Forwarded-Host", host);
            }
        }
        kept.into_iter().collect()
    }
}

/// The fields of a message that belong to it and not to its connection (RFC 9110, 7.6.1). `Content-Length` stays.
pub fn end_to_end(headers: &Headers) -> impl Iterator<Item = &Header> {
    const OF_THE_CONNECTION: [&str; 9] = [
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    let named: Vec<String> = headers
        .all("connection")
        .flat_map(|value| text(value).split(',').map(|name| name.trim().to_ascii_lowercase()).collect::<Vec<_>>())
        .collect();
    headers.iter().filter(move |header| {
        let name = text(&header.name).to_ascii_lowercase();
        !OF_THE_CONNECTION.contains(&name.as_str()) && !named.contains(&name) && name != "expect"
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::HttpVersion;

    fn route(target: &str) -> Route {
        serde_json::from_value(serde_json::json!({
            "id": "a", "name": "mine", "on": true, "when": "", "target": target
        }))
        .expect("a route")
    }

    fn request(target: &str) -> Request {
        let mut headers = Headers::new();
        for (name, value) in [
            ("hOST", "127.0.0.1:4400"),
            ("X-b", "1"),
            ("Connection", "close, X-Drop"),
            ("x-drop", "2"),
            ("X-B", "3"),
            ("Expect", "100-continue"),
            ("Transfer-Encoding", "chunked"),
        ] {
            headers.push(name, value);
        }
        let target = target.to_owned().into();
        Request {
            method: "PUT".to_owned(),
            target,
            version: HttpVersion::Http11,
            headers,
            body: "x".into(),
            cut_from: None,
        }
    }

    #[test]
    fn a_url_keeps_suffix_and_query_and_never_another_host() {
        let rows: [(&str, Option<&str>, &str, &str); 10] = [
            ("http://localhost:3000", None, "/pollo/a?x=1", "http://localhost:3000/pollo/a?x=1"),
            ("http://localhost:3000/", None, "/", "http://localhost:3000/"),
            ("http://localhost:3000/hook", None, "/pollo/a", "http://localhost:3000/hook"),
            ("http://localhost:3000/hook?k=v", None, "/pollo?x=1", "http://localhost:3000/hook?k=v&x=1"),
            ("http://localhost:3000/hook/", Some("/pollo"), "/pollo/a/b", "http://localhost:3000/hook/a/b"),
            ("http://localhost:3000/hook", Some("/pollo/"), "/pollo", "http://localhost:3000/hook"),
            ("http://localhost:3000/hook", Some("/poll"), "/pollo/a", "http://localhost:3000/hook/pollo/a"),
            ("https://e.test", None, "@evil.test/", "https://e.test/@evil.test/"),
            ("https://e.test", None, "http://evil.test/", "https://e.test/http://evil.test/"),
            ("https://e.test", None, "//evil.test/", "https://e.test//evil.test/"),
        ];
        for (target, strip, of, expected) in rows {
            let ready = ReadyRoute::new(Route { strip: strip.map(str::to_owned), ..route(target) }).expect(target);
            assert_eq!(ready.url(&request(of)), expected, "{target} {of}");
        }
    }

    #[test]
    fn headers_stay_in_order_and_spelling_but_for_the_connections_own() {
        let ready = ReadyRoute::new(route("http://localhost:3000/hook")).expect("it is right");
        let shown = |ready: &ReadyRoute| {
            let headers = ready.headers(&request("/a"), "10.1.1.1", true);
            headers.iter().map(|h| format!("{}: {}", text(&h.name), text(&h.value))).collect::<Vec<_>>()
        };
        assert_eq!(shown(&ready), ["hOST: localhost:3000", "X-b: 1", "X-B: 3"]);
        let all = Route { keep_host: true, forwarded_headers: true, ..route("http://localhost:3000") };
        assert_eq!(
            shown(&ReadyRoute::new(all).expect("it is right"))[3..],
            ["X-Forwarded-For: 10.1.1.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: 127.0.0.1:4400"]
        );
    }

    #[test]
    fn a_target_that_cannot_be_sent_to_is_refused() {
        for target in
            ["localhost:3000", "ftp://a", "http://", "http://:80/", "http://u:p@a/", "http://a/ b", "http://a/#x"]
        {
            assert_eq!(ReadyRoute::new(route(target)).expect_err(target).field, "target", "{target}");
        }
        let wrong = Route { failure_status: 200, ..route("http://a") };
        assert_eq!(ReadyRoute::new(wrong).expect_err("a failure is none").field, "failure_status");
    }
}
