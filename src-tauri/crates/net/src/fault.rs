//! A place in front of an endpoint where things go wrong on purpose.
//!
//! It listens on loopback while it lives. What arrives it sends on to the endpoint as it came, or does not, and answers as it
//! was told ([`FaultLayer::set`]). Two ports: one that answers, and one that is taken and refuses connections.

use crate::error::NetError;
use crate::listener::{Answer, Arrival, Limits, Listener, Receiver, Receiving, bind};
use crate::send::{Outgoing, Reply, SendLimits, Trust, send};
use bytes::Bytes;
use countersign_core::request::Headers;
use countersign_core::response::Fault;
use countersign_core::route::end_to_end;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpSocket;
use url::Url;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InFront {
    /// This status is answered; the endpoint sees nothing.
    Status(u16),
    /// The connection is closed without an answer; the endpoint sees nothing.
    Closed,
    /// The endpoint gets the request at once, and its answer is held so long.
    Slow(Duration),
    /// The endpoint gets the request and answers, and the connection is closed in place of its answer.
    LoseAck,
}

/// Longer than any timeout of a schedule: what the endpoint says is wanted even where nobody waits for it any more.
const PATIENCE: Duration = Duration::from_secs(620);
/// As much as the largest delivery that is captured, four times over.
const BODY: u64 = 100 << 20;

/// The place.
#[derive(Debug)]
pub struct FaultLayer {
    listener: Listener,
    front: Arc<Front>,
    /// Taken and not listened on: whoever connects is refused.
    _refusing: TcpSocket,
    refusing: SocketAddr,
}

#[derive(Debug)]
struct Front {
    target: String,
    trust: Trust,
    now: Mutex<InFront>,
    answered: Mutex<Option<Reply>>,
}

impl FaultLayer {
    /// Opens it in front of `target`.
    ///
    /// # Errors
    /// [`NetError`] where no port can be taken.
    pub async fn open(target: String, trust: Trust) -> Result<FaultLayer, NetError> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let bound = |source| NetError::Bind { addr: any, source };
        let socket = TcpSocket::new_v4().map_err(bound)?;
        socket.bind(any).map_err(bound)?;
        let refusing = socket.local_addr().map_err(|source| NetError::LocalAddr { addr: any, source })?;
        let (now, answered) = (Mutex::new(InFront::Closed), Mutex::new(None));
        let front = Arc::new(Front { target, trust, now, answered });
        let limits = Limits { body_bytes: BODY, ..Limits::default() };
        let receiver: Arc<dyn Receiver> = Arc::clone(&front) as _;
        let listener = bind(any, false).await?.serve(receiver, limits, None);
        Ok(FaultLayer { listener, front, _refusing: socket, refusing })
    }

    /// Says what goes wrong from now on, and forgets what the endpoint answered before.
    pub fn set(&self, what: InFront) {
        *self.front.now.lock().unwrap_or_else(PoisonError::into_inner) = what;
        self.take_answer();
    }

    /// What the endpoint answered to what was sent on since [`FaultLayer::set`], whether or not it was passed on.
    pub fn take_answer(&self) -> Option<Reply> {
        self.front.answered.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Where to send so that [`FaultLayer::set`] decides: the target's path and query on this machine.
    #[must_use]
    pub fn url(&self) -> String {
        self.on(self.listener.local_addr())
    }

    /// Where every connection is refused.
    #[must_use]
    pub fn refusing_url(&self) -> String {
        self.on(self.refusing)
    }

    fn on(&self, addr: SocketAddr) -> String {
        let path = Url::parse(&self.front.target).map(|url| url[url::Position::BeforePath..].to_owned());
        format!("http://{addr}{}", path.unwrap_or_else(|_| "/".to_owned()))
    }
}

impl Receiver for Front {
    fn receive(self: Arc<Self>, arrival: Arrival) -> Receiving {
        Box::pin(async move {
            let now = *self.now.lock().unwrap_or_else(PoisonError::into_inner);
            match now {
                InFront::Status(status) => Answer::text(status, "Countersign makes this endpoint look down.\n"),
                InFront::Closed => closed(),
                InFront::Slow(by) => {
                    let (answer, ()) = tokio::join!(self.pass(arrival), tokio::time::sleep(by));
                    answer
                }
                InFront::LoseAck => {
                    self.pass(arrival).await;
                    closed()
                }
            }
        })
    }
}

impl Front {
    /// Sends a request on as it came.
    async fn pass(&self, arrival: Arrival) -> Answer {
        let request = arrival.request;
        let sent = send(Outgoing {
            method: request.method,
            url: self.target.clone(),
            headers: request.headers,
            body: request.body,
            length_as_given: false,
            limits: SendLimits { first_byte: PATIENCE, total: PATIENCE, ..SendLimits::default() },
            trust: self.trust,
            avoid: Vec::new(),
        })
        .await;
        let Ok(reply) = sent.result else { return closed() };
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply.clone());
        let headers: Headers = end_to_end(&reply.headers).cloned().collect();
        Answer { status: reply.status, headers, body: reply.body, fault: None, on_sent: None }
    }
}

fn closed() -> Answer {
    Answer { status: 503, headers: Headers::new(), body: Bytes::new(), fault: Some(Fault::Close), on_sent: None }
}
