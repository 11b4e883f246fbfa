//! Where a pasted command goes: the URL as curl would send it.

use super::PasteFault;
use super::words::Word;
use crate::draft::leaving::Parts;

/// What changes a URL on its way.
#[derive(Default)]
pub(super) struct UrlOptions {
    /// `--globoff`: brackets and braces are themselves.
    pub(super) globoff: bool,
    /// `--path-as-is`: `..` is itself.
    pub(super) path_as_is: bool,
    /// `--get`: what is to be added to the query.
    pub(super) query: Option<Vec<u8>>,
    /// `--request-target`.
    pub(super) target: Option<Word>,
}

/// The URL that curl would ask for.
pub(super) fn url(text: &str, word: &Word, options: &UrlOptions) -> Result<String, PasteFault> {
    let fault = |message: &str| PasteFault::at(text, word.at, message);
    let given = String::from_utf8(word.bytes.clone()).map_err(|_| fault("The URL is not UTF-8."))?;
    let given = if options.globoff { given } else { unglobbed(&given).ok_or_else(|| fault(GLOB))? };
    let url = if given.contains("://") { given } else { format!("http://{given}") };
    let parts = Parts::read(&url).ok_or_else(|| fault("This is not a URL that begins with http:// or https://."))?;
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let origin = format!("{}://{authority}", scheme.to_ascii_lowercase());
    if let Some(target) = &options.target {
        return with_target(text, &origin, target);
    }
    let (path, query) = match parts.target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (parts.target.as_str(), None),
    };
    let path = if options.path_as_is { path.to_owned() } else { without_dots(path) };
    let mut out = format!("{origin}{path}");
    if let Some(query) = query {
        out.push_str(&format!("?{query}"));
    }
    if let Some(added) = &options.query {
        let added = std::str::from_utf8(added).map_err(|_| fault("What is added to this URL is not UTF-8."))?;
        out.push(match query {
            None => '?',
            Some(query) if query.is_empty() || query.ends_with('&') => return Ok(out + added),
            Some(_) => '&',
        });
        out.push_str(added);
    }
    Ok(out)
}

const GLOB: &str = "curl would make several requests of the brackets or braces in this URL. Add --globoff if they are meant as they stand.";

/// The URL without the backslashes that keep curl from making several of it; nothing where it would make several.
fn unglobbed(url: &str) -> Option<String> {
    let host_from = url.find("://").map_or(0, |at| at + 3);
    let host_to = url[host_from..].find(['/', '?', '#']).map_or(url.len(), |at| host_from + at);
    let mut out = url[..host_to].to_owned();
    let mut chars = url[host_to..].chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|next| "[]{}".contains(*next)) => out.extend(chars.next()),
            // An empty pair means nothing to curl.
            '[' if chars.peek() == Some(&']') => {
                chars.next();
                out.push_str("[]");
            }
            '[' | ']' | '{' | '}' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

fn with_target(text: &str, origin: &str, target: &Word) -> Result<String, PasteFault> {
    let fault = |message: &str| PasteFault::at(text, target.at, message);
    let read = std::str::from_utf8(&target.bytes).map_err(|_| fault("The request target is not UTF-8."))?;
    // What the sender would change on its way from the URL to the request line.
    if !read.starts_with('/') || read.contains(['#', ' ']) || read.contains(|c: char| c.is_control()) {
        return Err(fault(
            "Only a request target that begins with “/” and holds no space, “#” or control character can be sent.",
        ));
    }
    Ok(format!("{origin}{read}"))
}

/// A path without `.` and `..` (RFC 3986, 5.2.4), as curl makes it without `--path-as-is`.
fn without_dots(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => drop(out.pop()),
            segment => {
                out.push(segment);
                continue;
            }
        }
        if last {
            out.push("");
        }
    }
    format!("/{}", out.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_go_as_in_curl() {
        for (path, expected) in [
            ("/", "/"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/..", "/"),
            ("/a/.", "/a/"),
            ("/../x", "/x"),
            ("//a", "//a"),
        ] {
            assert_eq!(without_dots(path), expected, "{path}");
        }
    }
}
