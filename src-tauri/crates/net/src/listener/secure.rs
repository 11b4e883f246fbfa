//! The beginning of a connection to a listener with TLS.

use super::tap::LINGER;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// The first byte of every connection that begins with TLS: the type of a record that carries a handshake.
pub(super) const HANDSHAKE: u8 = 0x16;

/// What came of it.
pub(super) enum Begun {
    /// TLS was agreed on.
    Secure(Box<TlsStream<TcpStream>>),
    /// The sender closed without a byte.
    Nothing,
    /// The sender does not speak TLS; its connection is to be refused with [`refuse`].
    Plain(TcpStream),
}

/// Agrees on TLS within `limit`.
pub(super) async fn begin(acceptor: &TlsAcceptor, stream: TcpStream, limit: Duration) -> io::Result<Begun> {
    let begun = timeout(limit, async {
        let mut first = [0];
        match stream.peek(&mut first).await? {
            0 => Ok(Begun::Nothing),
            _ if first[0] == HANDSHAKE => Ok(Begun::Secure(Box::new(acceptor.accept(stream).await?))),
            _ => Ok(Begun::Plain(stream)),
        }
    });
    begun.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Tells a sender of plain HTTP what to use, and closes.
pub(super) async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    const SENTENCE: &str = "This listener speaks HTTPS: use https:// in place of http:// in the address.\n";
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{SENTENCE}",
        SENTENCE.len()
    );
    let said = timeout(LINGER, async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // What the sender still writes is read away, or the kernel's reset would take the answer from it.
        let mut scrap = [0; 8192];
        while stream.read(&mut scrap).await? > 0 {}
        Ok(())
    });
    said.await.unwrap_or(Ok(()))
}
