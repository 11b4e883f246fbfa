#![doc = include_str!("../../providers/HANDSHAKES.md")]

mod answer;
mod check;
mod fetch;
mod place;
#[cfg(test)]
mod tests;

pub use answer::{HandshakeReply, LONGEST_VALUE, Unanswered};
pub use check::HandshakeFault;
pub use fetch::UrlFault;

use crate::rule::{BodyShape, Encoding};
use serde::Deserialize;

/// A check that the endpoint is yours.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handshake {
    /// In words.
    pub words: String,
    /// When a request is one.
    pub when: HandshakeWhen,
    /// Where the request must carry one of the provider's secrets; where it carries another value, it is not answered.
    pub token: Option<Place>,
    /// What to answer.
    pub answer: HandshakeAnswer,
    /// A request with its answer; a file whose sample gets another one fails to load.
    pub sample: Option<HandshakeSample>,
}

/// When a request is a handshake: everything that is named here must hold, and something must be named.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HandshakeWhen {
    /// The method is one of these, in this spelling; empty: any.
    pub method: Vec<String>,
    /// Parameters of the query, URL-decoded.
    pub query: Vec<FieldTest>,
    /// Headers.
    pub headers: Vec<FieldTest>,
    /// The body is JSON and looks so.
    pub body: Option<BodyShape>,
}

/// A test on a query parameter or a header. Of several of one name the first counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldTest {
    /// Its name: of a header in any case, of a parameter as it is written.
    pub name: String,
    /// Its value is one of these; none: it is there.
    pub one_of: Option<Vec<String>>,
}

/// Where a value stands in a request. Of several of one name the first counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A JSON pointer (RFC 6901) into the body.
    Pointer(String),
    /// A query parameter; its value is URL-decoded, `+` being a space.
    Query(String),
    /// A header.
    Header(String),
}

/// What to answer to a handshake.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum HandshakeAnswer {
    /// A JSON object with one field that repeats a value.
    JsonEcho {
        /// Where the value stands.
        from: Place,
        /// The field of the answer.
        field: String,
    },
    /// A value repeated as plain text.
    TextEcho {
        /// Where the value stands.
        from: Place,
    },
    /// An empty answer with a header that repeats a value.
    HeaderEcho {
        /// Where the value stands.
        from: Place,
        /// The header of the answer.
        header: String,
    },
    /// A JSON object with the HMAC-SHA-256 of a value; the key is the secret's UTF-8 bytes.
    HmacEcho {
        /// Where the value stands.
        from: Place,
        /// The field that repeats the value, where there is one; it comes first.
        echo: Option<String>,
        /// The field with the HMAC.
        field: String,
        /// How the HMAC is written.
        encoding: Encoding,
        /// What stands before it, such as `sha256=`.
        #[serde(default)]
        prefix: String,
    },
    /// Always the same.
    Fixed {
        /// The status.
        #[serde(default = "ok")]
        status: u16,
        /// The headers.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// 200, and a GET of a URL that the request names.
    Fetch {
        /// Where the URL stands.
        from: Place,
        /// The hosts to which such a request may go: `*` stands for one label, at the very beginning for one or more.
        /// The last two labels are never left open.
        hosts: Vec<String>,
    },
}

fn ok() -> u16 {
    200
}

/// A handshake with its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandshakeSample {
    /// The method.
    pub method: String,
    /// The request target: path and query.
    pub target: String,
    /// The headers.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default)]
    pub body: String,
    /// The only secret that is stored; a published test secret.
    pub secret: Option<String>,
    /// What it must get.
    pub expect: Expected,
}

/// What a sample must get.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expected {
    /// This answer.
    Answer {
        /// The status.
        status: u16,
        /// Headers that must be among the answer's.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// The whole body.
        #[serde(default)]
        body: String,
    },
    /// 200, and a GET of this URL.
    Fetch(String),
}
