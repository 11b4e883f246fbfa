//! Sending deliveries on to the user's endpoints: routes, and what is read of their attempts.

mod catch_up;
mod lanes;
mod send;

use crate::answering::named;
use crate::deliveries::wire_headers;
use crate::error::EngineError;
use crate::judging::wire_bytes;
use crate::wire::{
    AttemptDetail, AttemptInfo, AttemptKind, AttemptState, CommandError, EngineEvent, ForwardProgress, Route,
    RouteInfo, RuleFault,
};
use crate::{Engine, Inner, read, time, write};
use countersign_core::filter::Subject;
use countersign_core::request::Headers;
use countersign_core::route::ReadyRoute;
use countersign_store::{self as store, AttemptId, AttemptSummary, Store};
pub(crate) use lanes::Lanes;
pub(crate) use send::{Forwarded, ended, response_of};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use url::{Host, Url};

const KEY: &str = "routes";
/// More endpoints than anybody forwards to.
const MOST_ROUTES: usize = 50;
/// Where counting of what was missed ends.
const COUNTED: usize = 1_000;
/// So much of an endpoint's body crosses to the window.
const SHOWN: usize = 256 * 1024;

/// The routes, ready to be used.
#[derive(Default)]
pub(crate) struct Routes {
    saved: Vec<Route>,
    ready: Vec<Arc<ReadyRoute>>,
}

/// What goes on with forwarding.
#[derive(Default)]
pub(crate) struct Forwarding {
    pub(crate) lanes: Lanes,
    /// Sending what was missed, by route, while it runs; cancelled by dropping the sender.
    catching_up: Mutex<HashMap<String, catch_up::Run>>,
}

impl Routes {
    /// Reads the routes of a log; those of this run alone come first.
    pub(crate) fn load(store: &Store, of_this_run: &[Route]) -> Result<Routes, EngineError> {
        let text = store.setting(KEY)?;
        let saved: Vec<Route> = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(Routes::new(saved, of_this_run))
    }

    fn new(saved: Vec<Route>, of_this_run: &[Route]) -> Routes {
        let all = of_this_run.iter().chain(&saved);
        let ready = all.filter_map(|route| ReadyRoute::new(route.into()).ok()).map(Arc::new).collect();
        Routes { saved, ready }
    }

    /// The routes that take a delivery, in order.
    pub(crate) fn fitting(&self, subject: &Subject<'_>) -> Vec<Arc<ReadyRoute>> {
        self.ready.iter().filter(|ready| ready.fits(subject)).cloned().collect()
    }

    fn get(&self, id: &str) -> Option<Arc<ReadyRoute>> {
        self.ready.iter().find(|ready| ready.route.id == id).cloned()
    }
}

/// The address of a sender without its port.
pub(crate) fn peer_ip(peer: &str) -> String {
    peer.parse::<SocketAddr>().map_or_else(|_| peer.to_owned(), |addr| addr.ip().to_string())
}

/// An attempt for the window.
pub(crate) fn wire_attempt(attempt: &AttemptSummary) -> AttemptInfo {
    let us = |time: Option<i64>| time.and_then(|us| u64::try_from(us).ok());
    AttemptInfo {
        id: attempt.id.to_string(),
        delivery: attempt.delivery_id.map(|id| id.to_string()),
        kind: kind_of(attempt.kind),
        signing: attempt.signing.clone(),
        as_expected: attempt.as_expected,
        name: attempt.name.clone(),
        method: attempt.method.clone(),
        url: attempt.url.clone(),
        state: match attempt.state {
            store::AttemptState::Waiting => AttemptState::Waiting,
            store::AttemptState::Answered => AttemptState::Answered,
            store::AttemptState::Failed => AttemptState::Failed,
            store::AttemptState::Dropped => AttemptState::Dropped,
        },
        started_at: time::rfc3339_us(attempt.started_at_us),
        status: attempt.status,
        error: attempt.error.clone(),
        connected_us: us(attempt.timing.connected_us),
        tls_us: us(attempt.timing.tls_us),
        first_byte_us: us(attempt.timing.first_byte_us),
        total_us: us(attempt.timing.total_us),
        reply_len: us(attempt.reply_len),
        reply_cut: attempt.reply_cut,
    }
}

fn kind_of(kind: store::AttemptKind) -> AttemptKind {
    match kind {
        store::AttemptKind::Forward => AttemptKind::Forward,
        store::AttemptKind::Resend => AttemptKind::Resend,
        store::AttemptKind::Draft => AttemptKind::Draft,
        store::AttemptKind::Batch => AttemptKind::Batch,
        store::AttemptKind::Confirmation => AttemptKind::Confirmation,
        store::AttemptKind::Lab => AttemptKind::Lab,
        store::AttemptKind::Check => AttemptKind::Check,
    }
}

impl Inner {
    /// Reads the routes again after another program changed them.
    pub(crate) fn reload_routes(&self) -> Result<(), EngineError> {
        let loaded = Routes::load(&self.store, &self.run_routes)?;
        if loaded.saved != read(&self.routes).saved {
            write(&self.routes, Arc::new(loaded));
            self.bus.publish(EngineEvent::RoutesChanged);
        }
        Ok(())
    }

    /// What is wrong with a route. A loop is refused here where it is plain to see; one through a name or another address
    /// of this machine is refused when it is sent.
    fn route_fault(&self, route: &Route) -> Option<RuleFault> {
        if let Err(error) = ReadyRoute::new(route.into()) {
            return Some(error.into());
        }
        let target = Url::parse(route.target.trim()).ok()?;
        let here = match target.host()? {
            Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
            Host::Ipv4(ip) => ip.is_loopback() || ip.is_unspecified(),
            Host::Ipv6(ip) => ip.is_loopback() || ip.is_unspecified(),
        };
        let own = here && self.listener_addr().is_some_and(|addr| Some(addr.port()) == target.port_or_known_default());
        own.then(|| RuleFault {
            field: "target".to_owned(),
            message: "This is Countersign's own listener: what is forwarded there would come back for ever.".to_owned(),
            place: None,
        })
    }

    fn route_infos(&self) -> Result<Vec<RouteInfo>, EngineError> {
        let routes = read(&self.routes);
        routes
            .saved
            .iter()
            .map(|route| {
                let missed = self.store.missed(&route.id, self.opened_us, COUNTED)?.len();
                Ok(RouteInfo {
                    route: route.clone(),
                    missed: u32::try_from(missed).unwrap_or(u32::MAX),
                    catching_up: self.catching_up(&route.id),
                })
            })
            .collect()
    }
}

impl Engine {
    pub(crate) async fn routes(&self) -> Result<Vec<RouteInfo>, CommandError> {
        Ok(self.0.clone().blocking(Inner::route_infos).await?)
    }

    /// Replaces the routes.
    ///
    /// # Errors
    /// Where one of them is wrong: then nothing is changed.
    pub async fn routes_set(&self, routes: Vec<Route>) -> Result<Vec<RouteInfo>, CommandError> {
        let mut routes = routes;
        if routes.len() > MOST_ROUTES {
            let what = format!("{MOST_ROUTES} routes are kept at the most.");
            return Err(EngineError::Input { what }.into());
        }
        named("route", routes.iter_mut().map(|route| (&mut route.id, &mut route.name)))?;
        for route in &routes {
            if let Some(fault) = self.0.route_fault(route) {
                let what = format!("The route “{}” was not saved: {}", route.name, fault.message);
                return Err(EngineError::Input { what }.into());
            }
        }
        let text = serde_json::to_string(&routes).map_err(|_| EngineError::Broken)?;
        self.0.store.set_setting(KEY, &text).await.map_err(EngineError::from)?;
        write(&self.0.routes, Arc::new(Routes::new(routes, &self.0.run_routes)));
        self.0.bus.publish(EngineEvent::RoutesChanged);
        self.routes().await
    }

    pub(crate) async fn route_check(&self, route: Route) -> Result<Option<RuleFault>, CommandError> {
        Ok(self.0.route_fault(&route))
    }

    /// What was sent to an endpoint and what came back.
    ///
    /// # Errors
    /// Where there is no such attempt.
    pub async fn attempt_detail(&self, id: String) -> Result<AttemptDetail, CommandError> {
        let missing = || EngineError::Input { what: format!("There is no attempt {id}; it may have been deleted.") };
        let number: i64 = id.parse().map_err(|_| missing())?;
        let found = self.0.clone().blocking(move |inner| Ok(inner.store.attempt(AttemptId::new(number))?)).await?;
        let attempt = found.ok_or_else(missing)?;
        let reply = attempt.reply.as_ref();
        Ok(AttemptDetail {
            info: wire_attempt(&attempt.summary),
            request_head: wire_bytes(&attempt.request_head),
            reply_head: reply.map(|reply| wire_bytes(&reply.head)),
            reply_headers: reply.map(|reply| wire_headers(&Headers::of_head(&reply.head))).unwrap_or_default(),
            reply_body: reply.map(|reply| wire_bytes(&reply.body[..reply.body.len().min(SHOWN)])),
        })
    }

    /// Begins to send what a route missed, in the order in which it arrived; answers how many.
    ///
    /// # Errors
    /// Where there is no such route.
    pub async fn forward_missed(&self, route: String) -> Result<ForwardProgress, CommandError> {
        let ready = read(&self.0.routes).get(&route).ok_or_else(|| EngineError::Input {
            what: "There is no such route; it may have been removed.".to_owned(),
        })?;
        Ok(self.0.catch_up(ready).await?)
    }

    pub(crate) async fn forward_cancel(&self, route: String) -> Result<(), CommandError> {
        self.0.stop_catching_up(&route);
        Ok(())
    }
}
