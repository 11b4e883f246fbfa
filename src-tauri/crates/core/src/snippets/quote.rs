//! A rule's texts and places as expressions of a language. A rule may be anybody's file: none of its texts may end a literal.

use super::Language;
use super::facts::{Lookup, Path, Piece};
use std::fmt::Write as _;

/// A text as a string literal.
pub(super) fn literal(language: Language, text: &str) -> String {
    match language {
        Language::Rust => format!("{text:?}"),
        Language::Php => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        _ => format!("\"{}\"", escaped(language, text)),
    }
}

/// Texts as literals, with commas between them.
pub(super) fn literals(language: Language, texts: &[String]) -> String {
    texts.iter().map(|text| literal(language, text)).collect::<Vec<_>>().join(", ")
}

/// What stands between double quotes.
fn escaped(language: Language, text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '#' if language == Language::Ruby => out.push_str("\\#"),
            '$' if language == Language::Php => out.push_str("\\$"),
            c if c.is_control() && matches!(language, Language::Rust | Language::Php) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A text of headers and fixed texts: interpolated where the language does that, otherwise put together with `+`.
pub(super) fn joined(language: Language, pieces: &[Piece]) -> String {
    let inside = |open: &str, close: &str, camel: bool| -> String {
        let written = pieces.iter().map(|piece| match piece {
            Piece::Header(name) => format!("{open}{}{close}", if camel { &name.camel } else { &name.snake }),
            Piece::Literal(text) => match language {
                Language::Node | Language::NodeHttp => {
                    escaped(language, text).replace('`', "\\`").replace("${", "\\${")
                }
                Language::PythonFlask | Language::PythonFastApi | Language::Rust | Language::CSharp => {
                    escaped(language, text).replace('{', "{{").replace('}', "}}")
                }
                _ => escaped(language, text),
            },
        });
        written.collect()
    };
    match language {
        Language::Node | Language::NodeHttp => format!("`{}`", inside("${", "}", true)),
        Language::PythonFlask | Language::PythonFastApi => format!("f\"{}\"", inside("{", "}", false)),
        Language::Rust => format!("format!(\"{}\")", inside("{", "}", false)),
        Language::Php => format!("\"{}\"", inside("{$", "}", true)),
        Language::Ruby => format!("\"{}\"", inside("#{", "}", false)),
        Language::CSharp => format!("$\"{}\"", inside("{", "}", true)),
        Language::Go | Language::Java => {
            let written = pieces.iter().map(|piece| match piece {
                Piece::Header(name) if language == Language::Go => name.go.clone(),
                Piece::Header(name) => name.camel.clone(),
                Piece::Literal(text) => literal(language, text),
            });
            written.collect::<Vec<_>>().join(" + ")
        }
    }
}

/// The value that a lookup finds; the templates have the helper `text` or `at` where the language cannot ask safely.
pub(super) fn value(language: Language, lookup: &Lookup) -> String {
    if let Some(header) = &lookup.header {
        let name = literal(language, &header.name);
        return match language {
            Language::Node | Language::NodeHttp => format!("req.headers[{}]", literal(language, &header.lower)),
            Language::PythonFlask | Language::PythonFastApi => format!("request.headers.get({name})"),
            Language::Go => format!("r.Header.Get({name})"),
            Language::Rust => format!("headers.get({name}).and_then(|value| value.to_str().ok())"),
            Language::Php => format!("$_SERVER['{}'] ?? null", header.cgi),
            Language::Ruby => format!("env[\"{}\"]", header.cgi),
            Language::Java => format!("exchange.getRequestHeaders().getFirst({name})"),
            Language::CSharp => format!("request.Headers[{name}].ToString()"),
        };
    }
    let each = |separator: &str| -> String {
        let places = lookup.paths.iter().map(|path| place(language, path));
        places.collect::<Vec<_>>().join(separator)
    };
    match language {
        Language::Node | Language::NodeHttp => each(" ?? "),
        Language::PythonFlask | Language::PythonFastApi => each(" or "),
        Language::Php => format!("{} ?? null", each(" ?? ")),
        Language::Ruby => each(" || "),
        Language::Go | Language::Java => format!("text(event, {})", each(", ")),
        Language::Rust => format!("text(&event, &[{}])", each(", ")),
        Language::CSharp => format!("Text(body, {})", each(", ")),
    }
}

/// A place in the body, as it stands among others in [`value`].
fn place(language: Language, path: &Path) -> String {
    match language {
        Language::Node | Language::NodeHttp => path.keys.iter().fold("event".to_owned(), |out, key| {
            if is_word(key) { format!("{out}?.{key}") } else { format!("{out}?.[{}]", literal(language, key)) }
        }),
        Language::PythonFlask | Language::PythonFastApi | Language::Ruby => {
            format!("at(event, {})", literals(language, &path.keys))
        }
        Language::Php => {
            path.keys.iter().fold("$event".to_owned(), |out, key| format!("{out}[{}]", literal(language, key)))
        }
        Language::Go | Language::Rust | Language::Java | Language::CSharp => literal(language, &path.pointer),
    }
}

/// A key of a JavaScript object.
pub(super) fn js_key(key: &str) -> String {
    if is_word(key) { key.to_owned() } else { literal(Language::Node, key) }
}

fn is_word(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A list between `head` and `tail` on one line, or with a line for each where that is over `width`, as the language's
/// formatter does it. Every line gets the mark.
pub(super) fn row(language: Language, items: &[String], head: &str, tail: &str, width: usize, mark: &str) -> String {
    let line = format!("{head}{}{tail}", items.join(", "));
    if line.chars().count() <= width {
        return format!("{line} {mark}");
    }
    let indent: String = head.chars().take_while(|c| c.is_whitespace()).collect();
    let step = match language {
        Language::Node | Language::NodeHttp | Language::Ruby => "  ",
        Language::Go => "\t",
        _ => "    ",
    };
    let mut lines = vec![head.to_owned()];
    if language == Language::Java {
        // google-java-format breaks behind `=` first, and closes on the last line.
        lines = vec![head.replace(" = ", &format!(" = {mark}\n{indent}    "))];
        let last = items.len().saturating_sub(1);
        lines.extend(
            items
                .iter()
                .enumerate()
                .map(|(at, item)| format!("{indent}        {item}{}", if at == last { tail } else { "," })),
        );
    } else {
        let trailing = if language == Language::Ruby { "" } else { "," };
        let last = items.len().saturating_sub(1);
        lines.extend(
            items
                .iter()
                .enumerate()
                .map(|(at, item)| format!("{indent}{step}{item}{}", if at == last { trailing } else { "," })),
        );
        lines.push(format!("{indent}{tail}"));
    }
    lines.iter().map(|line| format!("{line} {mark}")).collect::<Vec<_>>().join("\n")
}
