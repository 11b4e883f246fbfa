//! Bytes and characters in words. What cannot be seen, or would change how the sentence around it is read, is named and
//! not shown.

/// A byte of a text, with the character that it belongs to: `0x20 (space)`, `0xA9 (in “é”, U+00E9)`.
pub(super) fn byte(bytes: &[u8], at: usize) -> String {
    let byte = bytes[at];
    let Some((start, c)) = character(bytes, at) else {
        return format!("0x{byte:02X} (not UTF-8)");
    };
    let name = name(c);
    match (c.len_utf8(), at - start) {
        (1, _) => format!("0x{byte:02X} ({name})"),
        (_, 0) => format!("0x{byte:02X} (begins {name})"),
        _ => format!("0x{byte:02X} (in {name})"),
    }
}

/// The character that a byte belongs to, and where it begins; none where the bytes are not UTF-8 there.
pub(super) fn character(bytes: &[u8], at: usize) -> Option<(usize, char)> {
    let start = (at.saturating_sub(3)..=at).rev().find(|&i| bytes[i] & 0xC0 != 0x80)?;
    let len = match bytes[start] {
        0x00..=0x7F => 1,
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let c = std::str::from_utf8(bytes.get(start..start + len)?).ok()?.chars().next()?;
    (start + len > at).then_some((start, c))
}

fn name(c: char) -> String {
    let code = u32::from(c);
    if let Some(words) = unseen(c) {
        return if c.is_ascii() { words.to_owned() } else { format!("U+{code:04X}, {words}") };
    }
    if c.is_ascii() {
        return format!("“{c}”");
    }
    // `escape_debug` writes out whatever is not printable or joins the character before it.
    let shown = c.escape_debug().len() == 1 && !right_to_left(c);
    if shown { format!("“{c}”, U+{code:04X}") } else { format!("U+{code:04X}") }
}

/// Letters that turn the direction of what stands beside them.
fn right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

const ASCII_CONTROLS: [&str; 32] = [
    "NUL",
    "start of heading",
    "start of text",
    "end of text",
    "end of transmission",
    "enquiry",
    "acknowledge",
    "bell",
    "backspace",
    "tab",
    "line feed",
    "vertical tab",
    "form feed",
    "carriage return",
    "shift out",
    "shift in",
    "data link escape",
    "device control 1",
    "device control 2",
    "device control 3",
    "device control 4",
    "negative acknowledge",
    "synchronous idle",
    "end of transmission block",
    "cancel",
    "end of medium",
    "substitute",
    "escape",
    "file separator",
    "group separator",
    "record separator",
    "unit separator",
];

/// What is not seen on a screen, or steers it.
fn unseen(c: char) -> Option<&'static str> {
    let code = u32::from(c);
    if let Some(name) = ASCII_CONTROLS.get(usize::try_from(code).ok()?) {
        return Some(name);
    }
    Some(match code {
        0x20 => "space",
        0x7F => "delete",
        0x85 => "next line",
        0x80..=0x9F => "control",
        0xA0 => "no-break space",
        0xAD => "soft hyphen",
        0x061C => "Arabic letter mark",
        0x200B => "zero width space",
        0x200C => "zero width non-joiner",
        0x200D => "zero width joiner",
        0x200E => "left-to-right mark",
        0x200F => "right-to-left mark",
        0x2028 => "line separator",
        0x2029 => "paragraph separator",
        0x202A => "left-to-right embedding",
        0x202B => "right-to-left embedding",
        0x202C => "pop directional formatting",
        0x202D => "left-to-right override",
        0x202E => "right-to-left override",
        0x202F => "narrow no-break space",
        0x2060 => "word joiner",
        0x2066 => "left-to-right isolate",
        0x2067 => "right-to-left isolate",
        0x2068 => "first strong isolate",
        0x2069 => "pop directional isolate",
        0xFE00..=0xFE0F | 0xE0100..=0xE01EF => "variation selector",
        0xFEFF => "byte order mark",
        0xFFFD => "replacement character",
        0xE0000..=0xE007F => "tag",
        _ => return None,
    })
}
