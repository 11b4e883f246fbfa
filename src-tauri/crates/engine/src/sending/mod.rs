//! tmp
use crate::Engine;
use crate::wire::*;
macro_rules! s { ($($n:ident($($a:ident: $t:ty),*) -> $o:ty;)*) => { impl Engine { $( pub(crate) async fn $n(&self, $($a: $t),*) -> Result<$o, CommandError> { $(let _ = $a;)* unimplemented!() } )* } } }
s! {
    draft_start(source: DraftSource) -> DraftStart;
    signing_options(provider: String) -> SigningOptions;
    draft_preview(draft: Draft, signing: SigningChoice) -> DraftPreview;
    draft_send(token: String, delivery: Option<String>, draft: Draft, signing: SigningChoice, options: SendOptions) -> AttemptInfo;
    delivery_resend(token: String, id: String, to: Option<String>) -> AttemptInfo;
    send_cancel(token: String) -> ();
    attempts_page(before: Option<String>, limit: u32) -> Vec<AttemptInfo>;
    draft_copy(draft: Draft, signing: SigningChoice, form: CopyForm, keep_out: bool) -> Copied;
    delivery_copy(id: String, form: CopyForm, keep_out: bool) -> Copied;
    templates() -> Vec<TemplateInfo>;
    template_save(name: String, draft: Draft, signing: SigningChoice) -> Vec<TemplateInfo>;
    template_remove(id: String) -> Vec<TemplateInfo>;
    named_values() -> Vec<NamedValue>;
    named_values_set(values: Vec<NamedValue>) -> Vec<NamedValue>;
}
