//! What may stand after each key.

use super::parse::Item;
use super::{Being, FilterError, Having, Pattern, ProviderTest, StatusRange, Test, VerdictTest};
use crate::verdict::Outcome;

/// What times are reckoned from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// Microseconds since 1970.
    pub(super) now_us: i64,
    /// Seconds ahead of UTC.
    pub(super) tz_offset_s: i32,
}

/// The test of the key `name` (in lower case); none where there is no such key.
pub(super) fn test(name: &str, items: &[Item], clock: Clock) -> Result<Option<Test>, FilterError> {
    Ok(Some(match name {
        "provider" => Test::Provider(each(items, provider)?),
        "verdict" => Test::Verdict(verdict(items)?),
        "event" => Test::Event(items.iter().map(pattern).collect()),
        "path" => Test::Path(items.iter().map(pattern).collect()),
        "method" => Test::Method(items.iter().map(|item| item.text().to_ascii_uppercase()).collect()),
        "status" => Test::Status(each(items, status)?),
        "since" => Test::Since(time(one(items, "since")?, clock)?),
        "before" => Test::Before(time(one(items, "before")?, clock)?),
        "id" => Test::Id(items.iter().map(Item::text).collect()),
        "body" => Test::Body(items.iter().map(Item::text).collect()),
        "has" => Test::Has(each(items, having)?),
        "is" => Test::Is(each(items, being)?),
        _ => return Ok(None),
    }))
}

fn each<T>(items: &[Item], read: impl Fn(&Item) -> Result<T, FilterError>) -> Result<Vec<T>, FilterError> {
    items.iter().map(read).collect()
}

fn one<'a>(items: &'a [Item], key: &str) -> Result<&'a Item, FilterError> {
    match items {
        [item] => Ok(item),
        [_, second, ..] => Err(second.fault(format!("“{key}:” takes one time, not several."))),
        [] => Err(FilterError { start: 0, len: 1, message: format!("“{key}:” needs a time.") }),
    }
}

fn provider(item: &Item) -> Result<ProviderTest, FilterError> {
    let text = item.text().to_ascii_lowercase();
    if text == "none" {
        Ok(ProviderTest::None)
    } else if text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        Ok(ProviderTest::Prefix(text))
    } else {
        Err(item.fault(format!(
            "“{text}” cannot be a provider: give the beginning of its id (letters, digits, dashes), or none."
        )))
    }
}

fn verdict(items: &[Item]) -> Result<VerdictTest, FilterError> {
    let mut chosen = [false; Outcome::ALL.len()];
    for item in items {
        let name = item.text().to_ascii_lowercase();
        let outcomes: &[Outcome] = match name.as_str() {
            "any" => &Outcome::ALL,
            "failing" => &[Outcome::Fail, Outcome::Malformed, Outcome::Stale],
            _ => match Outcome::from_name(&name) {
                Some(outcome) => &[outcome],
                None => {
                    return Err(item.fault(format!(
                        "There is no verdict “{name}”: there are pass, stale, fail, malformed, missing, no_secret, \
                         unsigned, failing (fail, malformed or stale) and any."
                    )));
                }
            },
        };
        for (flag, outcome) in chosen.iter_mut().zip(Outcome::ALL) {
            *flag |= outcomes.contains(&outcome);
        }
    }
    let outcomes = Outcome::ALL.into_iter().zip(chosen).filter_map(|(o, chosen)| chosen.then_some(o)).collect();
    Ok(VerdictTest { outcomes })
}

fn pattern(item: &Item) -> Pattern {
    let mut parts = vec![String::new()];
    for letter in &item.letters {
        if letter.char == '*' && !letter.quoted {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter.char);
        }
    }
    Pattern { parts }
}

fn status(item: &Item) -> Result<StatusRange, FilterError> {
    let text = item.text().to_ascii_lowercase();
    let fault =
        || item.fault(format!("“{text}” is not a status: write 500, 5xx, or a comparison such as >=400 (100 to 999)."));
    let number = |digits: &str| -> Result<u16, FilterError> {
        let plain = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|n| plain && *n >= 100).ok_or_else(fault)
    };
    let (low, high) = if let Some(rest) = text.strip_prefix(">=") {
        (number(rest)?, u16::MAX)
    } else if let Some(rest) = text.strip_prefix("<=") {
        (0, number(rest)?)
    } else if let Some(rest) = text.strip_prefix('>') {
        (number(rest)? + 1, u16::MAX)
    } else if let Some(rest) = text.strip_prefix('<') {
        (0, number(rest)? - 1)
    } else if let Some(class) = text.strip_suffix("xx") {
        let low = number(&format!("{class}00"))?;
        (low, low + 99)
    } else {
        let exact = number(&text)?;
        (exact, exact)
    };
    Ok(StatusRange { low, high })
}

fn having(item: &Item) -> Result<Having, FilterError> {
    Ok(match item.text().to_ascii_lowercase().as_str() {
        "attempts" => Having::Attempts,
        "pin" => Having::Pin,
        "body" => Having::Body,
        "query" => Having::Query,
        other => {
            return Err(item.fault(format!("There is no has:{other}: there are attempts, pin, body and query.")));
        }
    })
}

fn being(item: &Item) -> Result<Being, FilterError> {
    match item.text().to_ascii_lowercase().as_str() {
        "imported" => Ok(Being::Imported),
        other => Err(item.fault(format!("There is no is:{other}: there is is:imported."))),
    }
}

/// A duration before now, a date, or a date with a time, in microseconds since 1970.
fn time(item: &Item, clock: Clock) -> Result<i64, FilterError> {
    let text = item.text();
    if let Some(us) = duration(&text) {
        return match clock.now_us.checked_sub(us) {
            Some(at) => Ok(at),
            None => Err(item.fault(format!("“{text}” is too long ago to be reckoned with."))),
        };
    }
    moment(&text, clock.tz_offset_s).ok_or_else(|| {
        item.fault(format!(
            "“{text}” is not a time: write a duration such as 90s, 5m, 1h, 2d or 1w, a date such as 2026-11-20, or \
             2026-11-20T14:00."
        ))
    })
}

/// `90s 5m 1h 2d 1w` and their sums (`1h30m`) in microseconds; none where it is not one or is out of range.
fn duration(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut number: Option<i64> = None;
    for char in text.chars() {
        if let Some(digit) = char.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?);
        } else {
            let seconds: i64 = match char.to_ascii_lowercase() {
                's' => 1,
                'm' => 60,
                'h' => 3_600,
                'd' => 86_400,
                'w' => 604_800,
                _ => return None,
            };
            total = total.checked_add(number.take()?.checked_mul(seconds * 1_000_000)?)?;
        }
    }
    (number.is_none() && !text.is_empty()).then_some(total)
}

fn moment(text: &str, tz_offset_s: i32) -> Option<i64> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at.as_microsecond());
    }
    // jiff would read a civil time out of a text with a zone name and drop the zone: that would be another moment.
    if text.contains(['[', '+', 'Z', 'z']) {
        return None;
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let offset = jiff::tz::Offset::from_seconds(tz_offset_s).ok()?;
    offset.to_timestamp(civil).ok().map(|at| at.as_microsecond())
}
