//! `countersign secrets`.

use crate::args::{Common, SecretsAction, without_line_end};
use crate::output::{self, Failure};
use std::io::Read as _;
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, action: SecretsAction) -> Result<ExitCode, Failure> {
    let engine = output::open(common).await?;
    match action {
        SecretsAction::Set { provider, name } => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|_| Failure::usage("the secret on standard input is not text"))?;
            let value = without_line_end(&text).to_owned();
            let inspection = engine.secret_inspect(provider.clone(), value.clone()).await?;
            let known = engine.secrets_list().await?;
            let replaces = known
                .iter()
                .any(|s| s.provider == provider && s.name == name && !s.this_run_only)
                .then(|| name.clone());
            engine.secret_set(provider.clone(), name.clone(), Some(value), replaces).await?;
            for finding in &inspection.findings {
                eprintln!("countersign: {}", finding.message);
            }
            eprintln!("countersign: {}", engine.secrets_kept());
            if common.json {
                output::json(
                    &serde_json::json!({ "provider": provider, "name": name, "decodes_to": inspection.decodes_to }),
                )?;
            } else {
                output::line(format_args!("{provider} · {name}: stored ({})", inspection.decodes_to))?;
            }
        }
        SecretsAction::List => {
            for secret in engine.secrets_list().await? {
                if common.json {
                    output::json(&secret)?;
                } else if let Some(why) = &secret.unreadable {
                    output::line(format_args!("{}  {}  {why}", secret.provider, secret.name))?;
                } else {
                    let matched = secret.last_matched.as_deref().unwrap_or("never");
                    output::line(format_args!(
                        "{}  {}  {}  {}  last matched: {matched}",
                        secret.provider, secret.name, secret.masked, secret.decodes_to
                    ))?;
                }
            }
        }
        SecretsAction::Remove { provider, name } => {
            engine.secret_remove(provider.clone(), name.clone()).await?;
            if common.json {
                output::json(&serde_json::json!({ "provider": provider, "name": name, "removed": true }))?;
            } else {
                output::line(format_args!("{provider} · {name}: removed"))?;
            }
        }
    }
    // The log is judged again by whoever shows it; a window that is open does so at once.
    engine.rejudged().await;
    Ok(ExitCode::SUCCESS)
}
