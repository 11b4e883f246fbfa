//! Tunnels that give a listener a public address: how they are started, and what their output says.
//!
//! Sources: ngrok's agent (`ngrok http ADDR --log stdout --log-format json`, one JSON object a line; `started tunnel` has
//! the `url`, failures come as `lvl` `eror` or `crit` with `err`) and cloudflared's quick tunnels (`cloudflared tunnel
//! --url URL`, plain lines on standard error, the address under `trycloudflare.com`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A program that makes a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tunnel {
    /// ngrok, which needs an account.
    Ngrok,
    /// cloudflared's quick tunnel, which needs none.
    Cloudflared,
}

/// What a line of a tunnel's output says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The public address.
    Url(String),
    /// Why it cannot be had, in the program's own words.
    Fault(String),
    /// Nothing of interest.
    Nothing,
}

impl Tunnel {
    /// All of them.
    pub const ALL: [Tunnel; 2] = [Tunnel::Ngrok, Tunnel::Cloudflared];

    /// The program's name, as it stands on the path.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Tunnel::Ngrok => "ngrok",
            Tunnel::Cloudflared => "cloudflared",
        }
    }

    /// The tunnel of that program.
    #[must_use]
    pub fn from_program(name: &str) -> Option<Tunnel> {
        Tunnel::ALL.into_iter().find(|tunnel| tunnel.program() == name)
    }

    /// The arguments that lead a public address to `host:port`, where plain HTTP or, with `https`, TLS is spoken.
    #[must_use]
    pub fn arguments(self, addr: &str, https: bool) -> Vec<String> {
        let url = format!("{}://{addr}", if https { "https" } else { "http" });
        let words: &[&str] = match self {
            Tunnel::Ngrok => &["http", &url, "--log", "stdout", "--log-format", "json"],
            // The certificate is the listener's own.
            Tunnel::Cloudflared if https => &["tunnel", "--no-autoupdate", "--no-tls-verify", "--url", &url],
            Tunnel::Cloudflared => &["tunnel", "--no-autoupdate", "--url", &url],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// A line of its output for a person: of ngrok's JSON what it is about and what went wrong.
    #[must_use]
    pub fn readable(self, line: &str) -> String {
        let said = match self {
            Tunnel::Ngrok => serde_json::from_str::<Value>(line).ok(),
            Tunnel::Cloudflared => None,
        };
        let Some(said) = said.filter(|said| said.get("msg").is_some()) else { return line.trim_end().to_owned() };
        let fields = ["msg", "url", "err"].into_iter().filter_map(|field| said.get(field).and_then(Value::as_str));
        fields.filter(|text| !text.is_empty() && *text != "<nil>").collect::<Vec<_>>().join(" · ")
    }

    /// What a line of its output, from either stream, says.
    #[must_use]
    pub fn read(self, line: &str) -> Said {
        match self {
            Tunnel::Ngrok => read_ngrok(line),
            Tunnel::Cloudflared => read_cloudflared(line),
        }
    }
}

fn read_ngrok(line: &str) -> Said {
    let Ok(Value::Object(said)) = serde_json::from_str::<Value>(line) else {
        // Before its log begins it writes plain text: a missing account, a wrong option.
        return line.trim().strip_prefix("ERROR:").map_or(Said::Nothing, |why| match why.trim() {
            "" => Said::Nothing,
            why => Said::Fault(why.to_owned()),
        });
    };
    let text = |field: &str| said.get(field).and_then(Value::as_str).unwrap_or_default();
    if text("msg") == "started tunnel" && is_url(text("url")) {
        return Said::Url(text("url").to_owned());
    }
    let error = text("err");
    match text("lvl") {
        "eror" | "crit" | "error" if !error.is_empty() && error != "<nil>" => Said::Fault(error.to_owned()),
        _ => Said::Nothing,
    }
}

fn read_cloudflared(line: &str) -> Said {
    let words = line.split([' ', '|', '\t']).filter(|word| !word.is_empty());
    for word in words.clone() {
        let host = word.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
        // Its documentation and its terms stand in its output too.
        if let Some(host) = host
            && host.ends_with(".trycloudflare.com")
            && host != "api.trycloudflare.com"
            && is_url(word)
        {
            return Said::Url(format!("https://{host}"));
        }
    }
    let mut words = words.skip_while(|word| *word != "ERR" && *word != "FTL");
    match words.next() {
        Some(_) => Said::Fault(words.collect::<Vec<_>>().join(" ")),
        None => Said::Nothing,
    }
}

/// Whether it is a web address of plain characters: it is shown, copied and pasted into a provider's page.
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:/~".contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_output_is_read() {
        let url = |text: &str| Said::Url(text.to_owned());
        let fault = |text: &str| Said::Fault(text.to_owned());
        let rows = [
            (
                Tunnel::Ngrok,
                r#"{"addr":"http://127.0.0.1:4400","lvl":"info","msg":"started tunnel","name":"command_line","obj":"tunnels","t":"2026-11-20T14:02:47Z","url":"https://1a2b.ngrok-free.app"}"#,
                url("https://1a2b.ngrok-free.app"),
            ),
            (
                Tunnel::Ngrok,
                r#"{"lvl":"info","msg":"client session established","obj":"tunnels.session"}"#,
                Said::Nothing,
            ),
            (
                Tunnel::Ngrok,
                r#"{"err":"authentication failed: Your account may not run more endpoints","lvl":"eror","msg":"session closing"}"#,
                fault("authentication failed: Your account may not run more endpoints"),
            ),
            (Tunnel::Ngrok, r#"{"err":"<nil>","lvl":"eror","msg":"x"}"#, Said::Nothing),
            (Tunnel::Ngrok, "ERROR:  unknown flag: --log-format", fault("unknown flag: --log-format")),
            (Tunnel::Ngrok, r#"{"msg":"started tunnel","url":"javascript:alert(1)"}"#, Said::Nothing),
            (
                Tunnel::Cloudflared,
                "2026-11-20T14:02:47Z INF |  https://busy-red-fox.trycloudflare.com                        |",
                url("https://busy-red-fox.trycloudflare.com"),
            ),
            (
                Tunnel::Cloudflared,
                "INF Requesting new quick Tunnel on trycloudflare.com... https://www.cloudflare.com/website-terms/",
                Said::Nothing,
            ),
            (
                Tunnel::Cloudflared,
                "2026-11-20T14:02:47Z ERR Failed to dial a quic connection error=\"timeout\"",
                fault("Failed to dial a quic connection error=\"timeout\""),
            ),
            (
                Tunnel::Cloudflared,
                "failed to request quick Tunnel: Post \"https://api.trycloudflare.com/tunnel\"",
                Said::Nothing,
            ),
        ];
        for (tunnel, line, said) in rows {
            assert_eq!(tunnel.read(line), said, "{line}");
        }
    }

    #[test]
    fn lines_are_shown_readably() {
        let line = r#"{"err":"the session was closed","lvl":"eror","msg":"session closing","obj":"csess"}"#;
        assert_eq!(Tunnel::Ngrok.readable(line), "session closing · the session was closed");
        assert_eq!(Tunnel::Ngrok.readable("ERROR: no account"), "ERROR: no account");
        assert_eq!(Tunnel::Cloudflared.readable("INF Starting  "), "INF Starting");
    }

    #[test]
    fn arguments_hold_the_address_and_no_shell() {
        let ngrok = Tunnel::Ngrok.arguments("127.0.0.1:4400", false);
        assert_eq!(ngrok, ["http", "http://127.0.0.1:4400", "--log", "stdout", "--log-format", "json"]);
        let cloudflared = Tunnel::Cloudflared.arguments("127.0.0.1:4400", true);
        assert_eq!(cloudflared.last().map(String::as_str), Some("https://127.0.0.1:4400"));
        assert_eq!(Tunnel::from_program("ngrok"), Some(Tunnel::Ngrok));
    }
}
