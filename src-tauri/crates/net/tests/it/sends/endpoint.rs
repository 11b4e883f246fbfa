use bytes::Bytes;
use countersign_core::request::Headers;
use countersign_net::send::{Outgoing, SendLimits, Trust};
use std::future::Future;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) fn headers<N: AsRef<[u8]>, V: AsRef<[u8]>>(fields: &[(N, V)]) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in fields {
        headers.push(Bytes::copy_from_slice(name.as_ref()), Bytes::copy_from_slice(value.as_ref()));
    }
    headers
}

/// A `GET` without headers and body.
pub(crate) fn get(url: impl Into<String>) -> Outgoing {
    Outgoing {
        method: "GET".to_owned(),
        url: url.into(),
        headers: Headers::new(),
        body: Bytes::new(),
        length_as_given: false,
        limits: SendLimits::default(),
        trust: Trust::System,
        avoid: Vec::new(),
    }
}

/// An endpoint for one connection, which `script` serves; its outcome is what the task gives.
pub(crate) async fn endpoint<T, F>(script: impl FnOnce(TcpStream) -> F + Send + 'static) -> (SocketAddr, JoinHandle<T>)
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        script(socket).await
    });
    (addr, served)
}

/// An endpoint that takes one request, answers `reply`, ends, and gives every byte that came, to the end.
pub(crate) async fn answering(reply: impl AsRef<[u8]> + Send + Sync + 'static) -> (SocketAddr, JoinHandle<Vec<u8>>) {
    endpoint(move |mut socket| async move {
        let mut received = request(&mut socket).await;
        socket.write_all(reply.as_ref()).await.unwrap();
        socket.shutdown().await.unwrap();
        socket.read_to_end(&mut received).await.unwrap();
        received
    })
    .await
}

/// Reads one request, head and body, as far as its `Content-Length` says.
pub(crate) async fn request(from: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut received = Vec::new();
    while !received.ends_with(b"\r\n\r\n") {
        received.push(from.read_u8().await.unwrap());
    }
    let head = String::from_utf8_lossy(&received).to_ascii_lowercase();
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).map_or(0, |l| l.parse().unwrap());
    let mut body = vec![0; length];
    from.read_exact(&mut body).await.unwrap();
    received.extend_from_slice(&body);
    received
}
