//! Rules and routes as words of the command line, for one run.

use countersign_core::response::ReadyRule;
use countersign_core::route::ReadyRoute;
use countersign_core::tunnel::Tunnel;
use countersign_engine::wire::{Fault, ResponseRule, Route, RouteMode, Turn};
use std::net::SocketAddr;

/// `--forward URL`.
pub(crate) fn forward(text: &str) -> Result<Route, String> {
    let route = Route {
        id: format!("forward {text}"),
        name: text.split('?').next().unwrap_or(text).to_owned(),
        on: true,
        when: String::new(),
        target: text.to_owned(),
        mode: RouteMode::Wait,
        strip: None,
        keep_host: false,
        forwarded_headers: false,
        any_certificate: false,
        timeout_ms: 30_000,
        failure_status: 502,
    };
    ReadyRoute::new((&route).into()).map_err(|error| error.message)?;
    Ok(route)
}

/// `--route FILTER=URL`.
pub(crate) fn route(text: &str) -> Result<Route, String> {
    // A filter may hold an equals sign of its own: the URL is what begins like one.
    let at = ["=http://", "=https://"].iter().filter_map(|mark| text.find(mark)).min();
    let (when, target) =
        at.map(|at| (&text[..at], &text[at + 1..])).ok_or("write FILTER=http://localhost:3000/hook")?;
    let route = Route { id: format!("route {text}"), when: when.to_owned(), ..forward(target)? };
    ReadyRoute::new((&route).into()).map_err(|error| error.message)?;
    Ok(route)
}

/// `--respond status=503,delay=2s,…`.
pub(crate) fn respond(text: &str) -> Result<ResponseRule, String> {
    let mut rule = ResponseRule {
        id: format!("respond {text}"),
        name: text.split(",body=").next().unwrap_or(text).to_owned(),
        on: true,
        when: String::new(),
        turn: Turn::Always,
        status: 200,
        headers: Vec::new(),
        body: String::new(),
        delay_ms: 0,
        fault: None,
    };
    let mut rest = text;
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=').ok_or_else(|| format!("“{rest}” is not NAME=VALUE"))?;
        // A body may hold commas: it is the last.
        let (value, more) = if name == "body" { (value, "") } else { value.split_once(',').unwrap_or((value, "")) };
        rest = more;
        let number = || value.parse().map_err(|_| format!("“{value}” is no number for {name}"));
        match name {
            "status" => rule.status = value.parse().map_err(|_| format!("“{value}” is no status"))?,
            "delay" => rule.delay_ms = milliseconds(value)?,
            "when" => value.clone_into(&mut rule.when),
            "first" => rule.turn = Turn::First { count: number()? },
            "every" => rule.turn = Turn::Every { count: number()? },
            "type" => rule.headers.push(("Content-Type".to_owned(), value.to_owned())),
            "body" => value.clone_into(&mut rule.body),
            "fault" => {
                rule.fault = Some(match value {
                    "close" => Fault::Close,
                    "half" => Fault::Half,
                    "never" => Fault::Never,
                    _ => return Err(format!("there is no fault “{value}”: there are close, half and never")),
                });
            }
            _ => {
                return Err(format!(
                    "there is no “{name}”: there are status, delay, when, first, every, fault, type and body"
                ));
            }
        }
    }
    ReadyRule::new((&rule).into()).map_err(|error| error.message)?;
    Ok(rule)
}

/// `127.0.0.1:4400`.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let wrong =
        || format!("“{text}” is no address with a port: write 127.0.0.1:4400, or 0.0.0.0:4400 for all interfaces");
    text.parse().map_err(|_| wrong())
}

/// The name of a tunnel's program.
pub(crate) fn tunnel(text: &str) -> Result<Tunnel, String> {
    Tunnel::from_program(text).ok_or_else(|| format!("there is no tunnel “{text}”: there are ngrok and cloudflared"))
}

/// `2s`, `500ms`, `1.5s`.
pub(crate) fn milliseconds(text: &str) -> Result<u32, String> {
    let wrong = || format!("“{text}” is no time: write 2s or 500ms");
    let (number, unit) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 1.0),
        (None, Some(number)) => (number, 1000.0),
        _ => return Err(wrong()),
    };
    let value: f64 = number.trim().parse().map_err(|_| wrong())?;
    let ms = value * unit;
    if (0.0..=f64::from(u32::MAX)).contains(&ms) { Ok(ms.round() as u32) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_routes_are_read_and_wrong_ones_are_said() {
        let rule = respond("status=503,delay=1.5s,when=path:/a verdict:pass,first=2,body=a,b=c").expect("it is right");
        assert_eq!((rule.status, rule.delay_ms, rule.body.as_str()), (503, 1500, "a,b=c"));
        assert_eq!((rule.when.as_str(), rule.turn), ("path:/a verdict:pass", Turn::First { count: 2 }));
        assert_eq!(respond("fault=close").expect("it is right").fault, Some(Fault::Close));
        let route = route("provider:pollo body:a=b=https://e.test/?x=http://y").expect("it is right");
        assert_eq!(
            (route.when.as_str(), route.target.as_str()),
            ("provider:pollo body:a=b", "https://e.test/?x=http://y")
        );
        for wrong in ["503", "status=5", "delay=2", "fault=other", "when=status:200", "colour=red"] {
            assert!(respond(wrong).is_err(), "{wrong}");
        }
        assert!(forward("localhost:3000").is_err());
    }
}
