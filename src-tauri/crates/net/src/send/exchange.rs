//! One request over one connection: it is written while its reply is read.
//!
//! Invariants: everything happens inside the one future, so dropping it closes the socket. A failure to write is not the
//! outcome: the endpoint may have answered before it stopped reading.

use super::tap::{HEAD_LIMIT, ReplyHead, Seen, Tap};
use super::{Progress, Reply, tls};
use crate::error::{Phase, SendError};
use crate::head::MAX_FIELDS;
use bytes::{Buf, Bytes, BytesMut};
use countersign_core::request::{Headers, HttpVersion};
use http::{Method, Request, response};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::{sleep, timeout};

/// How long an endpoint that has answered already may take nothing more of the request before we close.
const LINGER: Duration = Duration::from_secs(1);

/// Writes the request and reads the reply.
pub(super) async fn run<S: AsyncRead + AsyncWrite + Send>(
    stream: S,
    method: Method,
    head: Bytes,
    body: Bytes,
    url: &str,
    progress: &mut Progress,
) -> Result<Reply, SendError> {
    let (reading, mut writing) = tokio::io::split(stream);
    let seen = Arc::clone(&progress.seen);
    seen.begin();
    let mut written = false;
    let result = {
        let mut writer = pin!(write(&mut writing, head, body, &seen));
        let mut reader = pin!(read(Tap::new(reading, Arc::clone(&seen)), method, progress.limits.reply_bytes, &seen));
        let first_byte = progress.limits.first_byte;
        let mut quiet = pin!(silence(first_byte, &seen));
        let timed_out = |phase, after| SendError::Timeout { url: url.to_owned(), phase, after };
        let mut stopped = false;
        let work = async {
            loop {
                tokio::select! {
                    biased;
                    result = writer.as_mut(), if !stopped => {
                        stopped = true;
                        written = result.is_ok();
                    }
                    result = reader.as_mut() => return result.map_err(|broken| broken.said(url, &seen)),
                    () = quiet.as_mut() => return Err(timed_out(Phase::FirstByte, first_byte)),
                }
            }
        };
        let result = match progress.within(Phase::Body, progress.limits.total, url, work).await {
            Err(SendError::Timeout { after, .. }) if seen.first_byte().is_none() => {
                Err(timed_out(Phase::FirstByte, after))
            }
            whole => whole.flatten(),
        };
        progress.timing.total = progress.began.elapsed();
        if !stopped && matches!(&result, Ok(reply) if !reply.cut) {
            let left = progress.limits.total.saturating_sub(progress.timing.total);
            written = timeout(left, rest(writer.as_mut(), &seen)).await.unwrap_or(false);
        }
        result
    };
    if written && result.is_ok() {
        // The farewell of TLS. Whether it arrives changes nothing.
        let _ = timeout(LINGER, writing.shutdown()).await;
    }
    result
}

/// Writes head and body, without joining them in memory.
async fn write<W: AsyncWrite + Unpin>(to: &mut W, head: Bytes, body: Bytes, seen: &Seen) -> io::Result<()> {
    let mut left = head.chain(body);
    while left.has_remaining() {
        match to.write_buf(&mut left).await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            count => seen.wrote(count),
        }
    }
    to.flush().await
}

/// Writes what is left of a request that was answered early, as long as the endpoint takes it. Whether that was all.
async fn rest(mut writer: Pin<&mut impl Future<Output = io::Result<()>>>, seen: &Seen) -> bool {
    loop {
        let before = seen.written();
        match timeout(LINGER, writer.as_mut()).await {
            Ok(result) => return result.is_ok(),
            Err(_) if seen.written() > before => {}
            Err(_) => return false,
        }
    }
}

/// Ends when the endpoint has neither taken nor given a byte for so long, unless the reply has begun.
async fn silence(limit: Duration, seen: &Seen) {
    loop {
        if seen.first_byte().is_some() {
            return std::future::pending().await;
        }
        let left = limit.saturating_sub(seen.took().elapsed());
        if left.is_zero() {
            return;
        }
        sleep(left).await;
    }
}

/// How reading a reply came to nothing.
struct Broken {
    source: hyper::Error,
    /// How much of the body had come.
    body: u64,
}

/// Has hyper read a reply to a request of that method.
async fn read<R: AsyncRead + Unpin + Send>(
    tap: Tap<R>,
    method: Method,
    limit: usize,
    seen: &Seen,
) -> Result<Reply, Broken> {
    let before_body = |source| Broken { source, body: 0 };
    let mut builder = http1::Builder::new();
    builder.max_headers(MAX_FIELDS).max_header_size(HEAD_LIMIT);
    let (mut sender, connection) = builder.handshake(TokioIo::new(tap)).await.map_err(before_body)?;
    let mut asking = Request::new(Empty::<Bytes>::new());
    *asking.method_mut() = method;
    let mut answer = pin!(async {
        let (parts, mut coming) = sender.send_request(asking).await.map_err(before_body)?.into_parts();
        let (mut kept, mut body_len) = (BytesMut::new(), 0_u64);
        while let Some(frame) = coming.frame().await {
            let frame = frame.map_err(|source| Broken { source, body: body_len })?;
            let Some(data) = frame.data_ref() else { continue };
            body_len += data.len() as u64;
            kept.extend_from_slice(&data[..data.len().min(limit - kept.len())]);
            if body_len > kept.len() as u64 {
                break;
            }
        }
        let head = seen.take_head().unwrap_or_else(|| rebuilt(&parts));
        let ReplyHead { raw, version, headers } = head;
        let cut = body_len > kept.len() as u64;
        let status = parts.status.as_u16();
        Ok(Reply { status, version, headers, raw_head: raw, body: kept.freeze(), body_len, cut })
    });
    let mut connection = pin!(connection);
    let mut ended = false;
    loop {
        tokio::select! {
            biased;
            // What goes wrong here is told to the one who waits for the answer as well.
            _ = connection.as_mut(), if !ended => ended = true,
            done = answer.as_mut() => return done,
        }
    }
}

/// The head as far as hyper kept it: only where the tap and hyper disagreed.
fn rebuilt(parts: &response::Parts) -> ReplyHead {
    tracing::warn!("lost the head of a reply: header order and spelling are hyper's");
    let mut headers = Headers::new();
    for (name, value) in &parts.headers {
        headers.push(Bytes::copy_from_slice(name.as_ref()), Bytes::copy_from_slice(value.as_bytes()));
    }
    let version = if parts.version == http::Version::HTTP_10 { HttpVersion::Http10 } else { HttpVersion::Http11 };
    ReplyHead { raw: Bytes::new(), version, headers }
}

impl Broken {
    /// What that means for who sent the request.
    fn said(self, url: &str, seen: &Seen) -> SendError {
        let Broken { source, body } = self;
        let url = url.to_owned();
        let cause = source.source().and_then(|cause| cause.downcast_ref::<io::Error>());
        if let Some(alert) = cause.and_then(tls::error_in) {
            let source = io::Error::new(io::ErrorKind::InvalidData, alert.clone());
            return SendError::Tls { url, fault: tls::fault(&source), source };
        }
        // hyper reports a chunk that is none as an error of reading.
        let garbage =
            cause.is_some_and(|c| matches!(c.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput));
        if source.is_parse() || garbage {
            return SendError::NotHttp { url, source };
        }
        SendError::Closed { url, body: seen.first_byte().map(|_| body), source }
    }
}
