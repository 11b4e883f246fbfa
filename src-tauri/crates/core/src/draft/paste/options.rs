//! curl's options, as far as they are read.

/// What an option means for the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Method,
    Url,
    Header,
    /// `-d`: text, or `@file` without its line ends.
    Data,
    DataRaw,
    DataBinary,
    DataUrlencode,
    Json,
    User,
    Bearer,
    Agent,
    Referer,
    Cookie,
    Get,
    Head,
    Target,
    GlobOff,
    PathAsIs,
    Insecure,
    Follow,
    /// Asks for a compressed reply.
    Compressed,
    /// Another version of HTTP.
    Version,
    /// Changes nothing of the request, with or without a value.
    Nothing,
    /// Changes how the endpoint is reached, not what is sent.
    Connection,
}

/// An option: its long name, its letter, whether a value follows, its meaning.
pub(super) struct Known {
    pub(super) long: &'static str,
    pub(super) letter: char,
    pub(super) value: bool,
    pub(super) meaning: Meaning,
}

/// No letter.
const NO: char = '\0';

const fn option(long: &'static str, letter: char, value: bool, meaning: Meaning) -> Known {
    Known { long, letter, value, meaning }
}

/// The options (curl 8.11, `curl --help all`).
pub(super) const KNOWN: &[Known] = &[
    option("request", 'X', true, Meaning::Method),
    option("url", NO, true, Meaning::Url),
    option("header", 'H', true, Meaning::Header),
    option("data", 'd', true, Meaning::Data),
    option("data-ascii", NO, true, Meaning::Data),
    option("data-raw", NO, true, Meaning::DataRaw),
    option("data-binary", NO, true, Meaning::DataBinary),
    option("data-urlencode", NO, true, Meaning::DataUrlencode),
    option("json", NO, true, Meaning::Json),
    option("user", 'u', true, Meaning::User),
    option("oauth2-bearer", NO, true, Meaning::Bearer),
    option("user-agent", 'A', true, Meaning::Agent),
    option("referer", 'e', true, Meaning::Referer),
    option("cookie", 'b', true, Meaning::Cookie),
    option("get", 'G', false, Meaning::Get),
    option("head", 'I', false, Meaning::Head),
    option("request-target", NO, true, Meaning::Target),
    option("globoff", 'g', false, Meaning::GlobOff),
    option("path-as-is", NO, false, Meaning::PathAsIs),
    option("insecure", 'k', false, Meaning::Insecure),
    option("location", 'L', false, Meaning::Follow),
    option("compressed", NO, false, Meaning::Compressed),
    option("http1.0", '0', false, Meaning::Version),
    option("http2", NO, false, Meaning::Version),
    option("http2-prior-knowledge", NO, false, Meaning::Version),
    option("http3", NO, false, Meaning::Version),
    option("http3-only", NO, false, Meaning::Version),
    option("http1.1", NO, false, Meaning::Nothing),
    option("basic", NO, false, Meaning::Nothing),
    option("disable", 'q', false, Meaning::Nothing),
    option("silent", 's', false, Meaning::Nothing),
    option("show-error", 'S', false, Meaning::Nothing),
    option("verbose", 'v', false, Meaning::Nothing),
    option("include", 'i', false, Meaning::Nothing),
    option("show-headers", NO, false, Meaning::Nothing),
    option("fail", 'f', false, Meaning::Nothing),
    option("fail-early", NO, false, Meaning::Nothing),
    option("fail-with-body", NO, false, Meaning::Nothing),
    option("progress-bar", '#', false, Meaning::Nothing),
    option("progress-meter", NO, false, Meaning::Nothing),
    option("no-progress-meter", NO, false, Meaning::Nothing),
    option("no-buffer", 'N', false, Meaning::Nothing),
    option("raw", NO, false, Meaning::Nothing),
    option("styled-output", NO, false, Meaning::Nothing),
    option("no-styled-output", NO, false, Meaning::Nothing),
    option("trace-time", NO, false, Meaning::Nothing),
    option("trace", NO, true, Meaning::Nothing),
    option("trace-ascii", NO, true, Meaning::Nothing),
    option("output", 'o', true, Meaning::Nothing),
    option("output-dir", NO, true, Meaning::Nothing),
    option("create-dirs", NO, false, Meaning::Nothing),
    option("remote-name", 'O', false, Meaning::Nothing),
    option("remote-header-name", 'J', false, Meaning::Nothing),
    option("remote-time", 'R', false, Meaning::Nothing),
    option("dump-header", 'D', true, Meaning::Nothing),
    option("cookie-jar", 'c', true, Meaning::Nothing),
    option("stderr", NO, true, Meaning::Nothing),
    option("write-out", 'w', true, Meaning::Nothing),
    option("max-time", 'm', true, Meaning::Nothing),
    option("connect-timeout", NO, true, Meaning::Nothing),
    option("max-redirs", NO, true, Meaning::Nothing),
    option("max-filesize", NO, true, Meaning::Nothing),
    option("limit-rate", NO, true, Meaning::Nothing),
    option("speed-limit", 'Y', true, Meaning::Nothing),
    option("speed-time", 'y', true, Meaning::Nothing),
    option("retry", NO, true, Meaning::Nothing),
    option("retry-delay", NO, true, Meaning::Nothing),
    option("retry-max-time", NO, true, Meaning::Nothing),
    option("retry-connrefused", NO, false, Meaning::Nothing),
    option("retry-all-errors", NO, false, Meaning::Nothing),
    option("ignore-content-length", NO, false, Meaning::Nothing),
    option("keepalive-time", NO, true, Meaning::Nothing),
    option("no-keepalive", NO, false, Meaning::Nothing),
    option("tcp-nodelay", NO, false, Meaning::Nothing),
    option("expect100-timeout", NO, true, Meaning::Nothing),
    option("ipv4", '4', false, Meaning::Connection),
    option("ipv6", '6', false, Meaning::Connection),
    option("proxy", 'x', true, Meaning::Connection),
    option("noproxy", NO, true, Meaning::Connection),
    option("proxytunnel", 'p', false, Meaning::Connection),
    option("proxy-user", 'U', true, Meaning::Connection),
    option("proxy-insecure", NO, false, Meaning::Connection),
    option("socks5", NO, true, Meaning::Connection),
    option("socks5-hostname", NO, true, Meaning::Connection),
    option("resolve", NO, true, Meaning::Connection),
    option("connect-to", NO, true, Meaning::Connection),
    option("interface", NO, true, Meaning::Connection),
    option("unix-socket", NO, true, Meaning::Connection),
    option("dns-servers", NO, true, Meaning::Connection),
    option("doh-url", NO, true, Meaning::Connection),
    option("cacert", NO, true, Meaning::Connection),
    option("capath", NO, true, Meaning::Connection),
    option("cert", 'E', true, Meaning::Connection),
    option("cert-type", NO, true, Meaning::Connection),
    option("key", NO, true, Meaning::Connection),
    option("key-type", NO, true, Meaning::Connection),
    option("pass", NO, true, Meaning::Connection),
    option("pinnedpubkey", NO, true, Meaning::Connection),
    option("ciphers", NO, true, Meaning::Connection),
    option("tls13-ciphers", NO, true, Meaning::Connection),
    option("tls-max", NO, true, Meaning::Connection),
    option("tlsv1", '1', false, Meaning::Connection),
    option("tlsv1.0", NO, false, Meaning::Connection),
    option("tlsv1.1", NO, false, Meaning::Connection),
    option("tlsv1.2", NO, false, Meaning::Connection),
    option("tlsv1.3", NO, false, Meaning::Connection),
    option("ssl-no-revoke", NO, false, Meaning::Connection),
    option("ssl-reqd", NO, false, Meaning::Connection),
    option("alpn", NO, false, Meaning::Connection),
    option("no-alpn", NO, false, Meaning::Connection),
];

/// The option of a long name.
pub(super) fn long(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.long == name)
}

/// The option of a letter.
pub(super) fn letter(letter: char) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.letter == letter && letter != NO)
}
