//! `countersign listen`.

use crate::args::{Common, ListenArgs};
use crate::output::{self, Failure};
use countersign_engine::OpenOptions;
use countersign_engine::wire::{DeliverySummary, EngineEvent, TunnelPhase, TunnelState};
use serde::Serialize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

#[derive(Serialize)]
struct Listening<'a> {
    r#type: &'static str,
    addr: String,
    db: &'a str,
    /// Where a damaged log was kept aside; absent where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_aside: Option<String>,
    /// Only where it receives over TLS: what it shows.
    #[serde(flatten)]
    tls: Option<Secure>,
}

#[derive(Serialize)]
struct Secure {
    tls: bool,
    /// SHA-256 of the certificate.
    fingerprint: String,
    /// Its file.
    certificate: String,
}

#[derive(Serialize)]
struct Tunnelled<'a> {
    r#type: &'static str,
    phase: TunnelPhase,
    url: Option<&'a str>,
    message: Option<&'a str>,
}

#[derive(Serialize)]
struct Delivered<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    delivery: &'a DeliverySummary,
}

pub(crate) async fn run(common: &Common, args: ListenArgs) -> Result<ExitCode, Failure> {
    let run_tls = args.run_tls();
    let run_routes = args.route.into_iter().chain(args.forward).collect();
    let options = OpenOptions { run_rules: args.respond, run_routes, run_tls, ..OpenOptions::default() };
    let engine = output::open_with(common, options).await?;
    // Deliveries are printed in the order in which their answers left. Unbounded by design: what waits here is a row, and
    // it waits only while standard output is not read.
    let (sender, mut answered) = mpsc::unbounded_channel();
    engine.on_answered(Arc::new(move |delivery| {
        // Nobody prints any more once the program ends.
        let _ = sender.send(delivery);
    }));
    let addr = engine.listen(args.listen, args.listen.is_none()).await?;
    if let Some(fault) = engine.fault_of_this_run() {
        engine.close(Duration::ZERO).await;
        return Err(Failure::usage(fault));
    }
    let db = engine.db().display().to_string();
    let state = engine.listener();
    // A port that was moved, or an address that others reach.
    if let Some(message) = state.message {
        eprintln!("countersign: {message}");
    }
    let tls = state.tls.map(|t| Secure { tls: true, fingerprint: t.fingerprint, certificate: t.certificate });
    if common.json {
        let set_aside = engine.set_aside().map(|path| path.display().to_string());
        output::json(&Listening { r#type: "listening", addr: addr.to_string(), db: &db, set_aside, tls })?;
    } else {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let certificate = tls.map(|t| format!(" · certificate {}", t.certificate)).unwrap_or_default();
        output::line(format_args!("Listening on {scheme}://{addr}{certificate} · log {db} · stop with Ctrl+C"))?;
    }
    let mut events = engine.subscribe();
    if let Some(tunnel) = args.tunnel {
        engine.start_tunnel(tunnel, args.tunnel_program.as_deref()).await?;
    }
    let mut public = Public::default();
    let stop = stop_signal();
    tokio::pin!(stop);
    let done = loop {
        tokio::select! {
            () = &mut stop => break Ok(()),
            Some(delivery) = answered.recv() => {
                if let Err(failure) = print(common, &delivery) {
                    break Err(failure);
                }
            }
            Some(batch) = events.next(), if args.tunnel.is_some() => {
                let told = batch.events.iter().filter_map(|event| match event {
                    EngineEvent::Tunnel { tunnel } => Some(tunnel),
                    _ => None,
                });
                if let Err(failure) = told.into_iter().try_for_each(|tunnel| public.tell(common, tunnel)) {
                    break Err(failure);
                }
            }
        }
    };
    engine.close(Duration::from_secs(5)).await;
    while let (Ok(()), Ok(delivery)) = (&done, answered.try_recv()) {
        print(common, &delivery)?;
    }
    done.map(|()| ExitCode::SUCCESS)
}

/// What was last said of the tunnel.
#[derive(Default)]
struct Public(Option<TunnelState>);

impl Public {
    /// Says what changed: the address, on standard output, or what stands in its way, on standard error.
    fn tell(&mut self, common: &Common, tunnel: &TunnelState) -> Result<(), Failure> {
        let now = TunnelState { lines: Vec::new(), ..tunnel.clone() };
        if self.0.as_ref() == Some(&now) || now.phase == TunnelPhase::Off {
            return Ok(());
        }
        if let (TunnelPhase::Open, Some(url)) = (now.phase, &now.public_url) {
            if !common.json {
                output::line(format_args!("Public address {url} · whoever knows it can send"))?;
            }
        } else if let Some(message) = &now.message {
            eprintln!("countersign: {message}");
            if now.phase == TunnelPhase::Ended {
                tunnel.lines.iter().for_each(|line| eprintln!("  {line}"));
            }
        }
        if common.json {
            let (url, message) = (now.public_url.as_deref(), now.message.as_deref());
            output::json(&Tunnelled { r#type: "tunnel", phase: now.phase, url, message })?;
        }
        self.0 = Some(now);
        Ok(())
    }
}

fn print(common: &Common, delivery: &DeliverySummary) -> Result<(), Failure> {
    if common.json {
        output::json(&Delivered { r#type: "delivery", delivery })
    } else {
        output::line(output::row(delivery))
    }
}

/// Ctrl+C, or what the system sends to end a program.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
