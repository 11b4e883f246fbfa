//! Two requests or answers side by side, and what a handler says it hashed.
//!
//! Everything here is bounded: lists say how many more there are, long values are shown around their first difference.

use super::WireBytes;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CompareSide {
    /// A delivery: the request that arrived.
    Delivery {
        /// Its id.
        id: String,
    },
    /// What the listener answered to it.
    DeliveryAnswer {
        /// The delivery's id.
        id: String,
    },
    /// The request that an attempt sent.
    Attempt {
        /// Its id.
        id: String,
    },
    /// What came back to it.
    AttemptAnswer {
        /// The attempt's id.
        id: String,
    },
}

/// Whether two things are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sameness {
    /// They are, byte for byte.
    Same,
    /// They are not.
    Different,
    /// What is kept is the same, but not all of it was kept.
    Unknown,
}

/// Two requests or answers, compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Comparison {
    /// The first one.
    pub a: ComparedSide,
    /// The second one.
    pub b: ComparedSide,
    /// Whether they are the same: line, headers and body.
    pub sameness: Sameness,
    /// One sentence about the whole.
    pub words: String,
    /// Whether the request lines, or the statuses, are the same; none where one of them has neither.
    pub same_line: Option<bool>,
    /// The headers; none where one of them has none to compare, as a file.
    pub headers: Option<ComparedHeaders>,
    /// The bodies.
    pub body: ComparedBody,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedSide {
    /// What it is: `delivery 41`, `answer of attempt 7`, `expected.json`.
    pub title: String,
    /// The request line, or the status that came back.
    pub line: Option<WireBytes>,
    /// The part of its body that is kept, in bytes.
    pub body_len: u64,
    /// Only the beginning of its body is kept.
    pub body_cut: bool,
    /// What to know about it, one sentence each.
    pub notes: Vec<String>,
}

/// Two lists of headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedHeaders {
    /// The headers in the first one's order, at most 1,000.
    pub rows: Vec<ComparedHeader>,
    /// How many more there are.
    pub more: u64,
    /// How many of all are different.
    pub different: u64,
}

/// A header of one side or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedHeader {
    /// What is different.
    pub change: HeaderChange,
    /// As the first one has it.
    pub a: Option<HeaderSide>,
    /// As the second one has it.
    pub b: Option<HeaderSide>,
}

/// A header of one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeaderSide {
    /// Its own spelling.
    pub name: WireBytes,
    /// The value, at most 1,000 bytes of it: of what is longer, the part around the first difference.
    pub value: WireBytes,
    /// With which of the value's bytes that begins, from 0.
    pub from: u64,
    /// The whole value's length in bytes.
    pub len: u64,
}

/// What is different about a header. Of several kinds the first of these is named: value, place, spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeaderChange {
    /// Nothing.
    Same,
    /// The value.
    Changed,
    /// The name's letters, upper or lower case, and nothing else.
    Spelling,
    /// Its place among the headers that both have.
    Moved,
    /// Only the first has it.
    OnlyA,
    /// Only the second has it.
    OnlyB,
}

/// Two bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedBody {
    /// Whether they are the same.
    pub sameness: Sameness,
    /// One or two sentences: what they are to each other.
    pub words: String,
    /// Where they first differ.
    pub first: Option<FirstDifference>,
    /// What is different.
    pub changes: BodyChanges,
}

/// Where two byte strings first differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FirstDifference {
    /// How many bytes are the same before it.
    pub offset: u64,
    /// The line, from 1.
    pub line: u64,
    /// The place in the line, from 1, in characters where the line is UTF-8 so far, else in bytes.
    pub column: u64,
    /// The first one's byte; none where it ends there.
    pub a: Option<u8>,
    /// The second one's byte; none where it ends there.
    pub b: Option<u8>,
    /// One sentence; bytes count from 1 in it.
    pub words: String,
}

/// What is different in two bodies, by what they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BodyChanges {
    /// Nothing.
    None,
    /// Both are JSON.
    Json {
        /// The changes, at most 2,000. None at all: only white space is different, or a byte order mark.
        changes: Vec<JsonChange>,
        /// How many more there are.
        more: u64,
        /// Both mean the same and are written differently.
        same_value: bool,
    },
    /// Both are text.
    Lines {
        /// Stretches of lines, in order; at most 2,000 rows in all.
        hunks: Vec<LineHunk>,
        /// How many changed rows more there are.
        more: u64,
    },
    /// One of them is neither, or too long to be read as such.
    Bytes {
        /// How many bytes are the same at the start.
        same_start: u64,
        /// How many bytes behind those are the same at the end, counted from each one's own end.
        same_end: u64,
        /// How many ranges of places differ.
        ranges: u64,
        /// The rows of sixteen bytes around the first differences, at most 64.
        rows: Vec<ByteRow>,
    },
}

/// A change in a JSON body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JsonChange {
    /// Where: a JSON pointer into the second body, for what was removed into the first; cut after 1,000 characters.
    pub path: String,
    /// Which of the members of that name, from 1, where the object has the name more than once.
    pub nth: Option<u64>,
    /// What.
    pub change: JsonChangeKind,
    /// Of what moved: the JSON pointer into the first body.
    pub from: Option<String>,
    /// As the first one writes it, shortened.
    pub a: Option<String>,
    /// As the second one writes it, shortened.
    pub b: Option<String>,
}

/// A kind of change in a JSON body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JsonChangeKind {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, with another value.
    Changed,
    /// Both have it, written the same, in different places.
    Moved,
    /// An object's members stand in another order; `a` and `b` are their names.
    Reordered,
    /// The same value, written differently: `1.0` and `1`, `\u00e9` and `é`.
    Respelled,
    /// A member's name, written differently; `a` and `b` are the names.
    RespelledName,
}

/// A stretch of lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineHunk {
    /// What it is.
    pub kind: LineHunkKind,
    /// The first one's line, from 1, with which it begins.
    pub a_line: u64,
    /// The second one's line, likewise.
    pub b_line: u64,
    /// How many rows it has, listed or not.
    pub count: u64,
    /// The rows: none where it is folded.
    pub rows: Vec<LineRow>,
}

/// What a stretch of lines is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineHunkKind {
    /// The same in both, next to a change.
    Equal,
    /// The same in both, far from any change: counted, not shown.
    Folded,
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have lines there, and others.
    Changed,
}

/// A line of each side; one of them may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineRow {
    /// The first one's.
    pub a: Option<TextLine>,
    /// The second one's.
    pub b: Option<TextLine>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextLine {
    /// Its text without its end; of a long one, the part around the first difference.
    pub text: String,
    /// How it ends.
    pub end: LineEnd,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// With a line feed.
    Lf,
    /// With carriage return and line feed.
    CrLf,
    /// Not at all: the text ends.
    None,
}

/// Sixteen bytes of each side, or what there is of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ByteRow {
    /// Where it begins, a multiple of sixteen.
    pub offset: u64,
    /// The first one's bytes.
    pub a: Vec<u8>,
    /// The second one's bytes.
    pub b: Vec<u8>,
}

/// Bytes that were typed, pasted or chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Given {
    /// Text, as UTF-8.
    Text {
        /// The text.
        text: String,
    },
    /// Any bytes.
    Base64 {
        /// As base64.
        base64: String,
    },
}

/// What a handler says it hashed, against what was captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hashed {
    /// The scheme by which it was verified.
    pub scheme: String,
    /// How many bytes were given.
    pub len: u64,
    /// They are the captured body or the signed content, byte for byte; unknown where not all of the body was kept.
    pub sameness: Sameness,
    /// The name of the secret with which the received signature holds for the captured request.
    pub captured: Option<String>,
    /// The name of the secret with which it holds for these bytes as the body.
    pub as_body: Option<String>,
    /// The name of the secret with which it holds for these bytes as all that is signed.
    pub as_content: Option<String>,
    /// Why nothing could be verified: one sentence.
    pub unverified: Option<String>,
    /// Where they first differ from the captured body.
    pub from_body: Option<FirstDifference>,
    /// Where they first differ from the signed content.
    pub from_content: Option<FirstDifference>,
    /// The known change that turns what was captured into them.
    pub cause: Option<HashedCause>,
    /// What was found and what to do, in a few sentences.
    pub words: String,
}

/// How hashed bytes come from captured ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HashedCause {
    /// A stable code: `body_reserialised`, `json_in_json`, `cut`, …
    pub code: String,
    /// A sentence.
    pub words: String,
}
