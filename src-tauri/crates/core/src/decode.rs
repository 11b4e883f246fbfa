//! Decoding as the languages of the providers' documents do it.
//!
//! Node's `Buffer.from(text, "base64")` takes almost anything; Python's `base64.b64decode` drops what is not in its alphabet
//! and raises on wrong padding. A secret that the two read differently is a real cause of failing signatures, so both are
//! reproduced here exactly, against Node 20 and Python 3.11 (`tests/decoding.rs` compares them with the real ones).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Why Python refuses a text, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PythonBase64Error {
    /// The data characters do not fill the last group.
    #[error("Incorrect padding")]
    Padding,
    /// One data character alone in the last group.
    #[error("Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4")]
    OneMore {
        /// Data characters seen.
        count: usize,
    },
    /// `b64decode` takes a `str` only where it is ASCII.
    #[error("string argument should contain only ASCII characters")]
    NotAscii,
}

impl PythonBase64Error {
    /// The class that Python raises.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            PythonBase64Error::Padding | PythonBase64Error::OneMore { .. } => "binascii.Error",
            PythonBase64Error::NotAscii => "ValueError",
        }
    }
}

fn sextet(byte: u8, url_safe: bool) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        b'-' if url_safe => Some(62),
        b'_' if url_safe => Some(63),
        _ => None,
    }
}

fn pack(sextets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sextets.len() * 3 / 4);
    for group in sextets.chunks(4) {
        let mut word = 0u32;
        for (i, s) in group.iter().enumerate() {
            word |= u32::from(*s) << (18 - 6 * i);
        }
        let bytes = word.to_be_bytes();
        let keep = group.len().saturating_sub(1);
        out.extend_from_slice(&bytes[1..=keep]);
    }
    out
}

/// What `Buffer.from(text, "base64")` gives in Node: both alphabets, anything else skipped, ends at the first `=`.
#[must_use]
pub fn node_base64(text: &str) -> Vec<u8> {
    let mut sextets = Vec::with_capacity(text.len());
    // Node looks at the low byte of each UTF-16 unit: “Ł”, U+0141, counts as “A”, and half of “🔑” as “=”.
    for unit in text.encode_utf16() {
        let [_, byte] = unit.to_be_bytes();
        if byte == b'=' {
            break;
        }
        sextets.extend(sextet(byte, true));
    }
    pack(&sextets)
}

/// What `base64.b64decode(text)` gives in Python.
///
/// # Errors
/// What Python raises, with its own words.
pub fn python_base64(text: &str) -> Result<Vec<u8>, PythonBase64Error> {
    if !text.is_ascii() {
        return Err(PythonBase64Error::NotAscii);
    }
    let mut sextets = Vec::with_capacity(text.len());
    let mut pads = 0usize;
    for byte in text.bytes() {
        if byte == b'=' {
            let position = sextets.len() % 4;
            if position >= 2 {
                pads += 1;
                if position + pads >= 4 {
                    return Ok(pack(&sextets));
                }
            }
            continue;
        }
        if let Some(s) = sextet(byte, false) {
            pads = 0;
            sextets.push(s);
        }
    }
    match sextets.len() % 4 {
        0 => Ok(pack(&sextets)),
        1 => Err(PythonBase64Error::OneMore { count: sextets.len() }),
        _ => Err(PythonBase64Error::Padding),
    }
}

/// Canonical base64: standard alphabet, padded, nothing else.
#[must_use]
pub fn strict_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Writes canonical base64.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 of either alphabet, padded or not, and nothing else in it; `None` where it is not that.
#[must_use]
pub fn loose_base64(text: &str) -> Option<Vec<u8>> {
    let core = text.trim_end_matches('=');
    if core.is_empty() || text.len() - core.len() > 2 || core.len() % 4 == 1 {
        return None;
    }
    let sextets: Option<Vec<u8>> = core.bytes().map(|b| sextet(b, true)).collect();
    Some(pack(&sextets?))
}

/// Hex of either case, and nothing else in it.
#[must_use]
pub fn hex(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        })
        .collect()
}

/// Writes lower-case hex.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_and_python_differ_where_the_real_ones_do() {
        // text, Node, Python: each row was read off `node -p` and `python3 -c`.
        type Row = (&'static str, &'static [u8], Result<&'static [u8], PythonBase64Error>);
        let rows: &[Row] = &[
            ("c2VjcmV0MQ==", b"secret1", Ok(b"secret1")),
            ("c2VjcmV0MQ", b"secret1", Err(PythonBase64Error::Padding)),
            ("c2VjcmV0MQ==\n", b"secret1", Ok(b"secret1")),
            ("c2Vj cmV0", b"secret", Ok(b"secret")),
            ("-_8=", b"\xfb\xff", Err(PythonBase64Error::OneMore { count: 1 })),
            ("+/8=", b"\xfb\xff", Ok(b"\xfb\xff")),
            ("", b"", Ok(b"")),
            ("A", b"", Err(PythonBase64Error::OneMore { count: 1 })),
        ];
        for (text, node, python) in rows {
            assert_eq!(node_base64(text), *node, "Node on {text:?}");
            assert_eq!(python_base64(text), python.clone().map(<[u8]>::to_vec), "Python on {text:?}");
        }
    }

    #[test]
    fn hex_is_all_or_nothing() {
        assert_eq!(hex("00fFa0"), Some(vec![0, 255, 160]));
        assert_eq!(hex("0"), None);
        assert_eq!(hex("zz"), None);
        assert_eq!(hex("é"), None);
        assert_eq!(to_hex(&[0, 255, 160]), "00ffa0");
    }
}
