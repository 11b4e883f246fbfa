//! Folders of fixtures that the user works with: what is in them, how it differs from what was captured, updating and
//! sending it.
//!
//! Invariants: a folder is listed when it is asked for, and what is known of a file is shown only while nothing has changed
//! that it was found with; nothing outside of a folder is read or
//! written, and symbolic links are not followed; a file is replaced whole or not at all, and only when it is what was shown.

mod capture;
mod detail;
mod file;
mod known;
mod update;
mod watch;

pub(crate) use known::Known;
pub(crate) use watch::Watching;

use crate::error::EngineError;
use crate::exporting;
use crate::judging::wire_bytes;
use crate::sending::input;
use crate::wire::{
    AttemptInfo, CommandError, Draft, DraftBody, DraftHeader, EngineEvent, ExportFormat, ExportRequest,
    ExportSelection, FixtureFile, FixtureFilter, FolderCounts, FolderDiff, FolderInfo, FolderPage, Redaction,
    SendOptions, SigningChoice, SigningMode,
};
use crate::{Engine, Inner};
use countersign_core::request::Request;
use file::Listed;
use std::path::{Path, PathBuf};
use update::{Update, replace};

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

impl Inner {
    fn folder_infos(&self) -> Result<Vec<FolderInfo>, EngineError> {
        let folders = saved(self)?;
        self.watching.keep(&folders, &self.bus);
        self.known.keep(&folders);
        Ok(folders
            .iter()
            .map(|path| {
                let listed = file::list(path);
                if listed.is_err() {
                    self.watching.wait_for(path, &self.bus);
                }
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

    /// What a fixture sends: its name, its provider, its request.
    pub(crate) fn fixture_request(&self, file: &str) -> Result<(String, Option<String>, Request), EngineError> {
        let listed = self.file_of(file)?;
        let content = file::read(&listed).map_err(input)?;
        let request = content.request.ok_or_else(|| input("This file is no fixture, so there is nothing to send."))?;
        Ok((listed.name, content.fixture.and_then(|fixture| fixture.provider), request))
    }

    fn folder_page(
        &self,
        path: &str,
        filter: &FixtureFilter,
        before: Option<&str>,
        limit: usize,
    ) -> Result<FolderPage, EngineError> {
        let folder = self.folder(path)?;
        let listed = file::list(&folder).map_err(input)?;
        let total = listed.files.len();
        let takes = known::Takes::new(filter);
        let (files, matched, more) = if takes.all() {
            let from = before.map_or(0, |before| listed.files.partition_point(|file| file.name.as_str() <= before));
            let to = total.min(from + limit);
            (self.known_of(&listed.files[from..to])?, total, to < total)
        } else {
            let mut found = self.known_of_all(&listed.files)?;
            found.retain(|file| takes.takes(file));
            let matched = found.len();
            let from = before.map_or(0, |before| found.partition_point(|file| file.name.as_str() <= before));
            let to = matched.min(from + limit);
            (found.drain(from..to).collect(), matched, to < matched)
        };
        let next = more.then(|| files.last().map(|file| file.name.clone())).flatten();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let files = files.iter().map(|file| FixtureFile::clone(file)).collect();
        Ok(FolderPage { files, total: count(total), matched: count(matched), next, problem: listed.problem })
    }

    fn folder_counts(&self, path: &str) -> Result<FolderCounts, EngineError> {
        let listed = file::list(&self.folder(path)?).map_err(input)?;
        Ok(known::counts(&self.known_of_all(&listed.files)?))
    }
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
        filter: FixtureFilter,
        before: Option<String>,
        limit: u32,
    ) -> Result<FolderPage, CommandError> {
        let limit = limit.clamp(1, 500) as usize;
        let page = move |inner: &Inner| inner.folder_page(&path, &filter, before.as_deref(), limit);
        Ok(self.0.clone().blocking(page).await?)
    }

    pub(crate) async fn folder_counts(&self, path: String) -> Result<FolderCounts, CommandError> {
        Ok(self.0.clone().blocking(move |inner| inner.folder_counts(&path)).await?)
    }

    pub(crate) async fn folder_diff(&self, file: String, delivery: String) -> Result<FolderDiff, CommandError> {
        let written = self.as_fixture(&file, &delivery).await?;
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
        let written = self.as_fixture(&file, &delivery).await?;
        let made = move |inner: &Inner| {
            let (listed, update) = inner.update_of(&file, &delivery, &written)?;
            if update.version != version {
                return Err(input(
                    "The file has changed since it was shown. Nothing was written: look at the difference again.",
                ));
            }
            replace(&listed, &update.fixture.to_json())?;
            let (now, _) = inner.look_at(std::slice::from_ref(&listed))?.pop().ok_or(EngineError::Broken)?;
            Ok(now)
        };
        Ok(self.0.clone().blocking(made).await?)
    }

    /// A delivery as the text that a file becomes: byte for byte but for stored secrets, or masked as the file is.
    async fn as_fixture(&self, file: &str, delivery: &str) -> Result<String, CommandError> {
        let path = file.to_owned();
        let masked = self.0.clone().blocking(move |inner| inner.masked_in(&path)).await?;
        let request = |redaction| ExportRequest {
            tests: None,
            selection: ExportSelection::Ids { ids: vec![delivery.to_owned()] },
            format: ExportFormat::Fixtures,
            redaction,
            base_url: None,
        };
        let mut redaction =
            Redaction { kinds: Vec::new(), mask: Vec::new(), keep: Vec::new(), pointers: Vec::new(), keep_exact: true };
        if !masked.is_empty() {
            let pointers = masked.iter().filter_map(|place| place.strip_suffix(" in the body"));
            redaction = Redaction {
                kinds: exporting::suggested_kinds(),
                pointers: pointers.filter(|pointer| pointer.starts_with('/')).map(str::to_owned).collect(),
                keep_exact: false,
                ..redaction
            };
            let found = self.export_preview(request(redaction.clone())).await?.found;
            redaction.mask = found.into_iter().filter(|one| masked.contains(&one.place)).map(|one| one.key).collect();
        }
        // It goes into a file, not into a clipboard: the limit is that of the log's own bodies.
        Ok(self.text_of(request(redaction), usize::MAX).await?.text)
    }

    pub(crate) async fn folder_send(
        &self,
        token: String,
        file: String,
        to: String,
    ) -> Result<AttemptInfo, CommandError> {
        let read = move |inner: &Inner| inner.fixture_request(&file);
        let (_, provider, request) = self.0.clone().blocking(read).await?;
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
