//! The command list: the one place that names what the window can ask of the engine.
//!
//! From it come the router ([`dispatch`]) and, through [`crate::bindings`], the TypeScript map of names, arguments and
//! results. A command is a method of [`Engine`] of the same name; its arguments cross as one JSON object.

use crate::Engine;
use crate::wire::*;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What [`crate::bindings`] needs to know of a command.
pub(crate) struct CommandSpec {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static [&'static str],
    pub(crate) describe: fn(&mut crate::bindings::Collector) -> Described,
}

/// The TypeScript types of a command: its arguments by name, and its result.
pub(crate) struct Described {
    pub(crate) args: Vec<(&'static str, String)>,
    pub(crate) result: String,
}

fn parse<T: DeserializeOwned>(command: &str, args: Value) -> Result<T, CommandError> {
    serde_json::from_value(args).map_err(|error| CommandError {
        code: ErrorCode::BadInput,
        message: format!("The arguments of {command} do not fit: {error}."),
        detail: None,
    })
}

macro_rules! commands {
    ($( $(#[doc = $doc:literal])+ $name:ident ( $( $arg:ident : $ty:ty ),* ) -> $out:ty ; )*) => {
        pub(crate) const COMMANDS: &[CommandSpec] = &[ $( CommandSpec {
            name: stringify!($name),
            docs: &[ $($doc),+ ],
            describe: |collector| Described {
                args: vec![ $( (stringify!($arg), collector.name_of::<$ty>()) ),* ],
                result: collector.name_of::<$out>(),
            },
        } ),* ];

        /// Carries out the command `name` with `args`, a JSON object with its arguments by name.
        ///
        /// # Errors
        /// Whatever the command answers; `bad_input` where there is no such command or the arguments do not fit.
        pub async fn dispatch(engine: &Engine, name: &str, args: Value) -> Result<Value, CommandError> {
            match name {
                $( stringify!($name) => {
                    #[derive(serde::Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Args { $( $arg: $ty ),* }
                    let Args { $( $arg ),* } = parse(name, args)?;
                    let out: $out = engine.$name( $( $arg ),* ).await?;
                    serde_json::to_value(out).map_err(|error| CommandError {
                        code: ErrorCode::Failed,
                        message: format!("The answer of {name} cannot be written as JSON: {error}."),
                        detail: None,
                    })
                } )*
                other => Err(CommandError {
                    code: ErrorCode::BadInput,
                    message: format!("There is no command {other}."),
                    detail: None,
                }),
            }
        }
    };
}

commands! {
    /// Everything that the window needs before its first paint.
    app_state() -> AppState;
    /// Changes settings and answers all of them.
    settings_change(patch: SettingsPatch) -> Settings;

    /// A page of deliveries, newest first. `before` is the `next` of the page before; `limit` is 1 to 1,000. `grouped`:
    /// of the deliveries of one event only the newest that the filter matches, and what they are together.
    deliveries_page(filter: String, before: Option<String>, limit: u32, grouped: bool) -> DeliveryPage;
    /// The deliveries of the event of this one, newest first, up to 200, whatever the filter; it alone where its event has
    /// no name.
    delivery_group(id: String) -> Vec<DeliverySummary>;
    /// How many deliveries the filter matches, and how many there are.
    deliveries_count(filter: String) -> DeliveryCount;
    /// One delivery with all that is known of it but its body.
    delivery_detail(id: String) -> DeliveryDetail;
    /// Two requests or answers side by side.
    compare(a: CompareSide, b: CompareSide) -> Comparison;
    /// What a handler says it hashed, against a delivery. Without a scheme, the one that the delivery is judged by.
    compare_hashed(delivery: String, scheme: Option<String>, given: Given) -> Hashed;
    /// Marks deliveries as read, or pins and unpins them.
    deliveries_mark(ids: Vec<String>, read: Option<bool>, pinned: Option<bool>) -> ();
    /// Deletes deliveries and, of those in `groups`, all others of their events; they can be restored until the app is
    /// closed.
    deliveries_delete(ids: Vec<String>, groups: Vec<String>) -> Deletion;
    /// Deletes all deliveries that the filter matches (an empty filter: all).
    deliveries_clear(filter: String) -> Deletion;
    /// Brings deleted deliveries back and answers how many.
    deliveries_restore(token: String) -> u32;

    /// Reads a filter and answers its terms, or `bad_filter` with the place where it is wrong.
    filter_parse(filter: String) -> Vec<FilterTerm>;
    /// The saved filters with how many deliveries each matches.
    saved_filters() -> Vec<SavedFilter>;
    /// Saves a filter under a name; an existing one of that name is replaced.
    saved_filter_set(name: String, filter: String) -> ();
    /// Removes a saved filter.
    saved_filter_remove(name: String) -> ();

    /// The catalogue of providers with the user's secrets, without their values.
    providers() -> Vec<ProviderInfo>;
    /// Routes a path to a provider: every delivery on it, or below it, is that provider's.
    pin_set(path: String, provider: String) -> ();
    /// Removes such a route.
    pin_remove(path: String) -> ();
    /// The ids that are expected of a provider that does not sign, awaited ones first.
    expected_ids(provider: String) -> Vec<ExpectedId>;
    /// Adds expected ids; those that are there already stay as they are.
    expected_ids_add(provider: String, ids: Vec<String>) -> ();
    /// Removes expected ids.
    expected_ids_remove(provider: String, ids: Vec<String>) -> ();

    /// What is noticed about a secret while it is typed. Nothing is stored.
    secret_inspect(provider: String, value: String) -> SecretInspection;
    /// Stores a secret. `replaces` names the one that is edited; `value` may be left out to rename it only.
    secret_set(provider: String, name: String, value: Option<String>, replaces: Option<String>) -> ();
    /// Removes a secret.
    secret_remove(provider: String, name: String) -> ();
    /// A secret's value, for showing and copying it.
    secret_reveal(provider: String, name: String) -> String;
    /// The rules that decide what senders get.
    responses() -> Responses;
    /// Replaces them; counting of turns begins anew.
    responses_set(responses: Responses) -> Responses;
    /// What is wrong with a rule, before it is saved.
    response_check(rule: ResponseRule) -> Option<RuleFault>;
    /// What a rule would answer to a delivery of the log. Nothing is saved or counted.
    response_try(rule: ResponseRule, delivery: String) -> RuleTrial;

    /// Where deliveries are forwarded, in order.
    routes() -> Vec<RouteInfo>;
    /// Replaces the routes.
    routes_set(routes: Vec<Route>) -> Vec<RouteInfo>;
    /// What is wrong with a route, before it is saved.
    route_check(route: Route) -> Option<RuleFault>;
    /// Begins to send what a route missed, in the order in which it arrived.
    forward_missed(route: String) -> ForwardProgress;
    /// Ends that; what was sent stays sent.
    forward_cancel(route: String) -> ();
    /// What was sent to an endpoint and what came back, with its bytes.
    attempt_detail(id: String) -> AttemptDetail;

    /// The programs that make tunnels, and whether they are here.
    tunnel_programs() -> Vec<TunnelProgram>;
    /// Where such a program is; an empty path looks for it on the path again.
    tunnel_choose(program: String, path: String) -> Vec<TunnelProgram>;
    /// Starts a tunnel to the listener; one that is open ends.
    tunnel_start(program: String) -> TunnelState;
    /// Ends the tunnel.
    tunnel_stop() -> TunnelState;
    /// The public address of a tunnel that the user runs without Countersign; an empty one forgets it.
    tunnel_own_url(url: String) -> TunnelState;

    /// A draft to begin with.
    draft_start(source: DraftSource) -> DraftStart;
    /// How requests of a provider can be signed.
    signing_options(provider: String) -> SigningOptions;
    /// What a draft will be when it is sent now: its headers, and the verdict that it should get. Nothing is sent.
    draft_preview(draft: Draft, signing: SigningChoice) -> DraftPreview;
    /// Sends a draft and answers with what came back. `token` names it for `send_cancel`; `delivery` is what the attempt
    /// stands beside.
    draft_send(token: String, delivery: Option<String>, draft: Draft, signing: SigningChoice, options: SendOptions) -> AttemptInfo;
    /// Sends a delivery again, byte for byte: to `to`, or to where it was forwarded.
    delivery_resend(token: String, id: String, to: Option<String>) -> AttemptInfo;
    /// Ends what is being sent under that token: its socket is closed.
    send_cancel(token: String) -> ();
    /// What was sent, newest first; `before` is the id of the last one of the page before.
    attempts_page(before: Option<String>, limit: u32) -> Vec<AttemptInfo>;
    /// A draft as a text to be copied. With `keep_out`, values that are credentials are left out.
    draft_copy(draft: Draft, signing: SigningChoice, form: CopyForm, keep_out: bool) -> Copied;
    /// A delivery as a text to be copied, as it would be resent.
    delivery_copy(id: String, form: CopyForm, keep_out: bool) -> Copied;
    /// The user's templates, by name.
    templates() -> Vec<TemplateInfo>;
    /// Saves a draft under a name; a template of that name is replaced.
    template_save(name: String, draft: Draft, signing: SigningChoice) -> Vec<TemplateInfo>;
    /// Removes a template.
    template_remove(id: String) -> Vec<TemplateInfo>;
    /// The named values.
    named_values() -> Vec<NamedValue>;
    /// Replaces them.
    named_values_set(values: Vec<NamedValue>) -> Vec<NamedValue>;

    /// Begins to resend many deliveries.
    batch_start(request: BatchRequest) -> BatchState;
    /// Holds the batch, or lets it go on; none where there is none.
    batch_pause(paused: bool) -> Option<BatchState>;
    /// Ends the batch: what is under way is cut off, the rest is not sent.
    batch_cancel() -> Option<BatchState>;
    /// Resends what of the last batch was not answered with a 2xx.
    batch_retry() -> BatchState;
    /// The batch that runs or ran last.
    batch() -> Option<BatchState>;
    /// A page of its deliveries, in order; with `open_only`, those that were not answered with a 2xx.
    batch_items(from: u32, limit: u32, open_only: bool) -> Vec<BatchItem>;

    /// Runs of the retry lab or of the endpoint check, newest first; `before` is the `next` of the page before.
    runs_page(kind: Option<RunKind>, before: Option<String>, limit: u32) -> RunPage;
    /// Removes a run with its attempts, ending it where it goes on; answers whether it was there.
    run_remove(id: String) -> bool;
    /// Ends a run that goes on: the sockets are closed, what was found is kept.
    run_cancel(id: String) -> ();
    /// Holds a run, or lets it go on.
    run_pause(id: String, paused: bool) -> ();
    /// Does not wait for what comes next.
    run_skip(id: String) -> ();

    /// The retry policies, by provider, as they are used.
    lab_policies() -> Vec<LabPolicy>;
    /// What is wrong with a policy, before it is saved.
    lab_policy_check(policy: RetryPolicy) -> Vec<RetryPolicyFault>;
    /// Saves a policy of the user's own for a provider.
    lab_policy_set(provider: String, policy: RetryPolicy) -> LabPolicy;
    /// Goes back to the policy of the provider's file.
    lab_policy_reset(provider: String) -> LabPolicy;
    /// The whole schedule of a run, before it is started. Nothing is sent.
    lab_plan(request: LabRequest) -> LabPlan;
    /// Starts a run. `Lab` events tell how it goes on; `run_pause`, `run_skip` and `run_cancel` steer it.
    lab_start(request: LabRequest) -> LabState;
    /// Goes on with a run that was interrupted, with the attempts that remain.
    lab_resume(id: String) -> LabState;
    /// A run, whether it goes on or not.
    lab(id: String) -> LabState;
    /// Two runs side by side.
    lab_compare(a: String, b: String) -> LabComparison;
    /// A run as a file.
    lab_export(id: String, format: LabFormat) -> LabExport;
    /// What an import would do. Nothing is written. Another preview, an import or `import_cancel` breaks it off, with what
    /// was seen by then.
    import_preview(request: ImportRequest) -> ImportPreview;
    /// Begins an import; its state comes as events.
    import_start(request: ImportRequest) -> ImportState;
    /// Ends the import; what came in stays.
    import_cancel() -> Option<ImportState>;
    /// The import that runs or ran last.
    import_state() -> Option<ImportState>;
    /// A page of its items, in order, or of those of one outcome.
    import_items(from: u32, limit: u32, outcome: Option<ImportOutcome>) -> ImportItems;

    /// The folders of fixtures that the user works with; from then on their changes are told as events.
    folders() -> Vec<FolderInfo>;
    /// Adds a folder.
    folder_add(path: String) -> Vec<FolderInfo>;
    /// Removes a folder from the list; its files stay.
    folder_remove(path: String) -> Vec<FolderInfo>;
    /// A page of a folder's files by name, as they are now; `before` is the `next` of the page before, `limit` is 1 to 500.
    folder_files(path: String, filter: FixtureFilter, before: Option<String>, limit: u32) -> FolderPage;
    /// How many of a folder's files are as they expect. It looks at all of them.
    folder_counts(path: String) -> FolderCounts;
    /// A fixture with all that is known of it but its body; of a file that is none, its text as `raw_head`.
    folder_file(file: String) -> FixtureDetail;
    /// A fixture's body, as base64.
    folder_body(file: String) -> String;
    /// What an update of a fixture from a delivery would change. Nothing is written.
    folder_diff(file: String, delivery: String) -> FolderDiff;
    /// Updates a fixture from a delivery; `version` is that of the difference that was shown.
    folder_update(file: String, delivery: String, version: String) -> FixtureFile;
    /// Sends a fixture to an endpoint, as it is. `token` names it for `send_cancel`.
    folder_send(token: String, file: String, to: String) -> AttemptInfo;

    /// Stops judging again; what was judged stays judged.
    rejudge_cancel() -> ();

    /// Ready commands that send a signed sample of a provider to the listener. With `make_secret`, a test secret is made
    /// and stored where the provider has none; without it the sample is then signed with the rule's published one.
    snippets(provider: String, make_secret: bool) -> Vec<Snippet>;
    /// Signs a sample of a provider and posts it to the listener over HTTP.
    test_delivery(provider: String, event_type: Option<String>) -> TestDelivery;

    /// What a check would send, what that sets off, and what stands in its way. Nothing is sent.
    check_plan(request: CheckRequest) -> CheckPlan;
    /// Begins a check and answers its run's id: first what must be refused, then, once `check_go_on` says so or at once with
    /// `yes`, what makes the endpoint work.
    check_start(request: CheckRequest) -> String;
    /// Whether a check that waits sends the rest too, or ends with what it has.
    check_go_on(run: String, yes: bool) -> ();
    /// The report card of a check, as far as it has come.
    check(run: String) -> CheckReport;
    /// What changed from one check to another.
    check_compare(before: String, after: String) -> CheckComparison;
    /// A report as a file's content; `language` is that of the code in it, by id.
    check_export(run: String, format: CheckFormat, language: Option<String>) -> CheckExport;
    /// How to mend what a finding is about, in a language by its id; none where there is nothing to show.
    check_mend(provider: String, topic: String, language: String) -> Option<CheckMend>;

    /// The languages and frameworks for which there is receiving code.
    snippet_languages() -> Vec<SnippetLanguage>;
    /// The code that receives a provider's webhooks and verifies them, in a language by its id.
    snippet(provider: String, language: String) -> SnippetInfo;
    /// What deliveries can be exported as.
    export_formats() -> Vec<ExportFormatInfo>;
    /// The test runners for which test files can be written beside fixtures.
    export_test_runners() -> Vec<TestRunnerInfo>;
    /// What would go out: files, what was found in them, what is to be known. Nothing is written.
    export_preview(request: ExportRequest) -> ExportPreview;
    /// Begins an export; its state comes as events. With `ask`, nothing is written where files of other content are there.
    export_start(request: ExportRequest, destination: ExportDestination, on_existing: OnExisting) -> ExportState;
    /// Ends the export: files that are there are whole, the others are not written.
    export_cancel() -> Option<ExportState>;
    /// The export that runs or ran last.
    export_state() -> Option<ExportState>;
    /// A page of its files, in order; with `existing_only`, those that were there already with other content.
    export_files(from: u32, limit: u32, existing_only: bool) -> Vec<ExportFile>;
    /// Deliveries as a text to be copied, up to 5 MB.
    export_text(request: ExportRequest) -> ExportText;
}
