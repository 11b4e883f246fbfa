//! What came back, as far as judging goes.

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Status(u16),
    /// The connection ended without an answer, or with what is none: the handler broke off.
    Broken,
    /// No answer came in time.
    Late,
    /// The endpoint could not be reached.
    Away,
}

/// An answer to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What came.
    pub reply: Reply,
    /// How long it took, or was waited for, in microseconds.
    pub took_us: u64,
    /// Whether it repeats what a handshake asks for; none where the request was no handshake.
    pub echoes: Option<bool>,
    /// Whether the endpoint's state was another one afterwards; none where it is not known.
    pub changed: Option<bool>,
    /// It says yes and does nothing, at an endpoint that says yes to everything: a refusal.
    pub(super) silent_no: bool,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// 2xx.
    Accepted,
    /// 4xx.
    Refused,
    /// 5xx, or none at all.
    Broke,
    /// 1xx and 3xx.
    Elsewhere,
    /// Nothing in time.
    Late,
    /// The endpoint could not be reached.
    Away,
}

impl Answer {
    /// An answer as it came.
    #[must_use]
    pub fn new(reply: Reply, took_us: u64, echoes: Option<bool>, changed: Option<bool>) -> Answer {
        Answer { reply, took_us, echoes, changed, silent_no: false }
    }

    /// What it says.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.reply {
            Reply::Status(200..=299) if self.silent_no => Class::Refused,
            Reply::Status(200..=299) => Class::Accepted,
            Reply::Status(400..=499) => Class::Refused,
            Reply::Status(500..) | Reply::Broken => Class::Broke,
            Reply::Status(_) => Class::Elsewhere,
            Reply::Late => Class::Late,
            Reply::Away => Class::Away,
        }
    }

    /// The status, where there is one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.reply {
            Reply::Status(status) => Some(status),
            _ => None,
        }
    }

    /// In a few words: “500 in 12 ms”.
    #[must_use]
    pub fn words(&self) -> String {
        let took = took(self.took_us);
        match self.reply {
            Reply::Status(status) if self.silent_no => format!("{status} in {took}, nothing done"),
            Reply::Status(status) => format!("{status} in {took}"),
            Reply::Broken => format!("broken off after {took}"),
            Reply::Late => format!("none within {took}"),
            Reply::Away => "not reached".to_owned(),
        }
    }

    /// To follow “It answers”: `500`, `nothing: it broke off`.
    pub(super) fn short(&self) -> String {
        match self.reply {
            Reply::Status(status) if self.silent_no => format!("{status} and does nothing"),
            Reply::Status(status) => status.to_string(),
            Reply::Broken => "nothing and closes the connection".to_owned(),
            Reply::Late => "nothing in time".to_owned(),
            Reply::Away => "nothing".to_owned(),
        }
    }
}

/// A time as a person reads it.
pub(super) fn took(us: u64) -> String {
    match us {
        0..1000 => "under 1 ms".to_owned(),
        1000..1_000_000 => format!("{} ms", (us + 500) / 1000),
        _ => {
            let tenths = (us + 50_000) / 100_000;
            if tenths.is_multiple_of(10) {
                format!("{} s", tenths / 10)
            } else {
                format!("{}.{} s", tenths / 10, tenths % 10)
            }
        }
    }
}
