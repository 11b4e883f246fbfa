//! What a template must know of a provider, read from its rule.

use crate::handshake::{Handshake, HandshakeAnswer, Place};
use crate::rule::{Algorithm, Basis, Encoding, KeyForm, Part, PartKind, ProviderRule, SchemeRule};
use serde::Serialize;
use serde_json::Value;

/// The facts.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    /// The provider's name, fit for a comment.
    pub(super) name: String,
    /// The environment variable with the secret.
    pub(super) secret_env: String,
    /// The environment variable that stands for the list of expected ids, where there is no signature.
    pub(super) expected_env: String,
    /// How it signs; none where it does not.
    pub(super) scheme: Option<Scheme>,
    /// What together names an event: each must be there.
    #[serde(skip)]
    pub(super) identity: Vec<Lookup>,
    /// The last of `identity`, which is the event's id itself.
    #[serde(skip)]
    pub(super) id: Lookup,
    /// Fields that must have one of some values, where there is no signature.
    #[serde(skip)]
    pub(super) choices: Vec<Choice>,
    /// Whether anything is looked up below the top of the body.
    pub(super) nested: bool,
    /// The check that the endpoint is yours, where the templates can answer it.
    #[serde(skip)]
    pub(super) handshake: Option<Challenge>,
    /// The provider has a handshake that the templates cannot answer.
    #[serde(skip)]
    pub(super) other_handshake: bool,
}

/// How a provider signs.
#[derive(Debug, Serialize)]
pub(super) struct Scheme {
    /// `sha256` and so on.
    pub(super) hash: &'static str,
    /// The key is base64.
    pub(super) base64_key: bool,
    /// The signature is written in hex, otherwise in base64.
    pub(super) hex: bool,
    pub(super) prefix: String,
    /// The signature's header.
    pub(super) header: Name,
    pub(super) several: bool,
    /// The headers that are signed or carry the timestamp, once each.
    pub(super) headers: Vec<Name>,
    /// What is signed: texts between bodies.
    #[serde(skip)]
    pub(super) content: Vec<Chunk>,
    pub(super) time: Option<Time>,
}

/// A header and the variable that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Name {
    /// As the provider spells it.
    pub(super) name: String,
    /// In lower case, as Node keeps it.
    pub(super) lower: String,
    /// As CGI, PHP and Rack name it: `HTTP_X_WEBHOOK_ID`.
    pub(super) cgi: String,
    pub(super) snake: String,
    pub(super) camel: String,
    /// As Go writes it: `webhookID`.
    pub(super) go: String,
}

/// A part of what is signed: the raw body, or a text of headers and fixed texts.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) body: bool,
    /// Empty where it is the body.
    pub(super) text: Vec<Piece>,
}

/// A header's value or a fixed text.
#[derive(Debug)]
pub(super) enum Piece {
    Header(Name),
    Literal(String),
}

/// The timestamp and its tolerance, in seconds.
#[derive(Debug, Serialize)]
pub(super) struct Time {
    pub(super) header: Name,
    pub(super) past: u32,
    pub(super) future: u32,
    pub(super) documented: bool,
}

/// Where a value stands: the first of these places that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lookup {
    /// Places in the body.
    pub(super) paths: Vec<Path>,
    /// A header, where no place in the body is named.
    pub(super) header: Option<Name>,
}

/// A place in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// As a JSON pointer.
    pub(super) pointer: String,
    /// As keys.
    pub(super) keys: Vec<String>,
}

/// A field with the values that it may have.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) path: Path,
    pub(super) values: Vec<String>,
}

/// A handshake that is answered with JSON that repeats a text of the body.
#[derive(Debug)]
pub(super) struct Challenge {
    /// What marks the request: fields with one value each.
    pub(super) marks: Vec<Choice>,
    /// What is repeated.
    pub(super) from: Path,
    /// The field of the answer.
    pub(super) field: String,
}

impl Facts {
    /// Reads a rule.
    pub(super) fn of(rule: &ProviderRule) -> Facts {
        let env: String = rule.id.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let env = env.to_ascii_uppercase();
        let (identity, id) = identity(rule);
        let handshake = rule.handshake.as_ref().and_then(challenge);
        let scheme = rule.schemes.first().map(Scheme::of);
        let choices = if scheme.is_some() { Vec::new() } else { choices(rule) };
        let deep = |path: &Path| path.keys.len() > 1;
        let nested = identity.iter().flat_map(|lookup| &lookup.paths).any(deep)
            || handshake.iter().any(|found| deep(&found.from) || found.marks.iter().any(|mark| deep(&mark.path)));
        Facts {
            name: for_comments(&rule.name),
            secret_env: format!("{env}_WEBHOOK_SECRET"),
            expected_env: format!("{env}_EXPECTED_IDS"),
            scheme,
            identity,
            id,
            choices,
            nested,
            other_handshake: rule.handshake.is_some() && handshake.is_none(),
            handshake,
        }
    }
}

/// A name that cannot end a comment or a line of one.
fn for_comments(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    name.replace("?>", "? >").replace("*/", "* /")
}

impl Scheme {
    fn of(rule: &SchemeRule) -> Scheme {
        let mut headers: Vec<Name> = Vec::new();
        let mut content: Vec<Chunk> = Vec::new();
        for part in &rule.content {
            let piece = match part {
                Part::Body => {
                    content.push(Chunk { body: true, text: Vec::new() });
                    continue;
                }
                Part::Literal { text } => Piece::Literal(text.clone()),
                Part::Header { name, kind } => {
                    let name = Name::of(name, *kind);
                    if !headers.contains(&name) {
                        headers.push(name.clone());
                    }
                    Piece::Header(name)
                }
            };
            match content.last_mut() {
                Some(chunk) if !chunk.body => chunk.text.push(piece),
                _ => content.push(Chunk { body: false, text: vec![piece] }),
            }
        }
        let time = rule.time.as_ref().map(|time| {
            let known = headers.iter().find(|header| header.lower == time.header.to_ascii_lowercase()).cloned();
            let header = known.unwrap_or_else(|| {
                let name = Name::of(&time.header, PartKind::Timestamp);
                headers.push(name.clone());
                name
            });
            Time { header, past: time.past_s, future: time.future_s, documented: time.basis == Basis::Documented }
        });
        Scheme {
            hash: match rule.algorithm {
                Algorithm::HmacSha1 => "sha1",
                Algorithm::HmacSha256 => "sha256",
                Algorithm::HmacSha512 => "sha512",
            },
            base64_key: rule.key == KeyForm::Base64,
            hex: rule.signature.encoding == Encoding::Hex,
            prefix: rule.signature.prefix.clone(),
            header: Name::of(&rule.signature.header, PartKind::Other),
            several: rule.signature.several,
            headers,
            content,
            time,
        }
    }
}

impl Name {
    fn of(name: &str, kind: PartKind) -> Name {
        let variable = match kind {
            PartKind::Id => "webhook_id".to_owned(),
            PartKind::Timestamp => "timestamp".to_owned(),
            // The prefix keeps words of a language, as `from` and `class`, from being a variable.
            _ => {
                let word = name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
                if word.starts_with("x_") { word } else { format!("x_{word}") }
            }
        };
        Name {
            name: name.to_owned(),
            lower: name.to_ascii_lowercase(),
            cgi: format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_")),
            go: camel(&variable).strip_suffix("Id").map_or(camel(&variable), |stem| format!("{stem}ID")),
            camel: camel(&variable),
            snake: variable,
        }
    }
}

fn camel(snake: &str) -> String {
    let mut out = String::new();
    for (at, word) in snake.split('_').filter(|word| !word.is_empty()).enumerate() {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        out.push_str(&if at == 0 { first.to_owned() } else { first.to_ascii_uppercase() });
        out.push_str(rest);
    }
    out
}

impl Path {
    fn of(pointer: &str) -> Path {
        let keys = pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
        Path { pointer: pointer.to_owned(), keys }
    }
}

/// The lookups of a template of [`crate::rule::EventNames`].
fn lookups(template: &str) -> Vec<Lookup> {
    let mut found = Vec::new();
    for placeholder in template.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        let places = || placeholder.split('|');
        let paths: Vec<Path> = places().filter(|place| place.starts_with('/')).map(Path::of).collect();
        let header = places().find_map(|place| place.strip_prefix("header:"));
        // A header that is not signed counts only where the body has no such thing.
        let header = if paths.is_empty() { header.map(|name| Name::of(name, PartKind::Other)) } else { None };
        found.push(Lookup { paths, header });
    }
    found
}

/// What names an event: its type and its id. One id may stand for several events, as a task that starts and ends.
fn identity(rule: &ProviderRule) -> (Vec<Lookup>, Lookup) {
    let of_id = lookups(&rule.event.id);
    let mut all: Vec<Lookup> =
        lookups(&rule.event.event_type).into_iter().filter(|lookup| !of_id.contains(lookup)).collect();
    let id = of_id.last().cloned().unwrap_or_else(|| Lookup { paths: vec![Path::of("/id")], header: None });
    all.extend(of_id);
    if !all.contains(&id) {
        all.push(id.clone());
    }
    (all, id)
}

/// The required fields of the body's schema that have only some values.
fn choices(rule: &ProviderRule) -> Vec<Choice> {
    let schema = rule.checks.as_ref().and_then(|checks| serde_json::from_str::<Value>(&checks.schema).ok());
    let Some(schema) = schema else { return Vec::new() };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required
        .filter_map(|field| {
            let values = schema["properties"][field]["enum"].as_array()?;
            let values: Option<Vec<String>> = values.iter().map(|v| v.as_str().map(str::to_owned)).collect();
            Some(Choice { path: Path { pointer: format!("/{field}"), keys: vec![field.to_owned()] }, values: values? })
        })
        .collect()
}

/// A handshake as the templates answer it: fields of the body that have one value, and a JSON answer with one field.
fn challenge(handshake: &Handshake) -> Option<Challenge> {
    let HandshakeAnswer::JsonEcho { from: Place::Pointer(from), field } = &handshake.answer else { return None };
    let when = &handshake.when;
    let posted = when.method.is_empty() || when.method.iter().any(|method| method == "POST");
    let body = when.body.as_ref()?;
    if !posted || handshake.token.is_some() || !when.query.is_empty() || !when.headers.is_empty() {
        return None;
    }
    let mut marks = Vec::new();
    for condition in &body.all {
        let path = Path::of(&condition.pointer);
        match (condition.one_of.as_deref(), &condition.prefix, condition.is.as_deref()) {
            (Some(values), None, None) if !values.is_empty() => marks.push(Choice { path, values: values.to_vec() }),
            // What is repeated is a text in any case.
            (None, None, Some("string")) if condition.pointer == *from => {}
            _ => return None,
        }
    }
    let known = body.any.is_empty() && !marks.is_empty();
    known.then(|| Challenge { marks, from: Path::of(from), field: field.clone() })
}
