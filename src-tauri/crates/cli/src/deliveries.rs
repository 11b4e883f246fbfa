//! `countersign deliveries` and `countersign show`.

use crate::args::{Common, DeliveriesArgs, ShowArgs};
use crate::output::{self, Failure, visible};
use countersign_engine::wire::DeliveryDetail;
use std::io::Write as _;
use std::process::ExitCode;

/// Rows asked for at once.
const PAGE: u32 = 500;

pub(crate) async fn list(common: &Common, args: DeliveriesArgs) -> Result<ExitCode, Failure> {
    let engine = output::open(common).await?;
    let filter = args.filter.join(" ");
    let mut left = args.limit;
    let mut before = None;
    while left > 0 {
        let page =
            engine.deliveries_page(filter.clone(), before, left.min(PAGE), false).await.map_err(
                |error| match &error.detail {
                    Some(at) => Failure::usage(pointed(&filter, at.start, at.len, &error.message)),
                    None => error.into(),
                },
            )?;
        for delivery in &page.items {
            if common.json { output::json(delivery)? } else { output::line(output::row(delivery))? }
        }
        left -= u32::try_from(page.items.len()).unwrap_or(left).min(left);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A filter with a mark under what is wrong in it.
fn pointed(filter: &str, start: u32, len: u32, message: &str) -> String {
    let mark = format!("{}{}", " ".repeat(start as usize), "^".repeat(len.max(1) as usize));
    format!("the filter has a fault\n  {filter}\n  {mark}\n  {message}")
}

pub(crate) async fn show(common: &Common, args: ShowArgs) -> Result<ExitCode, Failure> {
    let engine = output::open(common).await?;
    if args.body {
        let body = engine.body(&args.id).await?;
        let mut out = std::io::stdout().lock();
        out.write_all(&body)
            .and_then(|()| out.flush())
            .map_err(|error| Failure::failed(format!("cannot write: {error}")))?;
        return Ok(ExitCode::SUCCESS);
    }
    let detail = engine.delivery_detail(args.id).await?;
    if common.json {
        // The fields of `deliveries`, and beside them the rest.
        let mut object = serde_json::to_value(&detail).map_err(|error| Failure::failed(error.to_string()))?;
        if let Some(fields) = object.as_object_mut()
            && let Some(serde_json::Value::Object(summary)) = fields.remove("summary")
        {
            let detailed = fields.remove("verdicts");
            let rest = std::mem::replace(fields, summary);
            fields.extend(rest);
            fields.extend(detailed.map(|verdicts| ("verdicts".to_owned(), verdicts)));
        }
        output::json(&object)?;
    } else {
        output::line(describe(&detail))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(detail: &DeliveryDetail) -> String {
    let mut out = output::row(&detail.summary);
    out.push_str(&match &detail.summary.origin {
        Some(origin) => format!("\n\nimported from {} · {}", visible(&origin.name), origin.label),
        None => format!("\n\nfrom {} · {}", detail.summary.peer, detail.response.answered_by),
    });
    for verdict in &detail.verdicts {
        out.push_str(&format!(
            "\n\n{} {} — {}\n  {}",
            output::sign(verdict.outcome),
            verdict.provider_name,
            visible(&verdict.reason),
            verdict.rule
        ));
        for received in &verdict.received {
            out.push_str(&format!("\n  received  {}", visible(&received.text)));
        }
        if let (Some(computed), true) = (&verdict.computed, verdict.applies) {
            out.push_str(&format!("\n  computed  {computed}"));
        }
        if let Some(clock) = &verdict.clock {
            out.push_str(&format!("\n  timestamp {} ({})", visible(&clock.text), clock.words));
        }
        if let Some(diagnosis) = &verdict.diagnosis {
            out.push_str(&format!("\n  {}\n  {}", diagnosis.headline, diagnosis.explanation));
        }
        for note in &verdict.notes {
            out.push_str(&format!("\n  {note}"));
        }
    }
    out.push_str("\n\n");
    for line in detail.raw_head.text.lines() {
        out.push_str(&visible(line));
        out.push('\n');
    }
    out.push_str(&format!("({} bytes of body: countersign show {} --body)", detail.kept_len, detail.summary.id));
    out
}
