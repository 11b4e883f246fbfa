//! Folders of fixtures that the user works with: what is in them, how it differs from what was captured, updating and
//! sending it.
//!
//! Invariants: a folder is read when it is asked for, and nothing of it is kept; nothing outside of a folder is read or
//! written, and symbolic links are not followed; a file is replaced whole or not at all, and only when it is what was shown.

mod capture;
mod file;
mod watch;

pub(crate) use watch::Watching;

use crate::comparing::{Comparable, compare};
use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::judging::wire_bytes;
use crate::sending::input;
use crate::wire::{
    AttemptInfo, CommandError, Draft, DraftBody, DraftHeader, EngineEvent, ExportFormat, ExportRequest,
    ExportSelection, FixtureField, FixtureFile, FolderDiff, FolderInfo, FolderPage, Redaction, SendOptions,
    SigningChoice, SigningMode,
};
use crate::{Engine, Inner};
use countersign_core::fixture::Fixture;
use file::{Content, Listed};
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};

const KEY: &str = "folders";
/// More folders than anybody works with.
const FOLDERS: usize = 50;
/// Of a file as it will be, so much is shown, in characters.
const SHOWN: usize = 20_000;

/// The saved folders. Reads the log: blocks.
fn saved(inner: &Inner) -> Result<Vec<PathBuf>, EngineError> {
    let text = inner.store.setting(KEY)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Names a file's content.
fn version_of(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}-{}", hasher.finish(), bytes.len())
}

impl Inner {
    fn folder_infos(&self) -> Result<Vec<FolderInfo>, EngineError> {
        let folders = saved(self)?;
        self.watching.keep(&folders, &self.bus);
        Ok(folders
            .iter()
            .map(|path| {
                let listed = file::list(path);
                let (watched, unwatched) = self.watching.of(path);
                let (files, problem) = match listed {
                    Ok(listed) => (listed.files.len(), listed.problem),
                    Err(why) => (0, Some(why)),
                };
                FolderInfo {
                    path: path.display().to_string(),
                    name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
                    files: u32::try_from(files).unwrap_or(u32::MAX),
                    watched,
                    problem: problem.or(unwatched),
                }
            })
            .collect())
    }

    /// The folder that a path names.
    fn folder(&self, path: &str) -> Result<PathBuf, EngineError> {
        let wanted = Path::new(path);
        saved(self)?
            .into_iter()
            .find(|folder| folder == wanted)
            .ok_or_else(|| input("This folder is not among those that you work with. Add it first."))
    }

    /// A file of one of the folders: where it really is, and its name there.
    fn file_of(&self, path: &str) -> Result<Listed, EngineError> {
        let wanted = Path::new(path);
        for folder in saved(self)? {
            if let Ok(name) = wanted.strip_prefix(&folder) {
                return file::within(&folder, name).ok_or_else(|| {
                    input("There is no such file in this folder; it may have been moved or be a link.")
                });
            }
        }
        Err(input("This file is in none of the folders that you work with."))
    }

    fn folder_page(&self, path: &str, before: Option<&str>, limit: usize) -> Result<FolderPage, EngineError> {
        let folder = self.folder(path)?;
        let listed = file::list(&folder).map_err(input)?;
        let from = before.map_or(0, |before| listed.files.partition_point(|file| file.name.as_str() <= before));
        let page = &listed.files[from..listed.files.len().min(from + limit)];
        let files = self.look_at(page)?;
        let next =
            (from + page.len() < listed.files.len()).then(|| page.last().map(|file| file.name.clone())).flatten();
        let total = u32::try_from(listed.files.len()).unwrap_or(u32::MAX);
        Ok(FolderPage { files, total, next, problem: listed.problem })
    }

    /// What a fixture would become. Reads the log and the file: blocks.
    fn update_of(&self, file: &str, delivery: &str, written: &str) -> Result<(Listed, Update), EngineError> {
        let listed = self.file_of(file)?;
        let content = file::read(&listed).map_err(input)?;
        let Content { bytes, fixture: Some(old), request: Some(request), .. } = content else {
            return Err(input("This file is no Countersign fixture, so it cannot be updated from a delivery."));
        };
        let id = parse_id(delivery)?;
        let found = self.store.delivery(id)?.ok_or_else(|| EngineError::NoSuchDelivery { id: id.to_string() })?;
        let made = Fixture::parse(written).map_err(|error| input(format!("The delivery is no fixture: {error}.")))?;
        let new = Fixture { name: old.name.clone(), about: old.about.clone(), ..made };
        let mut fields = capture::differences(&request, &found.request);
        fields.extend(told_differences(&old, &new));
        let mut notes = Vec::new();
        if old.redacted.is_some() {
            notes.push(
                "Some of the file was masked when it was exported. The update puts the exact bytes of the delivery there: \
                 look at them before you hand the file on."
                    .to_owned(),
            );
        }
        if found.request.cut_from.is_some() {
            notes.push("Only the beginning of the delivery's body was kept.".to_owned());
        }
        if new.redacted.is_some() {
            notes.push("A stored secret stands in the delivery; it is masked in the file.".to_owned());
        }
        let a = Comparable::of_request(listed.name.clone(), &request);
        let comparison =
            compare(&a, &self.comparable(&crate::wire::CompareSide::Delivery { id: delivery.to_owned() })?);
        let version = version_of(&bytes);
        Ok((listed, Update { fixture: new, fields, notes, comparison, version }))
    }
}

/// An update of a file.
struct Update {
    fixture: Fixture,
    fields: Vec<FixtureField>,
    notes: Vec<String>,
    comparison: crate::wire::Comparison,
    version: String,
}

/// What changes of a fixture beside its request.
fn told_differences(old: &Fixture, new: &Fixture) -> Vec<FixtureField> {
    let shown = |text: &str| countersign_core::shorten(text, 80);
    let text = |value: &Option<String>| value.as_deref().map_or_else(|| "none".to_owned(), shown);
    let verdicts = |fixture: &Fixture| {
        let all = fixture.expect.verdicts.iter().map(|(scheme, outcome)| format!("{scheme} {}", outcome.as_str()));
        all.collect::<Vec<_>>().join(", ")
    };
    let pairs = [
        ("captured_at", shown(&old.captured_at), shown(&new.captured_at)),
        ("provider", text(&old.provider), text(&new.provider)),
        ("secret", text(&old.secret), text(&new.secret)),
        ("expect.recognised", text(&old.expect.recognised), text(&new.expect.recognised)),
        ("expect.event_type", text(&old.expect.event_type), text(&new.expect.event_type)),
        ("expect.event_id", text(&old.expect.event_id), text(&new.expect.event_id)),
        ("expect.verdicts", verdicts(old), verdicts(new)),
    ];
    let changed = pairs.into_iter().filter(|(_, old, new)| old != new);
    changed
        .map(|(field, old, new)| FixtureField { field: field.to_owned(), words: format!("{old} becomes {new}.") })
        .collect()
}

/// Replaces a file, whole or not at all.
fn replace(listed: &Listed, text: &str) -> Result<(), EngineError> {
    let failed = |error: std::io::Error| input(format!("The file cannot be written: {error}. It is as it was."));
    let folder = listed.path.parent().unwrap_or(&listed.path);
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    let permissions = std::fs::metadata(&listed.path).map_err(failed)?.permissions();
    file.as_file().set_permissions(permissions).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&listed.path).map_err(|error| failed(error.error))?;
    Ok(())
}

impl Engine {
    pub(crate) async fn folders(&self) -> Result<Vec<FolderInfo>, CommandError> {
        Ok(self.0.clone().blocking(Inner::folder_infos).await?)
    }

    pub(crate) async fn folder_add(&self, path: String) -> Result<Vec<FolderInfo>, CommandError> {
        let folder = PathBuf::from(path.trim());
        let checked = move |inner: &Inner| {
            if !folder.is_absolute() {
                return Err(input("Give the folder's whole path."));
            }
            let folder = folder.canonicalize().map_err(|error| {
                input(format!(
                    "{} cannot be read: {error}.",
                    countersign_core::shorten(&folder.display().to_string(), 200)
                ))
            })?;
            if !folder.is_dir() {
                return Err(input("This is no folder."));
            }
            let mut all = saved(inner)?;
            if !all.contains(&folder) {
                if all.len() == FOLDERS {
                    return Err(input(format!("There can be {FOLDERS} folders at the most. Remove one first.")));
                }
                all.push(folder);
            }
            Ok(all)
        };
        let _changing = self.0.changing.lock().await;
        let all = self.0.clone().blocking(checked).await?;
        self.set_folders(all).await
    }

    pub(crate) async fn folder_remove(&self, path: String) -> Result<Vec<FolderInfo>, CommandError> {
        let _changing = self.0.changing.lock().await;
        let mut all = self.0.clone().blocking(saved).await?;
        all.retain(|folder| folder.as_path() != Path::new(&path));
        self.set_folders(all).await
    }

    async fn set_folders(&self, all: Vec<PathBuf>) -> Result<Vec<FolderInfo>, CommandError> {
        let text = serde_json::to_string(&all).map_err(|_| input("The folder's path is not UTF-8."))?;
        self.0.store.set_setting(KEY, &text).await.map_err(EngineError::from)?;
        let infos = self.0.clone().blocking(Inner::folder_infos).await?;
        self.0.bus.publish(EngineEvent::FoldersChanged { path: None });
        Ok(infos)
    }

    pub(crate) async fn folder_files(
        &self,
        path: String,
        before: Option<String>,
        limit: u32,
    ) -> Result<FolderPage, CommandError> {
        let limit = limit.clamp(1, 500) as usize;
        let page = move |inner: &Inner| inner.folder_page(&path, before.as_deref(), limit);
        Ok(self.0.clone().blocking(page).await?)
    }

    pub(crate) async fn folder_diff(&self, file: String, delivery: String) -> Result<FolderDiff, CommandError> {
        let written = self.as_fixture(&delivery).await?;
        let (path, id) = (file.clone(), delivery.clone());
        let made = move |inner: &Inner| inner.update_of(&path, &id, &written);
        let (_, update) = self.0.clone().blocking(made).await?;
        let Update { fixture, fields, notes, comparison, version } = update;
        let text = countersign_core::shorten(&fixture.to_json(), SHOWN);
        Ok(FolderDiff { file, delivery, comparison, fields, text, version, notes })
    }

    pub(crate) async fn folder_update(
        &self,
        file: String,
        delivery: String,
        version: String,
    ) -> Result<FixtureFile, CommandError> {
        let written = self.as_fixture(&delivery).await?;
        let made = move |inner: &Inner| {
            let (listed, update) = inner.update_of(&file, &delivery, &written)?;
            if update.version != version {
                return Err(input(
                    "The file has changed since it was shown. Nothing was written: look at the difference again.",
                ));
            }
            replace(&listed, &update.fixture.to_json())?;
            inner.look_at(std::slice::from_ref(&listed))?.pop().ok_or(EngineError::Broken)
        };
        Ok(self.0.clone().blocking(made).await?)
    }

    /// A delivery as the text of a fixture, byte for byte but for stored secrets.
    async fn as_fixture(&self, delivery: &str) -> Result<String, CommandError> {
        let request = ExportRequest {
            tests: None,
            selection: ExportSelection::Ids { ids: vec![delivery.to_owned()] },
            format: ExportFormat::Fixtures,
            redaction: Redaction {
                kinds: Vec::new(),
                mask: Vec::new(),
                keep: Vec::new(),
                pointers: Vec::new(),
                keep_exact: true,
            },
            base_url: None,
        };
        Ok(self.export_text(request).await?.text)
    }

    pub(crate) async fn folder_send(
        &self,
        token: String,
        file: String,
        to: String,
    ) -> Result<AttemptInfo, CommandError> {
        let read = move |inner: &Inner| file::read(&inner.file_of(&file)?).map_err(input);
        let content = self.0.clone().blocking(read).await?;
        let request = content.request.ok_or_else(|| input("This file is no fixture, so there is nothing to send."))?;
        let provider = content.fixture.and_then(|fixture| fixture.provider);
        let follows = |name: &[u8]| ["host", "content-length"].iter().any(|n| name.eq_ignore_ascii_case(n.as_bytes()));
        let headers = countersign_core::route::end_to_end(&request.headers).map(|field| DraftHeader {
            name: wire_bytes(&field.name),
            value: wire_bytes(&field.value),
            on: true,
            follows: follows(&field.name),
        });
        let draft = Draft {
            method: request.method.clone(),
            url: to,
            headers: headers.collect(),
            body: match std::str::from_utf8(&request.body) {
                Ok(text) => DraftBody::Text { text: text.to_owned() },
                Err(_) => DraftBody::Base64 { base64: countersign_core::decode::to_base64(&request.body) },
            },
            fill: false,
        };
        let signing = SigningChoice { provider, mode: SigningMode::Keep };
        self.draft_send(token, None, draft, signing, SendOptions::default()).await
    }
}
