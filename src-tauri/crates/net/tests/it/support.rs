use bytes::Bytes;
use countersign_core::request::Headers;
use countersign_net::listener::{Answer, Arrival, Certificate, Limits, Listener, Receiver, Receiving, bind};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// Records what arrives and answers by a rule.
pub(crate) struct Recorder<F> {
    arrivals: mpsc::UnboundedSender<Arrival>,
    rule: F,
}

impl<F: Fn(Arrival) -> Receiving + Send + Sync + 'static> Receiver for Recorder<F> {
    fn receive(self: Arc<Self>, arrival: Arrival) -> Receiving {
        self.arrivals.send(arrival.clone()).unwrap();
        (self.rule)(arrival)
    }
}

pub(crate) struct Running {
    pub(crate) listener: Listener,
    pub(crate) arrivals: mpsc::UnboundedReceiver<Arrival>,
}

impl Running {
    pub(crate) fn addr(&self) -> SocketAddr {
        self.listener.local_addr()
    }

    pub(crate) async fn connect(&self) -> Client {
        Client(BufReader::new(TcpStream::connect(self.addr()).await.unwrap()))
    }

    pub(crate) async fn arrival(&mut self) -> Arrival {
        self.arrivals.recv().await.unwrap()
    }
}

pub(crate) async fn start(limits: Limits, rule: impl Fn(Arrival) -> Receiving + Send + Sync + 'static) -> Running {
    start_with(limits, None, rule).await
}

/// With a certificate: over TLS.
pub(crate) async fn start_with(
    limits: Limits,
    tls: Option<&Certificate>,
    rule: impl Fn(Arrival) -> Receiving + Send + Sync + 'static,
) -> Running {
    let (sender, arrivals) = mpsc::unbounded_channel();
    let bound = bind("127.0.0.1:0".parse().unwrap(), false).await.unwrap();
    let listener = bound.serve(Arc::new(Recorder { arrivals: sender, rule }), limits, tls);
    Running { listener, arrivals }
}

/// A listener with the default limits that answers 200 and the target.
pub(crate) async fn echo() -> Running {
    start(Limits::default(), ok).await
}

pub(crate) fn ok(arrival: Arrival) -> Receiving {
    Box::pin(async move { Answer::text(200, arrival.request.target) })
}

pub(crate) fn pairs(headers: &Headers) -> Vec<(String, String)> {
    let latin = |bytes: &Bytes| bytes.iter().map(|&b| b as char).collect();
    headers.iter().map(|h| (latin(&h.name), latin(&h.value))).collect()
}

/// A raw connection, or one over TLS.
pub(crate) struct Client<S = TcpStream>(pub(crate) BufReader<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
        self.0.flush().await.unwrap();
    }

    /// The next status line and headers; empty at the end of the connection.
    pub(crate) async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && self.0.read_line(&mut head).await.unwrap() > 0 {}
        head
    }

    /// The next answer: its status and its body.
    pub(crate) async fn answer(&mut self) -> (u16, String) {
        let head = self.head().await;
        let status = head.split(' ').nth(1).unwrap_or_else(|| panic!("no answer but {head:?}")).parse().unwrap();
        let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).map_or(0, |l| l.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        (status, String::from_utf8(body).unwrap())
    }

    /// Whether the other side closes without another byte.
    pub(crate) async fn is_closed(&mut self) -> bool {
        matches!(self.0.read_u8().await, Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof)
    }
}
