//! Waits and statuses in words.

/// A wait as a person says it: `10 s`, `1.5 s`, `130 s`, `32 min`, `1 h`, `3 days 4 h`.
#[must_use]
pub fn wait(ms: u64) -> String {
    if ms < 1_000 && ms > 0 {
        return format!("{ms} ms");
    }
    let s = ms / 1_000;
    // Schedules of a few minutes are read beside each other in seconds.
    if s < 180 {
        return format!("{} s", trimmed(ms));
    }
    // What is left below the smaller unit is told only where nothing larger hides it.
    let (days, hours, minutes, seconds) = (s / 86_400, s / 3_600 % 24, s / 60 % 60, s % 60);
    let parts = match s {
        0..3_600 => vec![(minutes, "min"), (seconds, "s")],
        3_600..86_400 => vec![(hours, "h"), (minutes, "min")],
        _ => vec![(days, if days == 1 { "day" } else { "days" }), (hours, "h")],
    };
    let words: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    words.join(" ")
}

/// Seconds with what matters after the point, `10`, `1.5`.
fn trimmed(ms: u64) -> String {
    match ms % 1_000 {
        0 => (ms / 1_000).to_string(),
        rest => format!("{}.{rest:03}", ms / 1_000).trim_end_matches('0').to_owned(),
    }
}

/// Seconds as milliseconds.
pub(super) fn to_ms(seconds: f64) -> u64 {
    // Waits are checked to be 0 to 7 days.
    (seconds.max(0.0) * 1_000.0).round() as u64
}

/// Waits in one unit where they have one: `10, 30, 90 s`, `1, 2, 4 min`.
pub(super) fn waits(seconds: &[f64]) -> String {
    let ms: Vec<u64> = seconds.iter().map(|s| to_ms(*s)).collect();
    let in_unit = |unit: u64, name: &str| {
        let numbers: Vec<String> = ms.iter().map(|ms| (ms / unit).to_string()).collect();
        format!("{} {name}", numbers.join(", "))
    };
    if ms.is_empty() {
        return "none".to_owned();
    }
    if ms.iter().all(|ms| *ms >= 60_000 && ms % 60_000 == 0) {
        return in_unit(60_000, "min");
    }
    if ms.iter().all(|ms| ms % 1_000 == 0 && *ms <= 120_000) {
        return in_unit(1_000, "s");
    }
    ms.iter().map(|ms| wait(*ms)).collect::<Vec<_>>().join(", ")
}

/// Numbers with commas between them.
pub(super) fn list(numbers: &[u16]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
