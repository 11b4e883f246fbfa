//! JSON in ASCII alone: other characters are escaped, so that bidirectional marks are visible and a line stays one line.

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::fmt::Write as _;
use std::io;

/// A value on one line.
pub(super) fn line(value: &impl Serialize) -> String {
    written(value, Ascii(CompactFormatter))
}

/// A value on several lines, indented by two spaces.
pub(super) fn pretty(value: &impl Serialize) -> String {
    written(value, Ascii(PrettyFormatter::new()))
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    line(&text)
}

fn written<F: Formatter>(value: &impl Serialize, formatter: F) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    // Nothing that is written here has a map whose keys are no texts, and a vector takes every byte.
    if value.serialize(&mut serializer).is_err() {
        return "null".to_owned();
    }
    String::from_utf8(out).unwrap_or_default()
}

struct Ascii<F>(F);

macro_rules! passed_on {
    ($($name:ident ( $($arg:ident : $ty:ty),* ));* $(;)?) => {
        $(fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $arg: $ty)*) -> io::Result<()> {
            self.0.$name(writer $(, $arg)*)
        })*
    };
}

impl<F: Formatter> Formatter for Ascii<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| *c >= '\u{7f}') {
            writer.write_all(&fragment.as_bytes()[from..at])?;
            let mut escaped = String::new();
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").unwrap_or_default();
            }
            writer.write_all(escaped.as_bytes())?;
            from = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }

    passed_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }
}
