//! An answer as hyper sends it, and the end of its way.

use super::Answer;
use super::tap::{OnSent, Wire};
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use countersign_core::response::Fault;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, header::Entry};
use http_body::{Frame, SizeHint};
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The response for an answer.
pub(super) fn respond(answer: Answer, wire: &Arc<Wire>) -> Response {
    let Answer { status, headers, body, fault, on_sent } = answer;
    let status = StatusCode::from_u16(status).ok().filter(|s| !s.is_informational()).unwrap_or_else(|| {
        tracing::error!(status, "not a status that can be answered; sending 500");
        StatusCode::INTERNAL_SERVER_ERROR
    });
    let mut map = HeaderMap::with_capacity(headers.len() + 2);
    for field in &headers {
        let name = HeaderName::from_bytes(&field.name);
        let value = HeaderValue::from_maybe_shared(field.value.clone());
        match (name, value) {
            (Ok(name), Ok(value)) if !is_about_the_connection(&name, &value) => {
                map.append(name, value);
            }
            (Ok(_), Ok(_)) => {}
            _ => tracing::warn!("a header of an answer cannot be sent and is left out"),
        }
    }
    let bodiless = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let data = if bodiless { None } else { Some(body).filter(|b| !b.is_empty()) };
    let body = match on_sent {
        on_sent if fault == Some(Fault::Half) => {
            let on_sent = on_sent.map(|on_sent| (on_sent, Arc::clone(wire)));
            let whole = data.unwrap_or_else(|| Bytes::from_static(b"\n"));
            Body::new(Half {
                length: whole.len() as u64,
                data: Some(whole.slice(..whole.len() / 2)),
                rested: false,
                on_sent,
            })
        }
        None => data.map_or_else(Body::empty, Body::from),
        Some(on_sent) => Body::new(Leaving { data, on_sent: Some((on_sent, Arc::clone(wire))) }),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = map;
    response
}

/// Marks a response that never leaves: its connection is closed in its place.
#[derive(Clone, Copy)]
pub(super) struct Aborted;

/// No answer at all.
pub(super) fn aborted() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Aborted);
    response
}

/// Makes this answer the connection's last.
pub(super) fn closing(response: &mut Response) {
    if let Entry::Vacant(none) = response.headers_mut().entry(header::CONNECTION) {
        none.insert(HeaderValue::from_static("close"));
    }
}

/// What the connection decides, not the answer.
fn is_about_the_connection(name: &HeaderName, value: &HeaderValue) -> bool {
    match *name {
        header::CONNECTION => !value.as_bytes().eq_ignore_ascii_case(b"close"),
        header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::TE | header::TRAILER | header::UPGRADE => true,
        _ => name == "keep-alive" || name == "proxy-connection",
    }
}

/// A body that tells the tap when hyper has taken all of it: hyper drops it then, and the next flush sends it off.
struct Leaving {
    data: Option<Bytes>,
    on_sent: Option<(OnSent, Arc<Wire>)>,
}

impl http_body::Body for Leaving {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.data.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}

/// A body that breaks off after its first half, its whole length having been announced.
struct Half {
    length: u64,
    data: Option<Bytes>,
    rested: bool,
    on_sent: Option<(OnSent, Arc<Wire>)>,
}

impl http_body::Body for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(data) = self.data.take().filter(|data| !data.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        if !self.rested {
            // hyper flushes what it has before it asks again, and drops it where it meets an error first.
            self.rested = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        if let Some((on_sent, wire)) = self.on_sent.take() {
            wire.written(on_sent);
        }
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        if let Some((on_sent, wire)) = self.on_sent.take() {
            wire.written(on_sent);
        }
    }
}
