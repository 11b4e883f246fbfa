//! A command line as words: the quoting of Windows, as a browser's “Copy as cURL (cmd)” writes it.
//!
//! Two programs read such a line, one after the other. `cmd` takes out each `^` outside of its quotes and gives the next
//! character its plain meaning; a `^` at a line's end joins the next line, whose first character is then plain. Then the C
//! library of curl makes words: `\"` is a quote, backslashes count only before a quote, `""` within quotes is a quote.
//!
//! A browser (a command whose first word begins with `^"`) doubles every backslash, also where Windows would keep both. What
//! the browser sent is what is meant: there, two are one.

use super::PasteFault;
use super::words::{Command, Word};

/// Whether a command is written for `cmd`: what follows `curl` begins with `^"`, or its first line ends with `^`.
pub(super) fn is_meant(rest: &str) -> bool {
    let first = rest.lines().next().unwrap_or_default().trim_end();
    rest.trim_start().starts_with("^\"") || first.ends_with('^')
}

/// Reads a command's words, from a place in the text.
pub(super) fn split(text: &str, from: usize) -> Result<Command, PasteFault> {
    let (line, ended_by, end) = unescape(text, from);
    let doubled = text[from..].trim_start().starts_with("^\"");
    let mut words = Vec::new();
    let mut at = 0;
    while at < line.len() {
        if matches!(line[at].0, ' ' | '\t' | '\n') {
            at += 1;
            continue;
        }
        words.push(word(text, &line, &mut at, doubled)?);
    }
    Ok(Command { words, ended_by, end })
}

/// The first program: `cmd`. Gives the characters with their places.
fn unescape(text: &str, from: usize) -> (Vec<(char, usize)>, Option<&'static str>, usize) {
    let mut out = Vec::new();
    let mut quoted = false;
    let mut chars = text[from..].char_indices().map(|(at, c)| (c, from + at)).filter(|(c, _)| *c != '\r').peekable();
    while let Some((c, at)) = chars.next() {
        match c {
            '^' if !quoted => {
                if chars.peek().is_some_and(|(next, _)| *next == '\n') {
                    chars.next();
                }
                out.extend(chars.next());
            }
            '\n' | '|' | '&' | '<' | '>' if !quoted => {
                let ended_by = match c {
                    '\n' => "the end of a line",
                    '|' => "|",
                    '&' => "&",
                    '<' => "<",
                    _ => ">",
                };
                return (out, chars.any(|(c, _)| !c.is_whitespace()).then_some(ended_by), at);
            }
            _ => {
                quoted ^= c == '"';
                out.push((c, at));
            }
        }
    }
    (out, None, text.len())
}

/// The second program: the C library's words.
fn word(text: &str, line: &[(char, usize)], at: &mut usize, doubled: bool) -> Result<Word, PasteFault> {
    let begin = line[*at].1;
    let (mut out, mut quoted_from) = (String::new(), None);
    while let Some(&(c, place)) = line.get(*at) {
        match c {
            '\\' => {
                let count = line[*at..].iter().take_while(|(c, _)| *c == '\\').count();
                *at += count;
                if line.get(*at).is_some_and(|(c, _)| *c == '"') {
                    out.extend(std::iter::repeat_n('\\', count / 2));
                    if count % 2 == 1 {
                        out.push('"');
                        *at += 1;
                    }
                } else {
                    out.extend(std::iter::repeat_n('\\', if doubled { count.div_ceil(2) } else { count }));
                }
                continue;
            }
            '"' if quoted_from.is_some() && line.get(*at + 1).is_some_and(|(c, _)| *c == '"') => {
                out.push('"');
                *at += 1;
            }
            '"' => quoted_from = if quoted_from.is_some() { None } else { Some(place) },
            ' ' | '\t' | '\n' if quoted_from.is_none() => break,
            c => out.push(c),
        }
        *at += 1;
    }
    match quoted_from {
        Some(place) => Err(PasteFault::at(text, place, "A quote begins here with \" and does not end.")),
        None => Ok(Word { bytes: out.into_bytes(), at: begin }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_windows_makes_of_them() {
        let rows: [(&str, &str, &[&str]); 9] = [
            (
                "as Chrome writes it",
                "^\"http://h/?a=1^&b=2^\" ^\n  -H ^\"x: y^\"",
                &["http://h/?a=1&b=2", "-H", "x: y"],
            ),
            ("JSON", r#"^"^{^\^"a^\^":1^}^""#, &[r#"{"a":1}"#]),
            ("a line end in a body", "^\"a^\n\nb^\"", &["a\nb"]),
            ("a line end in a body, with carriage returns", "^\"a^\r\n\r\nb^\" ^\r\n c", &["a\nb", "c"]),
            ("per cent before a letter", "^\"50^%^A^\"", &["50%A"]),
            ("backslashes", r#"^"a^\^\b^\^\^" c"#, &[r"a\b\", "c"]),
            ("backslashes, not of a browser", r#""a\\b\\" c\d"#, &[r"a\\b\", r"c\d"]),
            ("a caret in plain quotes stays", "\"a^b\"", &["a^b"]),
            ("two quotes in plain quotes", r#""say ""hi""""#, &[r#"say "hi""#]),
        ];
        for (name, text, expected) in rows {
            let found = split(text, 0).map(|c| c.words.into_iter().map(|w| w.bytes).collect::<Vec<_>>());
            assert_eq!(found, Ok(expected.iter().map(|w| w.as_bytes().to_vec()).collect()), "{name}");
        }
    }
}
