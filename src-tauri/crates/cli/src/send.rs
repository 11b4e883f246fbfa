//! `countersign send` and `countersign resend`: one request, with what came back.

use crate::args::{Common, HowArgs, ResendArgs, SendArgs};
use crate::output::{self, Failure, visible};
use crate::sign::read_body;
use countersign_core::draft::paste;
use countersign_core::fixture::Fixture;
use countersign_core::json_text::span;
use countersign_engine::Engine;
use countersign_engine::wire::{
    AttemptDetail, AttemptState, Break, Draft, DraftBody, DraftHeader, DraftSource, DraftStart, SendOptions,
    SigningChoice, SigningMode, SigningTime, WireBytes,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// The one thing that a run of the program sends.
const TOKEN: &str = "command line";

fn text(text: &str) -> WireBytes {
    WireBytes { text: text.to_owned(), base64: None }
}

pub(crate) async fn resend(common: &Common, args: ResendArgs) -> Result<ExitCode, Failure> {
    let engine = output::open(common).await?;
    let how = &args.how;
    let plain = how.set.is_empty() && how.headers.is_empty() && !how.re_sign && how.fault.is_none();
    if plain && !how.follow && !how.insecure {
        let sent = engine.delivery_resend(TOKEN.to_owned(), args.id, args.to).await?;
        return answer(common, &engine, &sent.id).await;
    }
    let start = engine.draft_start(DraftSource::Delivery { id: args.id.clone() }).await?;
    if args.to.is_none() && start.draft.url.is_empty() {
        return Err(Failure::usage("It was not sent to any endpoint yet: say where to send it with --to."));
    }
    go(common, &engine, start, args.to, how).await
}

pub(crate) async fn send(common: &Common, args: SendArgs) -> Result<ExitCode, Failure> {
    let to_needed = || Failure::usage("say where to send it with --to");
    if !args.fixtures.is_empty() {
        let to = args.to.as_deref().ok_or_else(to_needed)?;
        return send_fixtures(common, &crate::fixtures::expand(&args.fixtures)?, to, &args.how).await;
    }
    let engine = output::open(common).await?;
    let start = match (&args.event, &args.paste) {
        (Some(event), _) => {
            let provider = args.provider.as_ref().map(ToString::to_string).unwrap_or_default();
            let source = DraftSource::Event {
                provider,
                event_type: event.clone(),
                values: BTreeMap::new(),
                fresh: !args.as_documented,
            };
            args.to.as_ref().ok_or_else(to_needed)?;
            engine.draft_start(source).await?
        }
        (None, Some(path)) => {
            let text = String::from_utf8(read_body(path)?)
                .map_err(|_| Failure::usage(format!("{} is not text", path.display())))?;
            let json = text.trim_start().starts_with(['{', '[']);
            if json && args.to.is_none() {
                return Err(to_needed());
            }
            // Sending it without would be another request than the one that was pasted.
            if let Some(file) = paste::read(&text).ok().and_then(|pasted| pasted.body_from_file) {
                return Err(Failure::usage(format!(
                    "The command takes its body from the file {}, which is not read here: put the body itself into the \
                     command. Nothing was sent.",
                    visible(&file)
                )));
            }
            let mut start = engine.draft_start(DraftSource::Pasted { text }).await?;
            start.signing.provider = args.provider.as_ref().map(ToString::to_string);
            start
        }
        (None, None) => {
            return Err(Failure::usage("name a fixture, or give --provider with --event, or --paste"));
        }
    };
    go(common, &engine, start, args.to, &args.how).await
}

/// Sends fixtures, one after the other. All are read before the first one leaves.
async fn send_fixtures(common: &Common, paths: &[PathBuf], to: &str, how: &HowArgs) -> Result<ExitCode, Failure> {
    let mut starts = Vec::new();
    for path in paths {
        let json = String::from_utf8(read_body(path)?)
            .map_err(|_| Failure::usage(format!("{} is not a fixture: it is not text", path.display())))?;
        let fixture = Fixture::parse(&json).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        starts.push(of_fixture(&fixture, to)?);
    }
    let engine = output::open(common).await?;
    let (mut refused, mut unanswered) = (false, false);
    let several = starts.len() > 1;
    for (path, start) in paths.iter().zip(starts) {
        if several && !common.json {
            output::line(path.display())?;
        }
        let code = go(common, &engine, start, None, how).await?;
        refused |= code == ExitCode::from(1);
        unanswered |= code == ExitCode::from(3);
    }
    Ok(match (unanswered, refused) {
        (true, _) => ExitCode::from(3),
        (false, true) => ExitCode::from(1),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// A fixture as a draft, its headers and body as they are.
fn of_fixture(fixture: &Fixture, to: &str) -> Result<DraftStart, Failure> {
    let request = fixture.request().map_err(|error| Failure::usage(error.to_string()))?;
    let bytes = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(utf8) => text(utf8),
        Err(_) => WireBytes {
            text: String::from_utf8_lossy(bytes).into_owned(),
            base64: Some(countersign_core::decode::to_base64(bytes)),
        },
    };
    let follows = |name: &[u8]| ["host", "content-length"].iter().any(|n| name.eq_ignore_ascii_case(n.as_bytes()));
    let headers = request.headers.iter().map(|field| DraftHeader {
        name: bytes(&field.name),
        value: bytes(&field.value),
        on: true,
        follows: follows(&field.name),
    });
    Ok(DraftStart {
        draft: Draft {
            method: request.method.clone(),
            url: to.to_owned(),
            headers: headers.collect(),
            body: match std::str::from_utf8(&request.body) {
                Ok(utf8) => DraftBody::Text { text: utf8.to_owned() },
                Err(_) => DraftBody::Base64 { base64: countersign_core::decode::to_base64(&request.body) },
            },
            fill: false,
        },
        title: fixture.name.clone(),
        delivery: None,
        signing: SigningChoice { provider: fixture.provider.clone(), mode: SigningMode::Keep },
        notes: Vec::new(),
    })
}

/// Changes a draft as it was asked for, sends it and prints what came back.
async fn go(
    common: &Common,
    engine: &Engine,
    start: DraftStart,
    to: Option<String>,
    how: &HowArgs,
) -> Result<ExitCode, Failure> {
    let DraftStart { mut draft, delivery, mut signing, notes, .. } = start;
    notes.iter().for_each(|note| eprintln!("countersign: {}", visible(note)));
    if let Some(to) = to {
        draft.url = to;
    }
    for change in &how.set {
        set(&mut draft.body, change)?;
    }
    for line in &how.headers {
        set_header(&mut draft.headers, line)?;
    }
    if how.re_sign {
        signing.mode = SigningMode::Sign { secret: None, timestamp: SigningTime::Now, new_id: false };
    }
    if let Some(fault) = &how.fault {
        signing.mode = SigningMode::Break { secret: None, fault: read_fault(engine, &signing, fault).await? };
    }
    if !(0.01..=600.0).contains(&how.timeout) {
        return Err(Failure::usage("--timeout takes 0.01 to 600 seconds"));
    }
    let options = SendOptions {
        timeout_ms: (how.timeout * 1000.0).round() as u32,
        any_certificate: how.insecure,
        follow_redirects: how.follow,
    };
    let sent = engine.draft_send(TOKEN.to_owned(), delivery, draft, signing, options).await?;
    answer(common, engine, &sent.id).await
}

/// `/data/pages=9`: what reads as JSON is JSON, anything else a text.
fn set(body: &mut DraftBody, change: &str) -> Result<(), Failure> {
    let (pointer, value) =
        change.split_once('=').ok_or_else(|| Failure::usage(format!("“{change}”: write POINTER=VALUE")))?;
    let DraftBody::Text { text } = body else {
        return Err(Failure::usage("the body is no short text: --set cannot change it"));
    };
    let place = span(text, pointer)
        .ok_or_else(|| Failure::usage(format!("nothing stands at {pointer} in the body, or it is not JSON")))?;
    let written = match serde_json::from_str::<serde_json::Value>(value) {
        Ok(_) => value.to_owned(),
        Err(_) => serde_json::to_string(value).map_err(|error| Failure::failed(error.to_string()))?,
    };
    text.replace_range(place, &written);
    Ok(())
}

fn set_header(headers: &mut Vec<DraftHeader>, line: &str) -> Result<(), Failure> {
    let (name, value) = line.split_once(':').ok_or_else(|| Failure::usage(format!("“{line}”: write 'Name: value'")))?;
    let (name, value) = (name.trim(), value.trim());
    let at = headers.iter().position(|header| header.name.text.eq_ignore_ascii_case(name));
    headers.retain(|header| !header.name.text.eq_ignore_ascii_case(name));
    if !value.is_empty() {
        let header = DraftHeader { name: text(name), value: text(value), on: true, follows: false };
        headers.insert(at.unwrap_or(headers.len()).min(headers.len()), header);
    }
    Ok(())
}

/// `stale=3600`, `tampered_body`.
async fn read_fault(engine: &Engine, signing: &SigningChoice, given: &str) -> Result<Break, Failure> {
    let provider =
        signing.provider.clone().ok_or_else(|| Failure::usage("--break needs a provider: give --provider"))?;
    let known = engine.signing_options(provider).await?.breaks;
    let (name, value) = given.split_once('=').map_or((given, None), |(name, value)| (name, Some(value)));
    let found = known.iter().find(|info| {
        let same = info.fault.name == name;
        // Of several algorithms the one that is named, else the first.
        same && (value.is_none() || info.fault.algorithm.is_none() || info.fault.algorithm.as_deref() == value)
    });
    let mut fault = found.map(|info| info.fault.clone()).ok_or_else(|| {
        let names: Vec<String> = known
            .iter()
            .map(|info| match &info.fault.algorithm {
                Some(algorithm) => format!("{}={algorithm}", info.fault.name),
                None => info.fault.name.clone(),
            })
            .collect();
        Failure::usage(format!("there is no fault “{name}” here: there are {}", names.join(", ")))
    })?;
    if let (Some(value), None) = (value, &fault.algorithm) {
        let seconds = value.parse().map_err(|_| Failure::usage(format!("“{value}” is no number of seconds")))?;
        match (&mut fault.age_s, &mut fault.s) {
            (Some(age), _) => *age = seconds,
            (_, Some(ahead)) => *ahead = seconds,
            _ => return Err(Failure::usage(format!("“{name}” takes no number"))),
        }
    }
    Ok(fault)
}

async fn answer(common: &Common, engine: &Engine, id: &str) -> Result<ExitCode, Failure> {
    let detail = engine.attempt_detail(id.to_owned()).await?;
    if common.json {
        output::json(&detail)?;
    } else {
        print(&detail)?;
    }
    let info = &detail.info;
    Ok(match info.state {
        AttemptState::Answered => {
            let right = info.as_expected.unwrap_or_else(|| info.status.is_some_and(|s| (200..300).contains(&s)));
            if right { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        _ => {
            eprintln!("countersign: {}", info.error.as_deref().unwrap_or("No answer came."));
            ExitCode::from(3)
        }
    })
}

fn print(detail: &AttemptDetail) -> Result<(), Failure> {
    let info = &detail.info;
    let signing = info.signing.as_ref().map(|words| format!(" · {words}")).unwrap_or_default();
    output::line(format_args!("{} {}{signing}", visible(&info.method), visible(&info.url)))?;
    let (Some(status), Some(total)) = (info.status, info.total_us) else { return Ok(()) };
    let judged = match info.as_expected {
        Some(true) => " · as it should",
        Some(false) => " · not as a right endpoint answers",
        None => "",
    };
    output::line(format_args!("{status} in {:.1} ms{judged}", total as f64 / 1000.0))?;
    if let Some(body) = detail.reply_body.as_ref().filter(|body| !body.text.is_empty()) {
        for line in body.text.trim_end_matches(['\r', '\n']).split('\n') {
            output::line(visible(line.trim_end_matches('\r')))?;
        }
    }
    Ok(())
}
