//! Postman collections 2.1 (and 2.0, which is the same here): requests in folders, variables of the collection.
//!
//! Deliberately absent: environments and scripts, which are not in the file; authorization, of which Postman makes headers
//! when it sends; files, of which only the names are there. Each is said where it is met.

use super::bodies::Bodies;
use super::carried::Carried;
use super::text::{LineOf, json_fault};
use super::variables::{Unfilled, Variables, unknown_origin};
use super::{Fault, Imported, Item, item, note_length, place};
use crate::request::{Headers, HttpVersion, Request};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Folders in folders, so deep.
const DEPTH: usize = 64;
/// Between the parts of a form that was put together here.
const BOUNDARY: &str = "countersign-import-boundary";

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(borrow)]
    item: Vec<&'a RawValue>,
    #[serde(default)]
    variable: Vec<Named>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(default)]
    name: Option<String>,
    #[serde(borrow, default)]
    item: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    request: Option<&'a RawValue>,
    #[serde(default)]
    variable: Vec<Named>,
}

/// A variable, a header, a part of a form.
#[derive(Debug, Deserialize)]
struct Named {
    #[serde(default, alias = "id")]
    key: Option<String>,
    #[serde(default)]
    value: Option<serde_json::Value>,
    #[serde(default)]
    disabled: bool,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

impl Named {
    fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }

    fn value(&self) -> String {
        match &self.value {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(serde_json::Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    url: Option<UrlValue>,
    #[serde(default)]
    header: Option<HeaderValue>,
    #[serde(default)]
    body: Option<Body>,
    #[serde(default)]
    auth: Option<Auth>,
}

#[derive(Deserialize)]
struct Auth {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum HeaderValue {
    List(Vec<Named>),
    Text(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum UrlValue {
    Text(String),
    Parts {
        raw: String,
        #[serde(default)]
        variable: Vec<Named>,
    },
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    raw: Option<String>,
    #[serde(default)]
    urlencoded: Vec<Named>,
    #[serde(default)]
    formdata: Vec<Named>,
    #[serde(default)]
    file: Option<FileBody>,
    #[serde(default)]
    options: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct FileBody {
    #[serde(default)]
    src: Option<String>,
    #[serde(default)]
    content: Option<String>,
}

pub(super) fn read(text: &str, bodies: Bodies<'_>) -> Vec<Item> {
    let collection: Collection<'_> = match serde_json::from_str(text) {
        Ok(collection) => collection,
        Err(error) => return vec![Err(json_fault(0, 1, &error, "This is not a Postman collection"))],
    };
    let mut variables = Variables::default();
    for variable in collection.variable.iter().filter(|variable| !variable.disabled) {
        variables.set(variable.key(), variable.value());
    }
    let mut walk = Walk { bodies, variables, lines: LineOf::new(text), items: Vec::new() };
    walk.all(collection.item, 0);
    super::bounded(walk.items)
}

struct Walk<'a> {
    bodies: Bodies<'a>,
    variables: Variables,
    lines: LineOf<'a>,
    items: Vec<Item>,
}

impl Walk<'_> {
    fn all(&mut self, entries: Vec<&RawValue>, depth: usize) {
        for raw in entries {
            if self.items.len() > super::ITEMS {
                return;
            }
            let line = self.lines.part(raw);
            let number = self.items.len() + 1;
            let read = serde_json::from_str::<Entry<'_>>(raw.get());
            match read {
                Err(error) => self.items.push(Err(json_fault(number, line, &error, "This item cannot be read"))),
                Ok(Entry { item: Some(_), .. }) if depth == DEPTH => {
                    let reason = format!("Folders are read {DEPTH} deep; what is in this one was not taken.");
                    self.items.push(Err(Fault { item: number, line: Some(line), reason }));
                }
                Ok(Entry { item: Some(entries), .. }) => self.all(entries, depth + 1),
                Ok(entry) => {
                    let one = one(entry, number, line, &self.variables, &mut self.bodies);
                    self.items.push(one);
                }
            }
        }
    }
}

fn one(entry: Entry<'_>, number: usize, line: usize, variables: &Variables, bodies: &mut Bodies<'_>) -> Item {
    let fault = |reason: String| Fault { item: number, line: Some(line), reason };
    let Some(raw) = entry.request else { return Err(fault("This item is neither a folder nor a request.".to_owned())) };
    // A request may be its URL alone.
    let asked = match serde_json::from_str::<String>(raw.get()) {
        Ok(url) => Asked { method: None, url: Some(UrlValue::Text(url)), header: None, body: None, auth: None },
        Err(_) => serde_json::from_str::<Asked>(raw.get())
            .map_err(|error| json_fault(number, line, &error, "This request cannot be read"))?,
    };
    let mut notes = Vec::new();
    // What Countersign itself exported says there what the collection cannot hold.
    let carried = entry.variable.iter().find(|variable| variable.key() == "countersign");
    if let Some(carried) = carried.and_then(|carried| serde_json::from_str::<Carried>(&carried.value()).ok()) {
        let written = written(asked, variables, &mut notes).map_err(fault)?;
        return super::carried::item(&carried, written, bodies, (number, line, entry.name), Vec::new());
    }
    let name = entry.name;
    let (request, name) = request(asked, name, variables, &mut notes).map_err(fault)?;
    note_length(&request, &mut notes);
    let title = name.unwrap_or_else(|| super::title_of(&request));
    item(Imported {
        item: number,
        line: Some(line),
        title: crate::shorten(&title, 200),
        request,
        raw_head: None,
        received_at_us: None,
        notes,
    })
}

fn request(
    asked: Asked,
    name: Option<String>,
    variables: &Variables,
    notes: &mut Vec<String>,
) -> Result<(Request, Option<String>), String> {
    let words = |why: Unfilled| why.words();
    let url = match asked.url {
        Some(UrlValue::Text(url)) => url,
        Some(UrlValue::Parts { raw, variable }) => with_segments(raw, &variable),
        None => return Err("This request has no URL.".to_owned()),
    };
    let (url, unknown) = variables.fill_url(&url).map_err(words)?;
    // Postman adds the scheme where it is missing.
    let url = if url.contains("://") { url } else { format!("http://{url}") };
    let (host, target) = place(&url).ok_or_else(|| "Its URL is not an http or https URL.".to_owned())?;
    let given = headers(asked.header, variables, notes).map_err(words)?;
    let (body, kind) = match asked.body.filter(|body| !body.disabled) {
        Some(body) => body_of(body, &given, variables, notes)?,
        None => (Bytes::new(), None),
    };
    let mut all = Headers::new();
    match &unknown {
        Some(name) => notes.push(unknown_origin(name)),
        None if !given.has("host") => all.push("Host", host),
        None => {}
    }
    for field in &given {
        all.push(field.name.clone(), field.value.clone());
    }
    if let Some(kind) = kind.filter(|_| !given.has("content-type")) {
        notes.push(format!("Its Content-Type, {kind}, is the one that Postman adds."));
        all.push("Content-Type", kind);
    }
    if !body.is_empty() && !all.has("content-length") && !all.has("transfer-encoding") {
        all.push("Content-Length", body.len().to_string());
    }
    if let Some(auth) = asked.auth.filter(|auth| auth.kind != "noauth") {
        let kind = crate::shorten(&auth.kind, 40);
        notes.push(format!("Its authorization ({kind}) was left out: Postman makes headers of it when it sends."));
    }
    let method = asked.method.unwrap_or_else(|| "GET".to_owned());
    let request = Request {
        method,
        target: Bytes::from(target),
        version: HttpVersion::Http11,
        headers: all,
        body,
        cut_from: None,
    };
    Ok((request, name))
}

/// The request as an export of Countersign wrote it, without what Postman would add.
fn written(asked: Asked, variables: &Variables, notes: &mut Vec<String>) -> Result<Request, String> {
    let words = |why: Unfilled| why.words();
    let Some(UrlValue::Text(url)) = asked.url else { return Err("This request has no URL.".to_owned()) };
    let target = match url.strip_prefix("{{baseUrl}}").filter(|path| path.starts_with('/')) {
        Some(target) => target.to_owned(),
        // Somebody edited it.
        None => {
            let (url, _) = variables.fill_url(&url).map_err(words)?;
            place(&url).ok_or_else(|| "Its URL is not an http or https URL.".to_owned())?.1
        }
    };
    let headers = headers(asked.header, variables, notes).map_err(words)?;
    let body = asked.body.filter(|body| body.mode.as_deref() == Some("raw")).and_then(|body| body.raw);
    Ok(Request {
        method: asked.method.unwrap_or_else(|| "GET".to_owned()),
        target: Bytes::from(target),
        version: HttpVersion::Http11,
        headers,
        body: Bytes::from(body.unwrap_or_default()),
        cut_from: None,
    })
}

/// A URL with the values of its `:name` segments.
fn with_segments(raw: String, variables: &[Named]) -> String {
    if variables.is_empty() {
        return raw;
    }
    let (path, query) = raw.split_at(raw.find('?').unwrap_or(raw.len()));
    let segment = |segment: &str| {
        let name = segment.strip_prefix(':');
        let found = name.and_then(|name| variables.iter().find(|variable| variable.key() == name));
        found.map_or_else(|| segment.to_owned(), Named::value)
    };
    format!("{}{query}", path.split('/').map(segment).collect::<Vec<_>>().join("/"))
}

fn headers(given: Option<HeaderValue>, variables: &Variables, notes: &mut Vec<String>) -> Result<Headers, Unfilled> {
    let mut out = Headers::new();
    match given {
        None => {}
        Some(HeaderValue::Text(text)) => {
            for (name, value) in text.lines().filter_map(|line| line.split_once(':')) {
                out.push(name.trim().to_owned(), variables.fill_known(value.trim(), notes)?);
            }
        }
        Some(HeaderValue::List(list)) => {
            let off = list.iter().filter(|header| header.disabled).count();
            if off > 0 {
                let noun = if off == 1 { "header that is" } else { "headers that are" };
                notes.push(format!("{off} {noun} switched off in the collection, and left out here."));
            }
            for header in list.iter().filter(|header| !header.disabled) {
                let name = variables.fill_known(header.key(), notes)?;
                let value = variables.fill_known(&header.value(), notes)?;
                out.push(name, value.trim_matches([' ', '\t']).to_owned());
            }
        }
    }
    Ok(out)
}

/// The body, and the `Content-Type` that Postman would add.
fn body_of(
    body: Body,
    headers: &Headers,
    variables: &Variables,
    notes: &mut Vec<String>,
) -> Result<(Bytes, Option<String>), String> {
    let mut fill = |text: &str| variables.fill_known(text, notes).map_err(|why| why.words());
    match body.mode.as_deref() {
        None | Some("none") => Ok((Bytes::new(), None)),
        Some("raw") => {
            let pointer = "/raw/language";
            let language = body.options.as_ref().and_then(|options| options.pointer(pointer)?.as_str());
            let kind = match language {
                Some("json") => Some("application/json"),
                Some("xml") => Some("application/xml"),
                Some("html") => Some("text/html"),
                Some("javascript") => Some("application/javascript"),
                Some("text") => Some("text/plain"),
                _ => None,
            };
            Ok((Bytes::from(fill(&body.raw.unwrap_or_default())?), kind.map(str::to_owned)))
        }
        Some("urlencoded") => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for field in body.urlencoded.iter().filter(|field| !field.disabled) {
                form.append_pair(&fill(field.key())?, &fill(&field.value())?);
            }
            let form = form.finish();
            notes.push("Its body was put together from the fields of a form.".to_owned());
            Ok((Bytes::from(form), Some("application/x-www-form-urlencoded".to_owned())))
        }
        Some("formdata") => {
            let body = multipart(&body.formdata, boundary(headers).as_deref(), &mut fill)?;
            notes.push(
                "Its body was put together from the parts of a form, with a boundary of our own where none is given."
                    .to_owned(),
            );
            Ok((body, Some(format!("multipart/form-data; boundary={BOUNDARY}"))))
        }
        Some("file") => match body.file {
            Some(FileBody { content: Some(content), .. }) => Ok((Bytes::from(content), None)),
            file => {
                let src = file.and_then(|file| file.src).unwrap_or_default();
                let src = crate::shorten(&src, 100);
                Err(format!("Its body is in the file “{src}”, which is not in the collection."))
            }
        },
        Some(other) => {
            let other = crate::shorten(other, 40);
            Err(format!("Its body is of the kind “{other}”, which is not taken: only raw texts, forms and files are."))
        }
    }
}

/// The boundary that a given `Content-Type` says.
fn boundary(headers: &Headers) -> Option<String> {
    let kind = crate::request::text(headers.first("content-type")?);
    let found = kind.split(';').find_map(|part| part.trim().strip_prefix("boundary=").map(str::to_owned))?;
    Some(found.trim_matches('"').to_owned())
}

fn multipart(
    parts: &[Named],
    boundary: Option<&str>,
    fill: &mut impl FnMut(&str) -> Result<String, String>,
) -> Result<Bytes, String> {
    let boundary = boundary.unwrap_or(BOUNDARY);
    let mut out = String::new();
    for part in parts.iter().filter(|part| !part.disabled) {
        let name = fill(part.key())?;
        if part.kind.as_deref() == Some("file") {
            let name = crate::shorten(&name, 60);
            return Err(format!("The part “{name}” of its form is a file, which is not in the collection."));
        }
        let name = name.replace('"', "%22").replace(['\r', '\n'], "");
        let value = fill(&part.value())?;
        out.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    out.push_str(&format!("--{boundary}--\r\n"));
    Ok(Bytes::from(out))
}
