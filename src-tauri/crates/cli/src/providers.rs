//! `countersign providers`.

use crate::args::{Common, ProvidersAction, ProvidersArgs};
use crate::output::{self, Failure};
use countersign_core::catalogue::Provider;
use countersign_engine::Engine;
use countersign_engine::wire::ProviderInfo;
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, args: ProvidersArgs) -> Result<ExitCode, Failure> {
    if let Some(ProvidersAction::Check { file }) = &args.action {
        let toml = std::fs::read_to_string(file)
            .map_err(|error| Failure::failed(format!("{} cannot be read: {error}", file.display())))?;
        return match Provider::load(&file.display().to_string(), &toml) {
            Ok(provider) => {
                if common.json {
                    output::json(&serde_json::json!({ "id": provider.id(), "name": provider.rule.name, "ok": true }))?;
                } else {
                    output::line(format_args!("{}: the rule is right and its samples verify", provider.rule.name))?;
                }
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => {
                if common.json {
                    output::json(&serde_json::json!({ "ok": false, "reason": error.to_string() }))?;
                }
                eprintln!("countersign: {error}");
                Ok(ExitCode::from(1))
            }
        };
    }
    let engine = output::open(common).await?;
    if let Some(ProvidersAction::Snippet { provider, language }) = args.action {
        return print_snippet(common, &engine, provider, language).await;
    }
    let all = engine.providers().await?;
    match args.action {
        Some(ProvidersAction::Show { id }) => {
            let found = all.iter().find(|p| p.id == id);
            let provider = found.ok_or_else(|| Failure::usage(format!("there is no provider “{id}”")))?;
            if common.json { output::json(provider)? } else { output::line(describe(provider))? }
        }
        _ => {
            for provider in &all {
                if common.json { output::json(provider)? } else { output::line(row(provider))? }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The code goes to standard output as it is, so that it can be written to a file; what its user must know goes beside it.
async fn print_snippet(
    common: &Common,
    engine: &Engine,
    provider: String,
    language: Option<String>,
) -> Result<ExitCode, Failure> {
    let Some(language) = language else {
        for language in engine.snippet_languages().await? {
            if common.json {
                output::json(&language)?;
            } else {
                output::line(format_args!("{:<15} {}", language.id, language.name))?;
            }
        }
        return Ok(ExitCode::SUCCESS);
    };
    let snippet = engine.snippet(provider, language).await?;
    if common.json {
        output::json(&snippet)?;
    } else {
        output::line(snippet.code.trim_end())?;
        for note in &snippet.notes {
            eprintln!("{note}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(provider: &ProviderInfo) -> String {
    let rule = match provider.schemes.first() {
        Some(scheme) => {
            let content: String = scheme.content.iter().map(|part| part.text.as_str()).collect();
            format!("{} over {content}, {}", scheme.algorithm, scheme.signature_form)
        }
        None => "does not sign".to_owned(),
    };
    format!(
        "{:<12} {:<12} {rule} · {} secrets · {} deliveries",
        provider.id,
        provider.name,
        provider.secrets.len(),
        provider.deliveries
    )
}

fn describe(provider: &ProviderInfo) -> String {
    let mut out = format!("{}\n{}\n", row(provider), provider.about);
    for scheme in &provider.schemes {
        out.push_str(&format!("\nheaders    {}\nkey        {}\n", scheme.headers.join(", "), scheme.key));
        if let (Some(clock), Some(basis)) = (&scheme.clock, &scheme.clock_basis) {
            out.push_str(&format!("clock      {clock} ({})\n", format!("{basis:?}").to_lowercase()));
        }
    }
    for row in &provider.retry {
        let note = row.note.as_ref().map(|n| format!("; {n}")).unwrap_or_default();
        out.push_str(&format!(
            "{:<10} {} ({}{note})\n",
            row.label,
            row.value,
            format!("{:?}", row.basis).to_lowercase()
        ));
    }
    for text in provider.handshake.iter().chain(&provider.checks).chain(&provider.notes) {
        out.push_str(&format!("- {text}\n"));
    }
    out.push_str("events     ");
    out.push_str(&provider.events.iter().map(|e| e.event_type.as_str()).collect::<Vec<_>>().join(", "));
    out
}
