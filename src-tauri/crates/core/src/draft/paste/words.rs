//! A command line as words: the quoting of a POSIX shell, with bash's `$'…'`.
//!
//! Deliberately absent: everything that a shell would have to run or look up. Variables and commands in a word are faults.

use super::PasteFault;

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What it is without its quotes; bytes, because `$'\xff'` is no text.
    pub(super) bytes: Vec<u8>,
    /// Where it begins, in bytes from the text's beginning.
    pub(super) at: usize,
}

/// A command.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Its words after `curl`.
    pub(super) words: Vec<Word>,
    /// What ended it, where something follows: `|`, `>`, `;`, or the end of a line.
    pub(super) ended_by: Option<&'static str>,
    /// Where it ends, in bytes from the text's beginning.
    pub(super) end: usize,
}

/// Reads a command's words, from a place in the text.
pub(super) fn split(text: &str, from: usize) -> Result<Command, PasteFault> {
    split_with(text, from, None)
}

/// The same in a script of Countersign: `$to` is known, and `$(printf '…')` is read.
pub(super) fn split_with(text: &str, from: usize, to: Option<&str>) -> Result<Command, PasteFault> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: from, to };
    let mut words = Vec::new();
    loop {
        reader.skip_blanks();
        let Some(byte) = reader.peek() else { return Ok(Command { words, ended_by: None, end: text.len() }) };
        match byte {
            b'#' => {
                let rest = &reader.bytes[reader.at..];
                reader.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            }
            b'\n' | b'|' | b'&' | b';' | b'<' | b'>' => {
                let ended_by = reader.operator(byte)?;
                // `2>` is one thing: the number is no word of the command.
                if byte == b'>' && words.last().is_some_and(|w| is_bare_number(w, &reader)) {
                    words.pop();
                }
                return Ok(Command { words, ended_by, end: reader.at });
            }
            b'(' | b')' => {
                return Err(reader.fault("A parenthesis stands outside of quotes here. Put the word in quotes."));
            }
            _ => words.push(reader.word()?),
        }
    }
}

fn is_bare_number(word: &Word, reader: &Reader<'_>) -> bool {
    word.bytes.iter().all(u8::is_ascii_digit) && reader.bytes[word.at..reader.at] == word.bytes[..]
}

/// What `printf` prints of a format that holds octal digits alone: `\101`, and `%%` for a percent sign.
pub(super) fn printed(format: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len());
    let mut at = 0;
    while let Some(&byte) = format.get(at) {
        let digits = &format[at + 1..format.len().min(at + 4)];
        let digits = digits.iter().take_while(|b| matches!(b, b'0'..=b'7')).count();
        match byte {
            b'\\' if digits > 0 => {
                let octal = format[at + 1..=at + digits].iter();
                out.push(octal.fold(0_u8, |sum, digit| sum.wrapping_mul(8).wrapping_add(digit - b'0')));
                at += digits;
            }
            b'%' if format.get(at + 1) == Some(&b'%') => {
                out.push(b'%');
                at += 1;
            }
            byte => out.push(byte),
        }
        at += 1;
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The value of `$to`, in a script of Countersign.
    to: Option<&'a str>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn fault(&self, message: impl Into<String>) -> PasteFault {
        PasteFault::at(self.text, self.at, message)
    }

    /// The length of a backslash with a line end after it, which a shell drops.
    fn joined_lines(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"\\\n") { Some(2) } else { rest.starts_with(b"\\\r\n").then_some(3) }
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match self.joined_lines() {
                Some(length) => self.at += length,
                None if matches!(byte, b' ' | b'\t' | b'\r') => self.at += 1,
                None => return,
            }
        }
    }

    /// What ends a command, where something follows.
    fn operator(&self, byte: u8) -> Result<Option<&'static str>, PasteFault> {
        let ended_by = match byte {
            b'\n' => "the end of a line",
            b'|' => "|",
            b';' => ";",
            b'<' => {
                return Err(
                    self.fault("“<” reads from a file or another command here. Give curl the body with --data-binary.")
                );
            }
            b'>' => ">",
            _ if self.peek_at(1) == Some(b'&') => "&&",
            _ if self.bytes[self.at + 1..].trim_ascii().is_empty() => "&",
            _ => return Err(self.fault("“&” ends the command here. Put the URL in quotes.")),
        };
        let length = ended_by.len().min(if byte == b'\n' { 1 } else { 2 });
        let rest = self.bytes.get(self.at + length..).unwrap_or_default();
        Ok((!rest.trim_ascii().is_empty()).then_some(ended_by))
    }

    fn word(&mut self) -> Result<Word, PasteFault> {
        let at = self.at;
        let mut bytes = Vec::new();
        while let Some(byte) = self.peek() {
            if let Some(length) = self.joined_lines() {
                self.at += length;
                continue;
            }
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b'|' | b'&' | b';' | b'<' | b'>' | b'(' | b')' => break,
                b'\'' => self.single(&mut bytes)?,
                b'"' => self.double(&mut bytes)?,
                b'$' if self.peek_at(1) == Some(b'\'') => self.ansi(&mut bytes)?,
                // `$"…"` is translated by a shell, where there is a translation.
                b'$' if self.peek_at(1) == Some(b'"') => self.at += 1,
                b'$' | b'`' => self.dollar(&mut bytes)?,
                b'\\' => {
                    let Some(next) = self.peek_at(1) else {
                        return Err(self.fault("The text ends after a backslash."));
                    };
                    bytes.push(next);
                    self.at += 2;
                }
                _ => {
                    bytes.push(byte);
                    self.at += 1;
                }
            }
        }
        Ok(Word { bytes, at })
    }

    fn single(&mut self, out: &mut Vec<u8>) -> Result<(), PasteFault> {
        let rest = &self.bytes[self.at + 1..];
        let end = rest.iter().position(|b| *b == b'\'').ok_or_else(|| self.open("'"))?;
        out.extend_from_slice(&rest[..end]);
        self.at += end + 2;
        Ok(())
    }

    fn double(&mut self, out: &mut Vec<u8>) -> Result<(), PasteFault> {
        let begin = self.at;
        // Made where it is needed: it counts the lines of the text.
        let open = |reader: &Self| PasteFault::at(reader.text, begin, open_words("\""));
        self.at += 1;
        loop {
            if let Some(length) = self.joined_lines() {
                self.at += length;
                continue;
            }
            match self.peek().ok_or_else(|| open(self))? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' if self.peek_at(1).is_some_and(|next| b"$`\"\\".contains(&next)) => {
                    out.extend(self.peek_at(1));
                    self.at += 2;
                }
                b'$' | b'`' => self.dollar(out)?,
                byte => {
                    out.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    /// `$` and a backquote: a fault where a shell would put something in, else the sign itself.
    fn dollar(&mut self, out: &mut Vec<u8>) -> Result<(), PasteFault> {
        if self.known(out) {
            return Ok(());
        }
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let rest = &self.bytes[self.at..];
        match rest.get(1) {
            _ if rest[0] == b'`' => {
                Err(self.fault("A command in backquotes stands here. Put its output in its place."))
            }
            Some(b'(') => Err(self.fault("A command, “$(…)”, stands here. Put its output in its place.")),
            Some(b'{') => Err(self.fault("A variable of the shell, “${…}”, stands here. Put its value in its place.")),
            Some(b) if is_name(b) || b"@*#?$!-".contains(b) => {
                let length = rest[1..].iter().take_while(|b| is_name(b)).count().max(1);
                let name = String::from_utf8_lossy(&rest[1..=length]);
                Err(self.fault(format!("A variable of the shell, “${name}”, stands here. Put its value in its place.")))
            }
            _ => {
                out.push(b'$');
                self.at += 1;
                Ok(())
            }
        }
    }

    /// `$'…'`.
    fn ansi(&mut self, out: &mut Vec<u8>) -> Result<(), PasteFault> {
        let open = self.open("$'");
        self.at += 2;
        loop {
            match self.peek().ok_or_else(|| open.clone())? {
                b'\'' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.at += 1;
                    self.escape(out).ok_or_else(|| open.clone())?;
                }
                byte => {
                    out.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    /// What stands after a backslash in `$'…'`. A NUL is taken as one, where a shell would cut the word.
    fn escape(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'e' | b'E' => out.push(0x1b),
            b'f' => out.push(0x0c),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(0x0b),
            b'\\' | b'\'' | b'"' | b'?' => out.push(byte),
            b'0'..=b'7' => {
                self.at -= 1;
                // Three digits say more than a byte; a shell keeps the low eight bits.
                out.extend(self.number(8, 3).map(|n| n as u8));
            }
            b'c' => {
                out.push(self.peek()? & 0x1f);
                self.at += 1;
            }
            b'x' | b'u' | b'U' => {
                let most = [(b'x', 2), (b'u', 4)].iter().find(|(b, _)| *b == byte).map_or(8, |(_, most)| *most);
                match self.number(16, most) {
                    Some(n) if byte == b'x' => out.push(n as u8),
                    Some(n) => {
                        let c = char::from_u32(n).unwrap_or(char::REPLACEMENT_CHARACTER);
                        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    None => out.extend([b'\\', byte]),
                }
            }
            _ => out.extend([b'\\', byte]),
        }
        Some(())
    }

    fn number(&mut self, radix: u32, most: usize) -> Option<u32> {
        let digits = self.bytes[self.at..].iter().take(most).map_while(|b| char::from(*b).to_digit(radix));
        let (mut value, mut length) = (0, 0);
        for digit in digits {
            value = value * radix + digit;
            length += 1;
        }
        self.at += length;
        (length > 0).then_some(value)
    }

    fn open(&self, quote: &str) -> PasteFault {
        self.fault(open_words(quote))
    }

    /// What a script of Countersign puts in: where to, or bytes out of `printf`.
    fn known(&mut self, out: &mut Vec<u8>) -> bool {
        let Some(to) = self.to else { return false };
        let rest = &self.bytes[self.at..];
        if let Some(after) = rest.strip_prefix(b"$to") {
            if after.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                return false;
            }
            out.extend_from_slice(to.as_bytes());
            self.at += 3;
            return true;
        }
        let Some(format) = rest.strip_prefix(b"$(printf '") else { return false };
        let Some(end) = format.iter().position(|b| *b == b'\'').filter(|end| format.get(end + 1) == Some(&b')')) else {
            return false;
        };
        let printed = printed(&format[..end]);
        // A shell takes the line ends at its end.
        let kept = printed.len() - printed.iter().rev().take_while(|b| **b == b'\n').count();
        out.extend_from_slice(&printed[..kept]);
        self.at += b"$(printf '".len() + end + 2;
        true
    }
}

fn open_words(quote: &str) -> String {
    format!("A quote begins here with {quote} and does not end.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Result<Vec<String>, (usize, String)> {
        let found = split(text, 0).map_err(|fault| (fault.column, fault.message))?;
        Ok(found.words.iter().map(|w| w.bytes.escape_ascii().to_string()).collect())
    }

    #[test]
    fn words_are_what_bash_makes_of_them() {
        let rows: [(&str, &str, &[&str]); 14] = [
            ("plain words", "a  b\tc", &["a", "b", "c"]),
            ("pieces of one word", r#"a'b c'"d e"\ f"#, &["ab cd e f"]),
            ("nothing in quotes is a word", "'' \"\"", &["", ""]),
            ("a single quote in single quotes", r"'it'\''s'", &[r"it\'s"]),
            ("in double quotes few backslashes count", r#""\$ \` \" \\ \n""#, &[r#"$ ` \" \\ \\n"#]),
            ("a dollar alone is a dollar", "a$ \"$ \" '$x'", &["a$", "$ ", "$x"]),
            ("lines are joined", "a \\\n b\\\nc \\\r\n d", &["a", "bc", "d"]),
            ("lines are not joined in single quotes", "'a\\\nb'", &[r"a\\\nb"]),
            ("ansi letters", r"$'\a\b\e\E\f\n\r\t\v\\\'\q'", &[r"\x07\x08\x1b\x1b\x0c\n\r\t\x0b\\\'\\q"]),
            (
                "ansi numbers",
                r"$'\101\x41\u00e9\U0001f600\400\x4g\xg\cA'",
                &[r"AA\xc3\xa9\xf0\x9f\x98\x80\x00\x04g\\xg\x01"],
            ),
            ("an invalid byte", r"$'\xff'", &[r"\xff"]),
            ("translated quotes", "$\"a b\"", &["a b"]),
            ("a remark", "a # b\n", &["a"]),
            ("what is redirected", "a 2>/dev/null", &["a"]),
        ];
        for (name, text, expected) in rows {
            assert_eq!(words(text), Ok(expected.iter().map(|w| (*w).to_owned()).collect()), "{name}");
        }
    }

    #[test]
    fn what_a_shell_would_look_up_is_a_fault_at_its_place() {
        let rows = [
            ("a \"$TOKEN\"", 4, "A variable of the shell, “$TOKEN”, stands here. Put its value in its place."),
            ("a ${x}", 3, "A variable of the shell, “${…}”, stands here. Put its value in its place."),
            ("é \"$(id)\"", 4, "A command, “$(…)”, stands here. Put its output in its place."),
            ("`id`", 1, "A command in backquotes stands here. Put its output in its place."),
            ("a 'b", 3, "A quote begins here with ' and does not end."),
            ("a \"b", 3, "A quote begins here with \" and does not end."),
            ("a $'b\\'", 3, "A quote begins here with $' and does not end."),
            ("http://h/?a=1&b=2", 14, "“&” ends the command here. Put the URL in quotes."),
            ("a < b", 3, "“<” reads from a file or another command here. Give curl the body with --data-binary."),
            ("a (b)", 3, "A parenthesis stands outside of quotes here. Put the word in quotes."),
            ("a\\", 2, "The text ends after a backslash."),
        ];
        for (text, column, message) in rows {
            assert_eq!(words(text), Err((column, message.to_owned())), "{text}");
        }
    }
}
