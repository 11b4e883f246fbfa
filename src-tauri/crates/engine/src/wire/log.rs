//! The app as a whole: listener, log, settings, saved filters.

use super::ExportDefaults;
use countersign_core::snippets::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that the window needs before its first paint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AppState {
    /// The app's version.
    pub version: String,
    /// The listener.
    pub listener: ListenerState,
    /// The public address.
    pub tunnel: super::TunnelState,
    /// The log.
    pub log: LogState,
    /// Where secrets are kept.
    pub secrets: SecretsBackend,
    /// The user's settings.
    pub settings: Settings,
    /// Sequence number of the last event before this was read.
    pub seq: u64,
    /// Judging again, if it runs.
    pub rejudge: Option<super::RejudgeProgress>,
}

/// What the listener does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListenerState {
    /// Whether it receives.
    pub listening: bool,
    /// `127.0.0.1:4400`, while it receives.
    pub addr: Option<String>,
    /// `http://127.0.0.1:4400`, or `https://…` over TLS, while it receives.
    pub url: Option<String>,
    /// Its certificate, while it receives over TLS.
    pub tls: Option<ListenerTls>,
    /// What the user should know: another port was taken than the wanted one, or why it does not receive.
    pub message: Option<String>,
}

/// The certificate that the listener shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListenerTls {
    /// Its SHA-256: pairs of hexadecimal digits in capitals with colons between them.
    pub fingerprint: String,
    /// Its file.
    pub certificate: String,
    /// It was made here, and nobody trusts it unless told to.
    pub self_signed: bool,
}

/// The log's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogState {
    /// Where it is.
    pub path: String,
    /// A damaged log was found at the start and kept here; this one is new.
    pub set_aside: Option<String>,
    /// What is wrong with it, if anything.
    pub trouble: Option<LogTrouble>,
}

/// Why the log cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogTrouble {
    /// For a person: what happened, what was kept, what to do.
    pub message: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Deliveries that were refused with 503 since.
    pub refused: u64,
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretsBackend {
    /// The system keychain, or a file.
    pub kind: SecretsBackendKind,
    /// For a person: which keychain, or which file and why not the keychain.
    pub words: String,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretsBackendKind {
    /// The system keychain.
    Keychain,
    /// A file of mode 0600 beside the log.
    File,
}

/// The window's theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
}

/// Whether the listener receives over TLS.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Tls {
    /// Plain HTTP.
    #[default]
    Off,
    /// With a certificate that is made here and kept beside the log.
    SelfSigned,
    /// With a certificate of the user's own, in PEM.
    Given {
        /// The file of the certificate and its issuers: a whole path.
        certificate: String,
        /// The file of its private key: a whole path.
        key: String,
    },
}

/// What the user has set. Unknown fields of a later version are kept out, missing ones take their default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// The theme.
    pub theme: Theme,
    /// Magnification of the window in percent, 50 to 200.
    pub zoom: u32,
    /// Width of the delivery list in CSS pixels, 280 to 1200.
    pub list_width: u32,
    /// The list shows an event with its retries and duplicates as one row.
    pub grouped: bool,
    /// The port that the listener asks for first.
    pub port: u16,
    /// Whoever reaches this machine over the network may send; else only this machine.
    pub everywhere: bool,
    /// Whether it receives over TLS.
    pub tls: Tls,
    /// Largest body that is accepted, in bytes.
    pub body_limit: u64,
    /// The language in which receiving code is shown, by its id.
    pub snippet_language: String,
    /// What was chosen for the last export.
    pub export: ExportDefaults,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            theme: Theme::System,
            zoom: 100,
            list_width: 520,
            grouped: true,
            port: 4400,
            everywhere: false,
            tls: Tls::Off,
            // 25 MB: the largest body that the field's senders document.
            body_limit: 25 * 1024 * 1024,
            snippet_language: Language::Node.id().to_owned(),
            export: ExportDefaults::default(),
        }
    }
}

/// A change of settings: only what is given changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct SettingsPatch {
    /// The theme.
    pub theme: Option<Theme>,
    /// Magnification in percent.
    pub zoom: Option<u32>,
    /// Width of the list.
    pub list_width: Option<u32>,
    /// Whether the list shows an event with its retries and duplicates as one row.
    pub grouped: Option<bool>,
    /// The listener's port; it moves there at once.
    pub port: Option<u16>,
    /// Whether the network may send; the listener changes at once.
    pub everywhere: Option<bool>,
    /// Whether the listener receives over TLS; it changes at once, and reads a given certificate anew.
    pub tls: Option<Tls>,
    /// Largest body.
    pub body_limit: Option<u64>,
    /// The language of receiving code.
    pub snippet_language: Option<String>,
    /// What is offered for the next export.
    pub export: Option<ExportDefaults>,
}

/// A filter with a name, in the left column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedFilter {
    /// Its name.
    pub name: String,
    /// The filter.
    pub filter: String,
    /// How many deliveries it matches now.
    pub matched: u64,
}

/// A term of a filter, for the chips in the search field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilterTerm {
    /// The term as typed.
    pub text: String,
    /// Where it stands, in characters.
    pub start: u32,
    /// How long it is, in characters.
    pub len: u32,
    /// `provider`, `verdict`, …; none for a bare word.
    pub key: Option<String>,
    /// It starts with `-`.
    pub negated: bool,
}

/// What was deleted, to undo it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Deletion {
    /// Hand it to `deliveries_restore`.
    pub token: String,
    /// How many.
    pub count: u64,
}
