//! The listener that deliveries arrive at, and the sender of single requests.
//!
//! # What the listener guarantees
//! - **Bytes stay bytes.** [`listener::Arrival::request`] has the header fields in the sender's own order and spelling,
//!   duplicates kept, and the target as it stood in the request line; [`listener::Arrival::raw_head`] is the head as it
//!   came, from the request line to the blank line. The body is what came after transfer coding and before content coding.
//! - **Nothing is answered before the receiver has answered.** No status leaves before [`listener::Receiver::receive`]
//!   has returned it, except for what the receiver never hears of (below). Once an arrival was handed over, `receive` is
//!   run to its end even where the sender hangs up meanwhile.
//! - **Limits hold while reading.** Of a body over the limit only the beginning is kept; the receiver gets it as cut, with
//!   its length, and the sender gets a 413.
//! - **One bad sender ends one connection.** Malformed HTTP, slow heads, aborted bodies, a panic in the receiver: the
//!   listener answers what can be answered and goes on.
//! - **The port can receive and nothing else.** Every method on every path goes to the one receiver.
//!
//! What the receiver never hears of, and what the sender gets for it: a head that is not HTTP (400), one that is too large
//! or has more than 100 fields (431) or a target beyond 64 KiB (414), a body with broken framing (400 or the connection
//! closed), a body whose next bytes took too long (408), more bytes in flight than are allowed (503 with `Retry-After`). With a certificate: HTTP without TLS (400, in plain text), and
//! whoever does not agree on TLS in time (closed).
//!
//! Deliberately absent: certificates of senders, HTTP/2, upgrades, trailers, content decoding.

pub mod error;
mod head;
pub mod listener;
pub mod send;

pub use error::{CertificateError, CertificatePart, NetError, NoReply, PemFault, Phase, SendError, TlsFault};
