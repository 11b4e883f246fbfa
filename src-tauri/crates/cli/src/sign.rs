//! `countersign sign`.

use crate::args::{Common, SignArgs};
use crate::output::{self, Failure};
use countersign_core::catalogue::Catalogue;
use countersign_core::request::text;
use countersign_core::secret::Secret;
use countersign_core::signing::Key;
use countersign_engine::{signed_headers, time};
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// A file's bytes; `-` is standard input.
pub(crate) fn read_body(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| Failure::failed(format!("{} cannot be read: {error}", path.display())))
}

/// A time as the command line takes it, in microseconds since 1970.
pub(crate) fn read_time(text: Option<&str>) -> Result<i64, Failure> {
    match text {
        Some(text) => {
            time::parse(text).ok_or_else(|| Failure::usage(format!("“{text}” is neither RFC 3339 nor unix seconds")))
        }
        None => {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Ok(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
        }
    }
}

pub(crate) fn run(common: &Common, args: SignArgs) -> Result<ExitCode, Failure> {
    let catalogue = Catalogue::builtin().map_err(|error| Failure::failed(error.to_string()))?;
    let provider = catalogue
        .get(&args.provider)
        .ok_or_else(|| Failure::usage(format!("there is no provider “{}”", args.provider)))?;
    if !provider.signs() {
        return Err(Failure::usage(format!("{} does not sign its deliveries", provider.rule.name)));
    }
    let given = common.secrets.iter().find(|s| s.provider == args.provider);
    let given = given
        .ok_or_else(|| Failure::usage(format!("give a secret: --secret {}=env:VAR or =file:PATH", args.provider)))?;
    let secret = Secret { name: given.name.clone(), value: given.value.clone() };
    if provider.rule.schemes.iter().all(|scheme| Key::new(scheme.key, &secret).is_empty()) {
        return Err(Failure::usage(format!("nothing decodes from the secret {}: it is no base64 key", secret.name)));
    }
    let body = read_body(&args.body)?.into();
    let seconds = read_time(args.timestamp.as_deref())?.div_euclid(1_000_000);
    let id = match args.id {
        Some(id) => id,
        None => countersign_engine::random_id()?,
    };
    for header in &signed_headers(provider, &secret, &body, &id, seconds) {
        let (name, value) = (text(&header.name), text(&header.value));
        if common.json {
            output::json(&serde_json::json!({ "name": name, "value": value }))?;
        } else {
            output::line(format_args!("{name}: {value}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
