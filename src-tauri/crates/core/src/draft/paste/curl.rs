//! A pasted `curl` command: its options, one after the other.
//!
//! What curl makes of them is in [`sent`]; here is only what was said. Deliberately absent: forms (`-F`), uploads (`-T`),
//! several requests in one command, files of headers and cookies. They are faults.

mod sent;

use super::options::{Known, Meaning, letter, long};
use super::place::UrlOptions;
use super::words::{Command, Word};
use super::{PasteFault, Pasted, cmd, words};
use bytes::Bytes;

/// Where the arguments begin, if a text begins like a `curl` command: in bytes.
pub(super) fn begins(text: &str) -> Option<usize> {
    // A prompt that was copied with the command.
    let command = text.strip_prefix("$ ").unwrap_or(text).trim_start();
    let end = command.find(|c: char| c.is_whitespace()).unwrap_or(command.len());
    let program = command[..end].rsplit(['/', '\\']).next().unwrap_or_default();
    let is_curl = program.eq_ignore_ascii_case("curl") || program.eq_ignore_ascii_case("curl.exe");
    is_curl.then(|| text.len() - command.len() + end)
}

/// Reads the arguments, from a place in the text.
pub(super) fn read(text: &str, from: usize) -> Result<Pasted, PasteFault> {
    read_one(text, from, true).map(|(pasted, _)| pasted)
}

/// Reads the arguments of a command, and answers where it ends, in bytes from the text's beginning. `alone`: what follows it
/// is no part of anything, which is said.
pub(super) fn read_one(text: &str, from: usize, alone: bool) -> Result<(Pasted, usize), PasteFault> {
    let rest = &text[from..];
    let Command { words, ended_by, end } =
        if cmd::is_meant(rest) { cmd::split(text, from) } else { words::split(text, from) }?;
    let mut said = Said { text, ..Said::default() };
    said.read(words)?;
    if let Some(ended_by) = ended_by.filter(|_| alone) {
        said.notes.push(format!("The command ends at {ended_by}. What follows was left out."));
    }
    Ok((sent::sent(said, from)?, end))
}

/// What a command says.
#[derive(Default)]
struct Said<'a> {
    text: &'a str,
    url: Option<Word>,
    url_options: UrlOptions,
    method: Option<String>,
    /// `Name: value`, as given.
    headers: Vec<Word>,
    data: Vec<Data>,
    json: bool,
    user: Option<Vec<u8>>,
    bearer: Option<Vec<u8>>,
    agent: Option<Vec<u8>>,
    referer: Option<Vec<u8>>,
    cookies: Vec<Vec<u8>>,
    get: bool,
    head: bool,
    insecure: bool,
    follow_redirects: bool,
    /// Options that change nothing, as they stand in the text.
    idle: Vec<String>,
    /// Options that change how the endpoint is reached.
    connection: Vec<String>,
    notes: Vec<String>,
}

/// A part of a body.
enum Data {
    Bytes(Bytes),
    /// A file's name; whether curl takes out its line ends.
    File {
        name: String,
        stripped: bool,
        at: usize,
    },
}

impl Said<'_> {
    fn read(&mut self, words: Vec<Word>) -> Result<(), PasteFault> {
        let mut words = words.into_iter();
        let mut options = true;
        while let Some(word) = words.next() {
            if options && word.bytes == b"--" {
                options = false;
            } else if options && word.bytes.starts_with(b"--") {
                let name = String::from_utf8_lossy(&word.bytes).into_owned();
                let known = long(&name[2..]).ok_or_else(|| self.unknown(&name, word.at))?;
                let value = if known.value { Some(self.value(words.next(), &name, word.at)?) } else { None };
                self.take(known, &name, value, word.at)?;
            } else if options && word.bytes.len() > 1 && word.bytes[0] == b'-' {
                self.letters(&word, &mut words)?;
            } else {
                self.take_url(word)?;
            }
        }
        Ok(())
    }

    /// `-sXPOST`: letters, of which the last may have its value beside it.
    fn letters(&mut self, word: &Word, words: &mut impl Iterator<Item = Word>) -> Result<(), PasteFault> {
        for (at, &byte) in word.bytes.iter().enumerate().skip(1) {
            let name = format!("-{}", char::from(byte));
            // An option beyond ASCII is shown whole.
            let shown = if byte.is_ascii() { name.clone() } else { String::from_utf8_lossy(&word.bytes).into_owned() };
            let known = letter(char::from(byte)).ok_or_else(|| self.unknown(&shown, word.at))?;
            if !known.value {
                self.take(known, &name, None, word.at)?;
                continue;
            }
            let beside = &word.bytes[at + 1..];
            let value = if beside.is_empty() {
                self.value(words.next(), &name, word.at)?
            } else {
                Word { bytes: beside.to_vec(), at: word.at }
            };
            return self.take(known, &name, Some(value), word.at);
        }
        Ok(())
    }

    fn take(&mut self, known: &Known, name: &str, value: Option<Word>, at: usize) -> Result<(), PasteFault> {
        let has_value = value.is_some();
        let value = value.unwrap_or(Word { bytes: Vec::new(), at });
        match known.meaning {
            Meaning::Method => self.method = Some(self.as_text(&value, "The method")?),
            Meaning::Url => self.take_url(value)?,
            Meaning::Header if value.bytes.starts_with(b"@") => {
                return Err(self.fault(value.at, "This takes headers from a file. Put the headers themselves here."));
            }
            Meaning::Header => self.headers.push(value),
            Meaning::Data => self.take_data(value, true)?,
            Meaning::DataBinary => self.take_data(value, false)?,
            Meaning::DataRaw => self.data.push(Data::Bytes(value.bytes.into())),
            Meaning::DataUrlencode => {
                let encoded = self.urlencode(&value)?;
                self.data.push(Data::Bytes(encoded));
            }
            Meaning::Json => {
                // Several are put one after the other, without `&` between them.
                self.json = true;
                match self.data.last_mut() {
                    Some(Data::Bytes(before)) if !value.bytes.starts_with(b"@") => {
                        *before = [&before[..], &value.bytes].concat().into();
                    }
                    _ => self.take_data(value, false)?,
                }
            }
            Meaning::User => self.user = Some(value.bytes),
            Meaning::Bearer => self.bearer = Some(value.bytes),
            Meaning::Agent => self.agent = Some(value.bytes),
            Meaning::Referer => self.referer = Some(value.bytes),
            Meaning::Cookie if !value.bytes.is_empty() && !value.bytes.contains(&b'=') => {
                let file = String::from_utf8_lossy(&value.bytes);
                return Err(self.fault(
                    value.at,
                    &format!("This takes cookies from the file “{file}”. Put them here as “name=value”."),
                ));
            }
            Meaning::Cookie => self.cookies.push(value.bytes),
            Meaning::Get => self.get = true,
            Meaning::Head => self.head = true,
            Meaning::Target => self.url_options.target = Some(value),
            Meaning::GlobOff => self.url_options.globoff = true,
            Meaning::PathAsIs => self.url_options.path_as_is = true,
            Meaning::Insecure => self.insecure = true,
            Meaning::Follow => self.follow_redirects = true,
            Meaning::Compressed => self.notes.push(format!(
                "“{name}” was left out: curl would ask for a compressed reply with an Accept-Encoding header."
            )),
            Meaning::Version => {
                self.notes.push(format!("“{name}” was left out: the request is sent as HTTP/1.1."));
            }
            Meaning::Nothing | Meaning::Connection => {
                let list = if known.meaning == Meaning::Nothing { &mut self.idle } else { &mut self.connection };
                let name = if has_value { format!("{name} …") } else { name.to_owned() };
                if !list.contains(&name) {
                    list.push(name);
                }
            }
        }
        Ok(())
    }

    fn take_url(&mut self, word: Word) -> Result<(), PasteFault> {
        if self.url.is_some() {
            let second = crate::shorten(&String::from_utf8_lossy(&word.bytes), 60);
            return Err(self.fault(
                word.at,
                &format!(
                    "“{second}” would be a second URL. Take it out, or put quotes around the value it belongs to."
                ),
            ));
        }
        self.url = Some(word);
        Ok(())
    }

    fn take_data(&mut self, word: Word, stripped: bool) -> Result<(), PasteFault> {
        let data = match word.bytes.strip_prefix(b"@") {
            None => Data::Bytes(word.bytes.into()),
            Some(b"-") => {
                return Err(
                    self.fault(word.at, "This takes the body from standard input. Put the body here, or a file.")
                );
            }
            Some(name) => {
                let name = String::from_utf8(name.to_vec());
                let name = name.map_err(|_| self.fault(word.at, "The file's name is not UTF-8."))?;
                Data::File { name, stripped, at: word.at }
            }
        };
        self.data.push(data);
        Ok(())
    }

    /// `content`, `=content` or `name=content`, with what is not a letter, a digit or one of `-._~` percent-encoded.
    fn urlencode(&self, word: &Word) -> Result<Bytes, PasteFault> {
        let sign = word.bytes.iter().position(|b| matches!(b, b'=' | b'@'));
        let (name, content) = match sign {
            Some(at) if word.bytes[at] == b'@' => {
                return Err(self.fault(word.at, "This encodes a file. Put the content itself here."));
            }
            Some(0) => (&word.bytes[..0], &word.bytes[1..]),
            Some(at) => word.bytes.split_at(at + 1),
            None => (&word.bytes[..0], &word.bytes[..]),
        };
        let mut out = name.to_vec();
        for &byte in content {
            match byte {
                b' ' => out.push(b'+'),
                _ if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(byte),
                _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            }
        }
        Ok(out.into())
    }

    fn value(&self, next: Option<Word>, name: &str, at: usize) -> Result<Word, PasteFault> {
        next.ok_or_else(|| self.fault(at, &format!("“{name}” needs a value, and the command ends here.")))
    }

    fn as_text(&self, word: &Word, what: &str) -> Result<String, PasteFault> {
        String::from_utf8(word.bytes.clone()).map_err(|_| self.fault(word.at, &format!("{what} is not UTF-8.")))
    }

    fn unknown(&self, name: &str, at: usize) -> PasteFault {
        let name = crate::shorten(name, 60);
        self.fault(
            at,
            &format!(
                "“{name}” is an option of curl that cannot be read here. Take it out if the request does not need it."
            ),
        )
    }

    fn fault(&self, at: usize, message: &str) -> PasteFault {
        PasteFault::at(self.text, at, message)
    }
}
