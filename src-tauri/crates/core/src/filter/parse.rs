//! From text to terms: where a term begins and ends, what its key is, what is quoted.

use super::values::{self, Clock};
use super::{FilterError, Term, Test};

/// A character of a value, and whether quotes made it literal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) char: char,
    pub(super) quoted: bool,
}

/// A part of a value between commas, with its place.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) letters: Vec<Letter>,
    pub(super) start: usize,
    pub(super) len: usize,
}

impl Item {
    /// The text without the quotes.
    pub(super) fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.char).collect()
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> FilterError {
        FilterError { start: self.start, len: self.len.max(1), message: message.into() }
    }
}

const KEYS: &str = "provider, verdict, event, path, method, status, since, before, id, body, has and is";

/// Reads all terms.
pub(super) fn filter(text: &str, clock: Clock) -> Result<Vec<Term>, FilterError> {
    let chars: Vec<char> = text.chars().collect();
    let mut terms = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at].is_whitespace() {
            at += 1;
            continue;
        }
        let (term, end) = term(&chars, at, clock)?;
        terms.push(term);
        at = end;
    }
    Ok(terms)
}

/// Reads the term that begins at `start`; answers where it ends.
fn term(chars: &[char], start: usize, clock: Clock) -> Result<(Term, usize), FilterError> {
    let negated = chars[start] == '-';
    let begin = start + usize::from(negated);
    if chars.get(begin).is_none_or(|c| c.is_whitespace()) {
        return Err(FilterError {
            start,
            len: 1,
            message: "A “-” leaves out what follows it, and nothing follows.".to_owned(),
        });
    }
    let key = key(chars, begin);
    let (items, end) = items(chars, key.as_ref().map_or(begin, |(_, end)| end + 1), key.is_some())?;
    let whole = |message: String| FilterError { start, len: end - start, message };
    let test = match key {
        Some((name, key_end)) => {
            let name = name.to_ascii_lowercase();
            if let Some(empty) = items.iter().find(|item| item.letters.is_empty()) {
                return Err(if items.len() == 1 {
                    whole(format!("“{name}:” needs a value after the colon."))
                } else {
                    // The comma beside the gap is what is wrong, and is there to be marked.
                    let place = empty.start.min(end - 1);
                    FilterError {
                        start: place,
                        len: 1,
                        message: "A value is missing beside this comma; quotes make a comma part of the text."
                            .to_owned(),
                    }
                });
            }
            values::test(&name, &items, clock)?.ok_or_else(|| FilterError {
                start: begin,
                len: key_end + 1 - begin,
                message: format!(
                    "There is no key “{name}”: there are {KEYS}. Text with a colon is searched in quotes."
                ),
            })?
        }
        None => {
            let word: String = items.iter().map(Item::text).collect();
            if word.is_empty() {
                return Err(whole("There is nothing between the quotes to search for.".to_owned()));
            }
            Test::Word(word)
        }
    };
    let text = chars[start..end].iter().collect();
    Ok((Term { start, len: end - start, text, negated, test }, end))
}

/// The key that stands at `begin`, with the place of its colon: ASCII letters and `_` up to a colon.
fn key(chars: &[char], begin: usize) -> Option<(String, usize)> {
    let len = chars[begin..].iter().take_while(|c| c.is_ascii_alphabetic() || **c == '_').count();
    let colon = begin + len;
    (len > 0 && chars.get(colon) == Some(&':')).then(|| (chars[begin..colon].iter().collect(), colon))
}

/// Reads a value up to the next space outside quotes. In the value of a key commas part the items.
fn items(chars: &[char], begin: usize, commas: bool) -> Result<(Vec<Item>, usize), FilterError> {
    let new = |start| Item { letters: Vec::new(), start, len: 0 };
    let mut items = Vec::new();
    let mut item = new(begin);
    let mut quote: Option<usize> = None;
    let mut at = begin;
    while at < chars.len() {
        let char = chars[at];
        match quote {
            None if char.is_whitespace() => break,
            None if char == '"' => quote = Some(at),
            None if char == ',' && commas => {
                item.len = at - item.start;
                items.push(std::mem::replace(&mut item, new(at + 1)));
            }
            Some(_) if char == '"' => quote = None,
            Some(_) if char == '\\' && matches!(chars.get(at + 1), Some('"' | '\\')) => {
                at += 1;
                item.letters.push(Letter { char: chars[at], quoted: true });
            }
            _ => item.letters.push(Letter { char, quoted: quote.is_some() }),
        }
        at += 1;
    }
    if let Some(start) = quote {
        return Err(FilterError { start, len: chars.len() - start, message: "This quote is not closed.".to_owned() });
    }
    item.len = at - item.start;
    items.push(item);
    Ok((items, at))
}
