//! The signed timestamp against the clock of the capture.

use crate::rule::{Basis, TimeRule};

/// A timestamp that was read, against the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// As received.
    pub text: String,
    /// What it says, in unix seconds; `None` where it cannot be read.
    pub at_s: Option<i64>,
    /// Received minus signed, in seconds: positive is old, negative is ahead.
    pub skew_s: Option<i64>,
    /// Within the tolerance.
    pub within: bool,
    /// It would make sense in milliseconds.
    pub looks_like_ms: bool,
    /// In words: "2 s old, within 5 min".
    pub words: String,
    /// Whether the tolerance is documented.
    pub basis: Basis,
}

/// From here on a number of seconds is a date after the year 5138: surely milliseconds.
const SURELY_MS: i64 = 100_000_000_000;

impl TimeRule {
    /// Reads a timestamp. `Err` says in one clause why it cannot be read.
    ///
    /// # Errors
    /// The clause, to follow the header's name: "is empty", "is not a whole number of seconds".
    pub fn read(&self, text: &str, received_at_us: i64) -> Result<Clock, String> {
        if text.is_empty() {
            return Err("is empty".to_owned());
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            let fault = match text.strip_prefix('-') {
                Some(rest) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) => "is negative",
                _ if text.parse::<f64>().is_ok_and(f64::is_finite) => "is not a whole number of seconds",
                _ => "is not a number of seconds",
            };
            return Err(format!("{fault}: “{}”", crate::shorten(text, 40)));
        }
        let Ok(at_s) = text.parse::<i64>() else {
            return Err(format!("is too large a number: “{}”", crate::shorten(text, 40)));
        };
        let skew_s = received_at_us.div_euclid(1_000_000).saturating_sub(at_s);
        let within = skew_s <= i64::from(self.past_s) && skew_s >= -i64::from(self.future_s);
        let looks_like_ms = at_s >= SURELY_MS;
        let tolerance = if skew_s >= 0 { self.past_s } else { self.future_s };
        let words = if looks_like_ms {
            "in milliseconds, where seconds are due".to_owned()
        } else if within {
            format!("{}, within {}", age(skew_s), span(i64::from(tolerance)))
        } else {
            format!("{}, {} allowed", age(skew_s), span(i64::from(tolerance)))
        };
        Ok(Clock {
            text: text.to_owned(),
            at_s: Some(at_s),
            skew_s: Some(skew_s),
            within,
            looks_like_ms,
            words,
            basis: self.basis,
        })
    }
}

/// A skew in words: "9 min old", "2 h ahead".
#[must_use]
pub fn age(skew_s: i64) -> String {
    if skew_s >= 0 { format!("{} old", span(skew_s)) } else { format!("{} ahead", span(skew_s.saturating_neg())) }
}

/// A span of seconds in words, two units at the most: "45 s", "5 min", "1 h 20 min", "3 d".
#[must_use]
pub fn span(seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    if seconds < 60 {
        format!("{seconds} s")
    } else if seconds < 600 && seconds % 60 != 0 {
        format!("{minutes} min {} s", seconds % 60)
    } else if seconds < 3600 {
        format!("{minutes} min")
    } else if seconds < 86_400 && minutes % 60 != 0 {
        format!("{hours} h {} min", minutes % 60)
    } else if seconds < 86_400 {
        format!("{hours} h")
    } else if days < 730 {
        format!("{days} d")
    } else {
        format!("{} years", days / 365)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_a_person_says_them() {
        let rows = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (90, "1 min 30 s"),
            (301, "5 min 1 s"),
            (660, "11 min"),
            (120, "2 min"),
            (540, "9 min"),
            (3600, "1 h"),
            (4800, "1 h 20 min"),
            (90_000, "1 d"),
            (70_000_000, "2 years"),
        ];
        for (seconds, words) in rows {
            assert_eq!(span(seconds), words);
        }
    }
}
