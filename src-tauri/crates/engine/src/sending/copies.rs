//! Requests as texts to be copied.

use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::wire::{CommandError, Copied, CopyForm, Draft, SigningChoice};
use crate::{Engine, Inner};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_core::draft::Draft as CoreDraft;
use countersign_core::draft::copies::{self as core, copy_as};
use countersign_core::draft::credentials::HeaderMask;

fn copied(draft: &CoreDraft, form: CopyForm, keep_out: bool) -> Copied {
    let form = match form {
        CopyForm::Curl => core::CopyForm::Curl,
        CopyForm::Httpie => core::CopyForm::Httpie,
        CopyForm::RawHttp => core::CopyForm::RawHttp,
        CopyForm::Fetch => core::CopyForm::Fetch,
        CopyForm::PythonRequests => core::CopyForm::PythonRequests,
    };
    let mask = if keep_out { HeaderMask::credentials() } else { HeaderMask::nothing() };
    let made = copy_as(draft, form, &mask);
    Copied { text: made.text, notes: made.notes, body_file: made.body_file.map(|body| STANDARD.encode(body)) }
}

impl Engine {
    /// A draft as a text to be copied.
    ///
    /// # Errors
    /// Where it cannot be signed or its body is not there.
    pub async fn draft_copy(
        &self,
        draft: Draft,
        signing: SigningChoice,
        form: CopyForm,
        keep_out: bool,
    ) -> Result<Copied, CommandError> {
        let work = move |inner: &Inner| {
            let ready = inner.whole(&draft).and_then(|whole| inner.sign_draft(whole, &signing))?;
            Ok(copied(&ready.whole.draft, form, keep_out))
        };
        Ok(self.0.clone().blocking(work).await?)
    }

    /// A delivery as a text to be copied, as it would be resent; to the listener where it was sent nowhere yet.
    ///
    /// # Errors
    /// Where it is not there.
    pub async fn delivery_copy(&self, id: String, form: CopyForm, keep_out: bool) -> Result<Copied, CommandError> {
        let number = parse_id(&id)?;
        let work = move |inner: &Inner| {
            let missing = || EngineError::NoSuchDelivery { id: id.clone() };
            let delivery = inner.store.delivery(number)?.ok_or_else(missing)?;
            let url = match inner.endpoint_of(number, &delivery)? {
                Some(url) => url,
                None => super::resend::own_url(&inner.url()?, &delivery.request),
            };
            Ok(copied(&inner.resent(number, Some(&url))?.whole.draft, form, keep_out))
        };
        Ok(self.0.clone().blocking(work).await?)
    }
}
