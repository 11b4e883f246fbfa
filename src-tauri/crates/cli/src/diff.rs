//! `countersign diff`.

use crate::args::{Common, DiffArgs};
use crate::output::{self, Failure, visible};
use crate::sign::read_body;
use countersign_engine::wire::{
    BodyChanges, CompareSide, ComparedHeader, Comparison, Hashed, HeaderChange, HeaderSide, JsonChange, JsonChangeKind,
    LineEnd, LineHunk, LineHunkKind, Sameness, TextLine,
};
use countersign_engine::{Comparable, Engine, compare};
use std::path::Path;
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, args: DiffArgs) -> Result<ExitCode, Failure> {
    if let Some(file) = &args.hashed {
        return hashed(common, &args, file).await;
    }
    let (a, b) = (Side::read(&args.a), Side::read(args.b.as_deref().unwrap_or_default()));
    // Two files need no log.
    let engine = if a.in_log() || b.in_log() { Some(output::open(common).await?) } else { None };
    let (a, b) = (a.fetch(engine.as_ref()).await?, b.fetch(engine.as_ref()).await?);
    let compared = tokio::task::spawn_blocking(move || compare(&a, &b));
    let comparison = compared.await.map_err(|error| Failure::failed(error.to_string()))?;
    if common.json {
        output::json(&comparison)?
    } else {
        output::line(describe(&comparison))?
    }
    exit(comparison.sameness, &comparison.words)
}

/// The bytes that a handler hashed, against a delivery.
async fn hashed(common: &Common, args: &DiffArgs, file: &Path) -> Result<ExitCode, Failure> {
    let Side::Log(CompareSide::Delivery { id }) = Side::read(&args.a) else {
        return Err(Failure::usage("--hashed is compared with a delivery: name it by its id"));
    };
    let given = read_body(file)?;
    let engine = output::open(common).await?;
    let found: Hashed = engine.compare_hashed_bytes(id, args.scheme.clone(), given).await?;
    if common.json {
        output::json(&found)?
    } else {
        output::line(visible(&found.words))?
    }
    exit(found.sameness, &found.words)
}

fn exit(sameness: Sameness, words: &str) -> Result<ExitCode, Failure> {
    match sameness {
        Sameness::Same => Ok(ExitCode::SUCCESS),
        Sameness::Different => Ok(ExitCode::from(1)),
        Sameness::Unknown => Err(Failure::failed(format!("it cannot be said whether they are the same. {words}"))),
    }
}

/// What is named on the command line.
enum Side {
    Log(CompareSide),
    File(String),
}

impl Side {
    fn read(text: &str) -> Side {
        let number = |id: &str| (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| id.to_owned());
        let (named, answer) = match text.strip_suffix(":answer") {
            Some(named) => (named, true),
            None => (text, false),
        };
        let side = match named.strip_prefix("attempt:") {
            Some(id) => number(id).map(|id| match answer {
                true => CompareSide::AttemptAnswer { id },
                false => CompareSide::Attempt { id },
            }),
            None => number(named).map(|id| match answer {
                true => CompareSide::DeliveryAnswer { id },
                false => CompareSide::Delivery { id },
            }),
        };
        side.map_or_else(|| Side::File(text.to_owned()), Side::Log)
    }

    fn in_log(&self) -> bool {
        matches!(self, Side::Log(_))
    }

    async fn fetch(self, engine: Option<&Engine>) -> Result<Comparable, Failure> {
        match (self, engine) {
            (Side::Log(side), Some(engine)) => Ok(engine.comparable(side).await?),
            (Side::Log(_), None) => Err(Failure::failed("the log was not opened")),
            (Side::File(path), _) => {
                let body = read_body(Path::new(&path))?;
                Ok(Comparable::of_body(if path == "-" { "standard input".to_owned() } else { path }, body))
            }
        }
    }
}

fn describe(comparison: &Comparison) -> String {
    let mut out = Vec::new();
    for (mark, side) in [('-', &comparison.a), ('+', &comparison.b)] {
        let line = side.line.as_ref().map(|line| format!("  {}", visible(&line.text))).unwrap_or_default();
        out.push(format!("{mark} {}{line}  {} B", visible(&side.title), side.body_len));
        out.extend(side.notes.iter().map(|note| format!("  {}", visible(note))));
    }
    out.push(visible(&comparison.words));
    if let Some(headers) = comparison.headers.as_ref().filter(|headers| headers.different > 0) {
        out.push("\nheaders".to_owned());
        out.extend(headers.rows.iter().filter(|row| row.change != HeaderChange::Same).map(header));
        if headers.more > 0 {
            out.push(format!("  and {} headers more", headers.more));
        }
    }
    let body = &comparison.body;
    if body.sameness == Sameness::Different {
        out.push(format!("\nbody: {}", body.words));
        out.extend(body.first.as_ref().map(|first| format!("  {}", first.words)));
        out.extend(changes(&body.changes));
    }
    out.join("\n")
}

fn header(row: &ComparedHeader) -> String {
    let one = |mark: char, side: &Option<HeaderSide>| {
        side.as_ref().map(|side| {
            let (before, len) = (if side.from > 0 { "…" } else { "" }, side.from + side.value.text.len() as u64);
            let behind = if len < side.len { "…" } else { "" };
            format!("  {mark} {}: {before}{}{behind}", visible(&side.name.text), visible(&side.value.text))
        })
    };
    let word = match row.change {
        HeaderChange::Moved => " (in another place)",
        HeaderChange::Spelling => " (spelled differently)",
        _ => "",
    };
    let sides: Vec<String> = [one('-', &row.a), one('+', &row.b)].into_iter().flatten().collect();
    format!("{}{word}", sides.join("\n"))
}

fn changes(changes: &BodyChanges) -> Vec<String> {
    match changes {
        BodyChanges::None => Vec::new(),
        BodyChanges::Json { changes, more, .. } => {
            let rest = (*more > 0).then(|| format!("  and {more} changes more"));
            changes.iter().map(json).chain(rest).collect()
        }
        BodyChanges::Lines { hunks, more } => {
            let rest = (*more > 0).then(|| format!("  and {more} lines more"));
            hunks.iter().flat_map(hunk).chain(rest).collect()
        }
        BodyChanges::Bytes { rows, ranges, .. } => {
            let bytes = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
            let row = |mark: char, offset: u64, of: &[u8]| format!("  {mark} {offset:08x}  {}", bytes(of));
            let shown = rows.iter().flat_map(|at| match at.a == at.b {
                true => vec![row(' ', at.offset, &at.a)],
                false => vec![row('-', at.offset, &at.a), row('+', at.offset, &at.b)],
            });
            shown.chain((rows.len() == 64).then(|| format!("  and so on: {ranges} ranges in all"))).collect()
        }
    }
}

fn json(change: &JsonChange) -> String {
    let of = |value: &Option<String>| visible(value.as_deref().unwrap_or_default());
    let (a, b) = (of(&change.a), of(&change.b));
    let place = match (change.path.as_str(), change.nth) {
        ("", _) => "the whole".to_owned(),
        (path, Some(nth)) => format!("{} (no. {nth} of that name)", visible(path)),
        (path, None) => visible(path),
    };
    match change.change {
        JsonChangeKind::Added => format!("  + {place}: {b}"),
        JsonChangeKind::Removed => format!("  - {place}: {a}"),
        JsonChangeKind::Changed => format!("  ~ {place}: {a} → {b}"),
        JsonChangeKind::Moved => format!("  > {place}: {b}, moved from {}", of(&change.from)),
        JsonChangeKind::Reordered => format!("  > {place}: the members stand in another order: {a} → {b}"),
        JsonChangeKind::Respelled => format!("  = {place}: the same value, written differently: {a} → {b}"),
        JsonChangeKind::RespelledName => format!("  = {place}: the same name, written differently: {a} → {b}"),
    }
}

fn hunk(hunk: &LineHunk) -> Vec<String> {
    let line = |mark: char, line: &TextLine| {
        let end = match line.end {
            LineEnd::Lf => "",
            LineEnd::CrLf => "‹CR LF›",
            LineEnd::None => "‹no line end›",
        };
        format!("  {mark} {}{end}", visible(&line.text))
    };
    if hunk.kind == LineHunkKind::Folded {
        return vec![format!("    … {} equal lines …", hunk.count)];
    }
    if hunk.kind == LineHunkKind::Equal {
        return hunk.rows.iter().filter_map(|row| row.a.as_ref()).map(|of| line(' ', of)).collect();
    }
    let removed = hunk.rows.iter().filter_map(|row| row.a.as_ref()).map(|of| line('-', of));
    removed.chain(hunk.rows.iter().filter_map(|row| row.b.as_ref()).map(|of| line('+', of))).collect()
}
