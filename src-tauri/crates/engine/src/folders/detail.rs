//! One fixture with everything that explains it.

use super::file;
use crate::deliveries::wire_headers;
use crate::error::EngineError;
use crate::judging::{explain, wire_bytes};
use crate::sending::input;
use crate::wire::{CommandError, FixtureDetail, Unexpected, VerdictSummary};
use crate::{Engine, Inner, time};
use bytes::Bytes;
use countersign_core::catalogue::Catalogue;
use countersign_core::fixture::Expectation;
use std::collections::BTreeMap;

/// Everything that a fixture expects, by name.
fn all_of(expect: &Expectation) -> BTreeMap<String, String> {
    let named =
        [("recognised", &expect.recognised), ("event_type", &expect.event_type), ("event_id", &expect.event_id)];
    let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    let verdicts = expect.verdicts.iter().map(|(scheme, outcome)| (scheme.clone(), outcome.as_str().to_owned()));
    let shape = expect.checks.get("shape").map(|holds| if *holds { "holds" } else { "does not hold" });
    named.chain(verdicts).chain(shape.map(|word| ("shape".to_owned(), word.to_owned()))).collect()
}

impl Inner {
    /// Reads the file and the log: blocks.
    fn fixture_detail(&self, path: &str) -> Result<FixtureDetail, EngineError> {
        let listed = self.file_of(path)?;
        let (mut row, _) = self.look_at(std::slice::from_ref(&listed))?.pop().ok_or(EngineError::Broken)?;
        let content = file::read(&listed).map_err(input)?;
        let Some(request) = &content.request else {
            return Ok(FixtureDetail {
                file: row,
                http_version: String::new(),
                headers: Vec::new(),
                raw_head: wire_bytes(&content.bytes[..content.bytes.len().min(SHOWN)]),
                kept_len: 0,
                body_len: 0,
                content_type: None,
                verdicts: Vec::new(),
                expected: Vec::new(),
                masked: Vec::new(),
                signed_with: None,
            });
        };
        let at = content.captured_at_us.unwrap_or_else(time::now_us);
        let ring = self.ring_for(content.fixture.as_ref());
        let pinned = self.pinned(request.path());
        let body = Catalogue::body(request);
        let judged = self.catalogue.judge(request, at, &ring.keys, pinned.as_ref(), body.as_ref());
        let explained = judged.verdicts.iter();
        let verdicts: Vec<_> =
            explained.map(|(verdict, applies)| explain(&self.catalogue, &ring, request, verdict, *applies)).collect();
        row.verdicts = verdicts
            .iter()
            .map(|verdict| VerdictSummary {
                scheme: verdict.scheme.clone(),
                outcome: verdict.outcome,
                reason: verdict.reason.clone(),
                secret: verdict.secret.clone(),
                skew_s: verdict.clock.as_ref().and_then(|clock| clock.skew_s),
                applies: verdict.applies,
            })
            .collect();
        let expected = content.fixture.as_ref().map_or_else(Vec::new, |fixture| {
            let mut differences = fixture.expect.differences(&self.catalogue, &judged, request);
            let expect = &fixture.expect;
            let all = all_of(expect).into_iter();
            let said = |name: &str| !expect.verdicts.contains_key(name) || expect.compares(name, &judged);
            all.filter(|(what, _)| said(what))
                .map(|(what, expected)| {
                    let got = differences.remove(&what).map_or_else(|| expected.clone(), |difference| difference.got);
                    Unexpected { what, expected, got }
                })
                .collect()
        });
        let redacted = content.fixture.as_ref().and_then(|fixture| fixture.redacted.clone()).unwrap_or_default();
        Ok(FixtureDetail {
            http_version: request.version.as_str().to_owned(),
            headers: wire_headers(&request.headers),
            raw_head: wire_bytes(&request.head()),
            kept_len: request.body.len() as u64,
            body_len: request.body_len(),
            content_type: request.media_type(),
            verdicts,
            expected,
            masked: redacted.masked,
            signed_with: redacted.signed_with,
            file: row,
        })
    }

    fn fixture_body(&self, path: &str) -> Result<Bytes, EngineError> {
        Ok(self.fixture_request(path)?.2.body)
    }
}

/// Of a file that is no fixture, so much is shown, in bytes.
const SHOWN: usize = 64 * 1024;

impl Engine {
    pub(crate) async fn folder_file(&self, file: String) -> Result<FixtureDetail, CommandError> {
        Ok(self.0.clone().blocking(move |inner| inner.fixture_detail(&file)).await?)
    }

    pub(crate) async fn folder_body(&self, file: String) -> Result<String, CommandError> {
        let bytes = self.0.clone().blocking(move |inner| inner.fixture_body(&file)).await?;
        Ok(countersign_core::decode::to_base64(&bytes))
    }
}
