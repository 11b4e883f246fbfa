//! One request of a run on its way.

use crate::Inner;
use crate::error::EngineError;
use crate::runs::{RunHandle, RunSend, RunSent};
use crate::sending::{REDIRECTS, redirected};
use countersign_core::draft::Draft;
use countersign_core::request::Headers;
use countersign_net::send::{REPLY_LIMIT, SendLimits};
use countersign_store::AttemptKind;
use std::sync::Arc;
use std::time::Duration;

/// A request on its way out.
pub(super) struct Leaving {
    pub(super) draft: Draft,
    pub(super) words: Option<String>,
}

/// What sends a run's requests, so that two can be sent at once.
pub(super) struct Sender {
    pub(super) inner: Arc<Inner>,
    pub(super) handle: RunHandle,
    pub(super) timeout: Duration,
    pub(super) follow: bool,
    pub(super) any_certificate: bool,
    pub(super) length_as_given: bool,
}

impl Sender {
    /// Sends a request and, where the provider does, follows where it is led.
    pub(super) async fn send(&self, leaving: Leaving) -> Result<RunSent, EngineError> {
        let Leaving { mut draft, words } = leaving;
        let limits = SendLimits {
            connect: self.timeout,
            first_byte: self.timeout,
            total: self.timeout,
            reply_bytes: REPLY_LIMIT,
        };
        for turn in 0.. {
            let send = RunSend {
                kind: AttemptKind::Lab,
                draft: &draft,
                signing: words.clone(),
                limits,
                any_certificate: self.any_certificate,
                length_as_given: self.length_as_given,
            };
            let sent = self.inner.send_in_run(&self.handle, &send).await?;
            let led = sent
                .attempt
                .reply
                .as_ref()
                .filter(|_| self.follow && turn < REDIRECTS)
                .and_then(|reply| redirected(&draft, reply.status, &Headers::of_head(&reply.head)));
            match led {
                Some(next) => draft = next,
                None => return Ok(sent),
            }
        }
        Err(EngineError::Broken)
    }
}
