//! Times: microseconds since 1970 inside, RFC 3339 in UTC outside.

use jiff::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in microseconds since 1970.
pub(crate) fn now_us() -> i64 {
    us(SystemTime::now())
}

/// A time in microseconds since 1970.
pub(crate) fn us(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_micros()).unwrap_or(i64::MAX),
    }
}

/// RFC 3339 with microseconds.
pub(crate) fn rfc3339_us(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| us.to_string(), |t| format!("{t:.6}"))
}

/// RFC 3339 of unix seconds; `None` outside of the years that have one.
pub(crate) fn rfc3339_s(s: i64) -> Option<String> {
    Timestamp::from_second(s).ok().map(|t| t.to_string())
}

/// RFC 3339 or unix seconds, as microseconds since 1970.
pub fn parse(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_microsecond());
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return seconds.checked_mul(1_000_000);
    }
    None
}

/// What the user's clock is ahead of UTC now, in seconds.
pub(crate) fn zone_offset_s() -> i32 {
    jiff::Zoned::now().offset().seconds()
}
