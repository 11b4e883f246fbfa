//! The words of the command line.

use clap::{Args, Parser, Subcommand};
use countersign_core::catalogue::Catalogue;
use countersign_core::ids::ProviderId;
use countersign_core::secret::SecretText;
use countersign_core::tunnel::Tunnel;
use countersign_engine::wire::{CheckFormat, ExportFormat, ResponseRule, Route, Tls};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Receives webhooks on your machine and says for every signing scheme whether the signature holds, and why not.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The log; the app's own where it is not given.
    #[arg(long, global = true, env = "COUNTERSIGN_DB", value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// A secret for this run alone: PROVIDER=env:VAR or PROVIDER=file:PATH. May be given several times.
    #[arg(long = "secret", global = true, value_name = "PROVIDER=SOURCE", value_parser = not_echoed)]
    given_secrets: Vec<Result<RunSecret, String>>,
    /// What came of them, once [`Common::read_secrets`] was called.
    #[arg(skip)]
    pub(crate) secrets: Vec<RunSecret>,
    /// One JSON object a line on standard output, and nothing else there.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Receives deliveries until it is stopped.
    Listen(ListenArgs),
    /// Lists what is in the log, newest first.
    Deliveries(DeliveriesArgs),
    /// Shows one delivery.
    Show(ShowArgs),
    /// Compares two deliveries, attempts, their answers, or files. Exits with 1 where they are different.
    Diff(DiffArgs),
    /// Stores, lists and removes secrets.
    Secrets {
        #[command(subcommand)]
        action: SecretsAction,
    },
    /// The catalogue of providers.
    Providers(ProvidersArgs),
    /// Signs a body and prints the headers.
    Sign(SignArgs),
    /// Sends one request: an event of the catalogue, a fixture, or a pasted `curl` command or HTTP request. Exits with 1
    /// where the endpoint does not answer as a right one does.
    Send(SendArgs),
    /// Sends a delivery of the log again. Exits with 1 where the endpoint does not answer as a right one does.
    Resend(ResendArgs),
    /// Judges fixtures, or a body with headers. Exits with 1 where a verdict is not what it should be.
    Verify(VerifyArgs),
    /// Sends an event as a provider does, on its retry schedule, and says what came and why what follows. Exits with 1 where
    /// it is not delivered or the endpoint ran twice.
    Retry(Box<crate::retry_args::RetryArgs>),
    /// Checks an endpoint: what it must refuse, what it must accept, how it must answer. Exits with 1 on a fault, with
    /// `--strict` on a warning too.
    Check(CheckArgs),
    /// Imports deliveries from files: Countersign fixtures, HAR, .http, curl, Postman collections, NDJSON, JSON payloads, raw
    /// requests. Exits with 1 where something could not be read; the rest is imported all the same.
    Import(ImportArgs),
    /// Writes deliveries as fixtures, HAR, a curl script, an .http file, a Postman collection, raw requests, CSV or NDJSON.
    Export(ExportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListenArgs {
    /// Where to listen; a port 0 takes any free one. Without it, port 4400 on loopback, or the next free one.
    #[arg(long, value_name = "ADDR", value_parser = crate::answers::address)]
    pub(crate) listen: Option<SocketAddr>,
    /// Receives over TLS, with a certificate that is made once and kept beside the log: senders are told to trust it, or to
    /// trust any.
    #[arg(long, conflicts_with = "tls_cert")]
    tls: bool,
    /// Receives over TLS with this certificate, its issuers after it, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Forwards every delivery to this endpoint, whose answer the sender gets. May be given several times: the first
    /// answers.
    #[arg(long, value_name = "URL", value_parser = crate::answers::forward)]
    pub(crate) forward: Vec<Route>,
    /// Forwards what a filter takes: `provider:pollo verdict:pass=http://localhost:3000/hook`.
    #[arg(long, value_name = "FILTER=URL", value_parser = crate::answers::route)]
    pub(crate) route: Vec<Route>,
    /// What senders get: `status=503,delay=2s`, and `when=FILTER`, `first=N`, `every=N`, `fault=close|half|never`,
    /// `type=TEXT`, and at the end `body=TEXT`. May be given several times: the first that fits answers.
    #[arg(long, value_name = "RULE", value_parser = crate::answers::respond)]
    pub(crate) respond: Vec<ResponseRule>,
    /// Opens a tunnel to the listener, so that senders on the internet reach it: `ngrok` or `cloudflared`.
    #[arg(long, value_name = "PROGRAM", value_parser = crate::answers::tunnel)]
    pub(crate) tunnel: Option<Tunnel>,
    /// Where the tunnel's program is; it is looked for on the path where this is not given.
    #[arg(long, value_name = "FILE", requires = "tunnel")]
    pub(crate) tunnel_program: Option<PathBuf>,
}

impl ListenArgs {
    /// TLS as given here; none where nothing is, and then it is as the settings say.
    pub(crate) fn run_tls(&self) -> Option<Tls> {
        let whole = |path: &Path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            path.to_string_lossy().into_owned()
        };
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Some(Tls::Given { certificate: whole(certificate), key: whole(key) }),
            _ => self.tls.then_some(Tls::SelfSigned),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct DeliveriesArgs {
    /// A filter such as `provider:pollo verdict:fail since:1h`. Options are read wherever they stand; after `--` a term may
    /// be called as one is.
    #[arg(value_name = "FILTER", allow_hyphen_values = true)]
    pub(crate) filter: Vec<String>,
    /// The most that are listed.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The delivery's id.
    pub(crate) id: String,
    /// Only the body, byte for byte.
    #[arg(long)]
    pub(crate) body: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The first: a delivery's id, `41:answer` for what the listener answered to it, `attempt:7`, `attempt:7:answer`, or a
    /// file. Of a file the body alone is compared.
    pub(crate) a: String,
    /// The second, likewise; a file whose name is a number is written `./41`.
    #[arg(required_unless_present = "hashed")]
    pub(crate) b: Option<String>,
    /// The bytes that your handler hashed, `-` for standard input: whether they are what was captured, whether the
    /// signature holds for them, and what changed them.
    #[arg(long, value_name = "FILE", conflicts_with = "b")]
    pub(crate) hashed: Option<PathBuf>,
    /// The scheme by which `--hashed` verifies; the one that the delivery is judged by where it is not given.
    #[arg(long, requires = "hashed")]
    pub(crate) scheme: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsAction {
    /// Stores a secret; its value is read from standard input, one line end at its end is not part of it.
    Set {
        /// The provider's id.
        provider: String,
        /// The secret's name.
        name: String,
    },
    /// Lists the secrets, without their values.
    List,
    /// Removes a secret.
    Remove {
        /// The provider's id.
        provider: String,
        /// The secret's name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ProvidersArgs {
    #[command(subcommand)]
    pub(crate) action: Option<ProvidersAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProvidersAction {
    /// Shows one provider with its rule, its retry policy and its events.
    Show {
        /// Its id.
        id: String,
    },
    /// Checks a provider file of your own against its samples.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Prints the code that receives a provider's webhooks and verifies them.
    Snippet {
        /// The provider's id.
        provider: String,
        /// The language or framework, such as `node`; without it they are listed.
        #[arg(long, value_name = "LANGUAGE")]
        language: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The provider by whose rule to sign.
    #[arg(long)]
    pub(crate) provider: ProviderId,
    /// The body; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) body: PathBuf,
    /// The delivery's id, where the scheme signs one; a random one where it is not given.
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// RFC 3339 or unix seconds, where the scheme signs a timestamp; now where it is not given.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) timestamp: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// Fixture files, folders of them, and patterns such as `fixtures/**/*.json`; they are sent one after the other.
    #[arg(value_name = "FIXTURE", conflicts_with_all = ["event", "paste"])]
    pub(crate) fixtures: Vec<PathBuf>,
    /// The provider whose event it is, and by whose rule it is signed.
    #[arg(long)]
    pub(crate) provider: Option<ProviderId>,
    /// An event of the provider's catalogue: `ppt.generation.failed`.
    #[arg(long, value_name = "TYPE", requires = "provider", conflicts_with = "paste")]
    pub(crate) event: Option<String>,
    /// Keeps the sample's own ids and times, which are made afresh otherwise.
    #[arg(long, requires = "event")]
    pub(crate) as_documented: bool,
    /// A `curl` command, an HTTP request or JSON; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) paste: Option<PathBuf>,
    /// Where to. Of a pasted command it is the command's own where it is not given.
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) how: HowArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ResendArgs {
    /// The delivery's id.
    pub(crate) id: String,
    /// Where to; where it was sent before, or a route sends it, where this is not given.
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) how: HowArgs,
}

/// How a request is changed, signed and sent.
#[derive(Debug, Args)]
pub(crate) struct HowArgs {
    /// Changes a value of the JSON body at its place: `/data/pages=9`. May be given several times.
    #[arg(long, value_name = "POINTER=VALUE")]
    pub(crate) set: Vec<String>,
    /// Sets a header, `Name: value`; an empty value takes it away. May be given several times.
    #[arg(long = "header", value_name = "N: V")]
    pub(crate) headers: Vec<String>,
    /// Signs it anew for the present, with the first secret of the provider.
    #[arg(long, conflicts_with = "fault")]
    pub(crate) re_sign: bool,
    /// Signs it wrongly on purpose: `tampered_body`, `wrong_secret`, `stale=3600`, `missing_header`, … An unknown name
    /// lists them all.
    #[arg(long = "break", value_name = "FAULT")]
    pub(crate) fault: Option<String>,
    /// How long the endpoint may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0)]
    pub(crate) timeout: f64,
    /// Follows redirects.
    #[arg(long)]
    pub(crate) follow: bool,
    /// Accepts any certificate.
    #[arg(long)]
    pub(crate) insecure: bool,
}

/// How verdicts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum VerifyFormat {
    /// JUnit XML.
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Fixture files, folders of them, and patterns such as `fixtures/**/*.json`.
    #[arg(value_name = "FIXTURE", conflicts_with_all = ["provider", "headers", "body"])]
    pub(crate) fixtures: Vec<PathBuf>,
    /// `junit`: one report as JUnit XML on standard output, and nothing else there.
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) format: Option<VerifyFormat>,
    /// The provider whose schemes judge.
    #[arg(long, requires = "body")]
    pub(crate) provider: Option<ProviderId>,
    /// A header, `Name: value`. May be given several times.
    #[arg(long = "header", value_name = "N: V")]
    pub(crate) headers: Vec<String>,
    /// The body; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,
    /// The method.
    #[arg(long, default_value = "POST")]
    pub(crate) method: String,
    /// The URL that it was sent to.
    #[arg(long, default_value = "/")]
    pub(crate) url: String,
    /// The clock: RFC 3339 or unix seconds. A fixture's own, or now, where it is not given.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The provider by whose rules, and as whom.
    #[arg(long)]
    pub(crate) provider: ProviderId,
    /// The endpoint.
    #[arg(long, value_name = "URL")]
    pub(crate) to: String,
    /// Sends what is valid too, without asking: the endpoint will work on it. Without it, and away from a terminal, only
    /// what must be refused is sent.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Exits with 1 on a warning too.
    #[arg(long)]
    pub(crate) strict: bool,
    /// The event of the catalogue that is sent: `ppt.generation.failed`.
    #[arg(long, value_name = "TYPE")]
    pub(crate) event: Option<String>,
    /// An id of an event that the endpoint waits for, where it refuses others. May be given several times: they are used in
    /// turn.
    #[arg(long = "id", value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// A URL that shows the endpoint's state, to see whether something was done, and whether it was done twice.
    #[arg(long, value_name = "URL", conflicts_with = "probe_command")]
    pub(crate) probe: Option<String>,
    /// A command of the shell that prints the endpoint's state.
    #[arg(long, value_name = "CMD")]
    pub(crate) probe_command: Option<String>,
    /// Only this probe, by its id, such as `signature_missing`. May be given several times; an unknown id lists them all.
    #[arg(long, value_name = "PROBE")]
    pub(crate) only: Vec<String>,
    /// Writes a report: `json`, `markdown` or `junit`.
    #[arg(long, value_name = "FORMAT", value_parser = crate::check::format)]
    pub(crate) format: Option<CheckFormat>,
    /// Where the report is written; standard output where this is not given, in place of the list.
    #[arg(long, value_name = "FILE", requires = "format")]
    pub(crate) out: Option<PathBuf>,
    /// Shows how to mend what was found, in this language: `node`, `python-flask`, `go`, … An unknown one lists them all.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<String>,
    /// How long an answer is waited for, `10s`, at the most as long as the provider waits, which it is otherwise.
    #[arg(long, value_name = "TIME", value_parser = crate::answers::milliseconds)]
    pub(crate) timeout: Option<u32>,
    /// Accepts any certificate.
    #[arg(long)]
    pub(crate) insecure: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files and folders; `-` for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The provider of bare JSON payloads; without it they are recognised by the shape of their body.
    #[arg(long, value_name = "ID")]
    pub(crate) provider: Option<ProviderId>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The ids of deliveries.
    #[arg(value_name = "ID", conflicts_with_all = ["filter", "run"])]
    pub(crate) ids: Vec<String>,
    /// All deliveries that a filter takes, such as `provider:pollo since:1h`; an empty one takes all.
    #[arg(long, conflicts_with = "run", allow_hyphen_values = true)]
    pub(crate) filter: Option<String>,
    /// What a run of the retry lab or of the endpoint check sent.
    #[arg(long, value_name = "ID")]
    pub(crate) run: Option<String>,
    /// fixtures, har, curl, http, postman, raw, csv or ndjson.
    #[arg(long, default_value = "fixtures", value_parser = crate::export::format)]
    pub(crate) format: ExportFormat,
    /// A folder, a file that ends in .zip, or `-` for standard output.
    #[arg(long, value_name = "DIR|FILE.zip|-")]
    pub(crate) out: PathBuf,
    /// What is masked: all, none, or some of credentials, cookies, tokens, tunnels, ips and emails, with commas between
    /// them. All but emails where it is not given. The values of stored secrets are masked always.
    #[arg(long, value_name = "KINDS", value_parser = crate::export::kinds)]
    pub(crate) redact: Option<crate::export::Kinds>,
    /// Masks a value of JSON bodies, `/data/email`; `*` stands for any item. May be given several times.
    #[arg(long, value_name = "POINTER")]
    pub(crate) mask: Vec<String>,
    /// Bodies and the headers that are signed leave as they were captured, whatever else is chosen.
    #[arg(long)]
    pub(crate) keep_exact: bool,
    /// Replaces files that are there with other content.
    #[arg(long, conflicts_with_all = ["skip_existing", "keep_both"])]
    pub(crate) force: bool,
    /// Leaves files that are there with other content as they are.
    #[arg(long, conflicts_with = "keep_both")]
    pub(crate) skip_existing: bool,
    /// Leaves them too, and numbers the new ones.
    #[arg(long)]
    pub(crate) keep_both: bool,
    /// Writes a test file for each provider too, for pytest, vitest, jest, go, cargo, phpunit or rspec; the fixtures go
    /// where it looks for them.
    #[arg(long, value_name = "RUNNER", value_parser = crate::suites::runner)]
    pub(crate) tests: Option<String>,
    /// The tests call this app in place of a URL: `flask:webhook:app`, `fastapi:main:app`, `express:./app.js:default`,
    /// `next:./route.js:POST`.
    #[arg(long, value_name = "FRAMEWORK:MODULE:NAME", value_parser = crate::suites::app, requires = "tests")]
    pub(crate) app: Option<countersign_engine::wire::TestedApp>,
    /// The path on which the app takes webhooks.
    #[arg(long, value_name = "PATH", default_value = "/webhook", requires = "app")]
    pub(crate) app_path: String,
    /// Where curl scripts, .http files and Postman collections send to; `http://127.0.0.1:4400` where it is not given.
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
}

/// A secret of `--secret`.
#[derive(Debug, Clone)]
pub(crate) struct RunSecret {
    pub(crate) provider: ProviderId,
    pub(crate) name: String,
    pub(crate) value: SecretText,
}

impl Common {
    /// Takes the secrets of `--secret`; the first that is wrong is the error, in words that do not repeat it.
    pub(crate) fn read_secrets(&mut self) -> Result<(), String> {
        self.secrets = std::mem::take(&mut self.given_secrets).into_iter().collect::<Result<_, _>>()?;
        if self.secrets.is_empty() {
            return Ok(());
        }
        let catalogue = Catalogue::builtin().map_err(|error| error.to_string())?;
        match self.secrets.iter().find(|s| catalogue.get(&s.provider).is_none()) {
            Some(secret) => Err(format!("there is no provider “{}”", secret.provider)),
            None => Ok(()),
        }
    }
}

/// Never fails: a parser's error is printed together with what was given, which may be the secret itself.
#[expect(clippy::unnecessary_wraps, reason = "a parser of values answers a result")]
fn not_echoed(text: &str) -> Result<Result<RunSecret, String>, Infallible> {
    Ok(run_secret(text))
}

/// Reads `PROVIDER=env:VAR` or `PROVIDER=file:PATH`. A file's one line end at its end is not part of the secret: editors
/// put it there.
fn run_secret(text: &str) -> Result<RunSecret, String> {
    let (provider, source) = text.split_once('=').ok_or("write PROVIDER=env:VAR or PROVIDER=file:PATH")?;
    let provider: ProviderId = provider.parse().map_err(|_| "what stands before = is no provider's id")?;
    let value = match source.split_once(':') {
        Some(("env", variable)) => {
            std::env::var(variable).map_err(|_| format!("the environment has no text variable {variable}"))?
        }
        Some(("file", path)) => {
            let text = std::fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
            without_line_end(&text).to_owned()
        }
        // What stands there may be the secret itself: it is not repeated.
        _ => {
            return Err(
                "a secret comes from env:VAR or file:PATH; its value is not given on the command line".to_owned()
            );
        }
    };
    if value.is_empty() {
        return Err(format!("the secret from {source} is empty"));
    }
    Ok(RunSecret { provider, name: source.to_owned(), value: SecretText::new(value) })
}

/// A text without one line end at its end.
pub(crate) fn without_line_end(text: &str) -> &str {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(text)
}
