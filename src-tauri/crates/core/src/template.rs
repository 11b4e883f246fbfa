//! Texts with placeholders between `{{` and `}}`; `{{{{` stands for `{{` itself.
//!
//! One reader, [`read`], serves both vocabularies: what is filled in from a delivery ([`Template`], for answers:
//! `{"id":"{{body.data.id}}"}`) and what is made afresh ([`crate::compose::fill`], for requests: `{{id:evt_}}`).

use crate::request::{Request, text};
use serde_json::Value;

/// A piece of a text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<P> {
    /// Text as it is.
    Text(String),
    /// A placeholder.
    Place(P),
}

/// Reads a text; `place` reads what stands between the braces, or says in one sentence what is wrong with it.
pub(crate) fn read<P>(source: &str, place: impl Fn(&str) -> Result<P, String>) -> Result<Vec<Piece<P>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = source;
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        if let Some(behind) = from.strip_prefix("{{{{") {
            plain.push_str("{{");
            rest = behind;
            continue;
        }
        let start = || source[..source.len() - from.len()].chars().count();
        let Some(end) = from.find("}}") else {
            let message = "“{{” begins a placeholder that “}}” does not end; “{{{{” stands for “{{” itself.".to_owned();
            return Err(TemplateError { start: start(), len: 2, message });
        };
        let found = place(from[2..end].trim());
        let found =
            found.map_err(|message| TemplateError { start: start(), len: from[..end + 2].chars().count(), message })?;
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Place(found));
        rest = &from[end + 2..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// What is said of a word that is no placeholder.
pub(crate) fn unknown(word: &str, known: &[&str]) -> String {
    format!("There is no placeholder “{}”: there are {}.", crate::shorten(word, 40), known.join(", "))
}

/// The placeholders, for a person.
pub const PLACEHOLDERS: [&str; 6] =
    ["{{body.FIELD.FIELD}}", "{{header.NAME}}", "{{path}}", "{{method}}", "{{now}}", "{{now.unix}}"];

/// A text with placeholders that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece<Part>>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Body(Vec<String>),
    Header(String),
    Path,
    Method,
    Now,
    NowUnix,
}

/// A placeholder that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// Where it begins, in characters.
    pub start: usize,
    /// How many characters are wrong.
    pub len: usize,
    /// One sentence.
    pub message: String,
}

/// What placeholders are filled in from.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    /// The request.
    pub request: &'a Request,
    /// Its body as JSON, where it is.
    pub body: Option<&'a Value>,
    /// The present: RFC 3339.
    pub now: &'a str,
    /// The present in unix seconds.
    pub now_s: i64,
    /// The text is JSON: what is filled in is escaped as the inside of a JSON string.
    pub json: bool,
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// The first placeholder that is not one of [`PLACEHOLDERS`].
    pub fn parse(source: &str) -> Result<Template, TemplateError> {
        read(source, |word| Part::parse(word).ok_or_else(|| unknown(word, &PLACEHOLDERS))).map(Template)
    }

    /// Whether it asks for the body as JSON.
    #[must_use]
    pub fn needs_body(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Piece::Place(Part::Body(_))))
    }

    /// The text. What is not there is filled in as nothing.
    #[must_use]
    pub fn fill(&self, with: &Filling<'_>) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            let part = match piece {
                Piece::Place(part) => part,
                Piece::Text(text) => {
                    out.push_str(text);
                    continue;
                }
            };
            let value = match part {
                Part::Body(path) => with.body.and_then(|body| field(body, path)).unwrap_or_default(),
                Part::Header(name) => with.request.headers.first(name).map(|v| text(v)).unwrap_or_default(),
                Part::Path => text(with.request.path()),
                Part::Method => with.request.method.clone(),
                Part::Now => with.now.to_owned(),
                Part::NowUnix => with.now_s.to_string(),
            };
            if with.json {
                let quoted = Value::String(value).to_string();
                out.push_str(&quoted[1..quoted.len() - 1]);
            } else {
                out.push_str(&value);
            }
        }
        out
    }
}

impl Part {
    fn parse(word: &str) -> Option<Part> {
        Some(match word {
            "path" => Part::Path,
            "method" => Part::Method,
            "now" => Part::Now,
            "now.unix" => Part::NowUnix,
            _ => {
                let (kind, rest) = word.split_once('.')?;
                match kind {
                    _ if rest.is_empty() || rest.split('.').any(str::is_empty) => return None,
                    "body" => Part::Body(rest.split('.').map(str::to_owned).collect()),
                    "header" => Part::Header(rest.to_owned()),
                    _ => return None,
                }
            }
        })
    }
}

/// The value at a path of fields and places in lists; a text as it is, anything else as JSON.
fn field(body: &Value, path: &[String]) -> Option<String> {
    let value = path.iter().try_fold(body, |value, name| match value {
        Value::Array(list) => list.get(name.parse::<usize>().ok()?),
        value => value.get(name),
    })?;
    Some(match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Headers, HttpVersion};

    #[test]
    fn placeholders_are_filled_in_and_escaped_where_the_text_is_json() {
        let mut headers = Headers::new();
        headers.push("X-Id", "a\"b");
        let request = Request {
            method: "POST".to_owned(),
            target: "/a?b".into(),
            version: HttpVersion::Http11,
            headers,
            body: "".into(),
            cut_from: None,
        };
        let body = serde_json::json!({"id": "q\"1", "list": [{"n": 7}], "none": null});
        let fill = |source: &str, json| {
            let now = "2026-11-21T00:00:00Z";
            let filling = Filling { request: &request, body: Some(&body), now, now_s: 5, json };
            Template::parse(source).expect(source).fill(&filling)
        };
        let rows = [
            ("plain", "plain", "plain"),
            ("a {{{{now}} {{{{{{method}}", "a {{now}} {{POST", "a {{now}} {{POST"),
            ("{{body.id}}", "q\"1", "q\\\"1"),
            ("<{{ body.list.0.n }}{{body.missing.x}}>", "<7>", "<7>"),
            ("{{header.x-id}} {{path}} {{method}}", "a\"b /a POST", "a\\\"b /a POST"),
            ("{{now}} {{now.unix}} {{body.none}}", "2026-11-21T00:00:00Z 5 null", "2026-11-21T00:00:00Z 5 null"),
        ];
        for (source, plain, json) in rows {
            assert_eq!((fill(source, false).as_str(), fill(source, true).as_str()), (plain, json), "{source}");
        }
        for (source, start, len) in [("é{{id}}", 1, 6), ("{{body.}}", 0, 9), ("a {{now", 2, 2), ("{{body..x}}", 0, 11)]
        {
            let error = Template::parse(source).expect_err(source);
            assert_eq!((error.start, error.len), (start, len), "{source}: {error}");
        }
    }
}
