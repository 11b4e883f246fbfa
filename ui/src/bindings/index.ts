// Generated from the engine's types by `cargo xtask bindings`. Do not edit.
/* eslint-disable */

/**
 * Everything that the window needs before its first paint.
 */
export type AppState = { 
/**
 * The app's version.
 */
version: string, 
/**
 * The listener.
 */
listener: ListenerState, 
/**
 * The public address.
 */
tunnel: TunnelState, 
/**
 * The log.
 */
log: LogState, 
/**
 * Where secrets are kept.
 */
secrets: SecretsBackend, 
/**
 * The user's settings.
 */
settings: Settings, 
/**
 * Sequence number of the last event before this was read.
 */
seq: number, 
/**
 * Judging again, if it runs.
 */
rejudge: RejudgeProgress | null, };

/**
 * An attempt with its bytes.
 */
export type AttemptDetail = { 
/**
 * Without them.
 */
info: AttemptInfo, 
/**
 * Request line and headers as they left, with their line ends.
 */
request_head: WireBytes, 
/**
 * Status line and headers as they came back.
 */
reply_head: WireBytes | null, 
/**
 * The headers that came back, in their order and spelling.
 */
reply_headers: Array<WireHeader>, 
/**
 * The beginning of the body that came back, up to 256 KB.
 */
reply_body: WireBytes | null, };

/**
 * A request that was sent to an endpoint, as short as a list needs it.
 */
export type AttemptInfo = { 
/**
 * Decimal id.
 */
id: string, 
/**
 * The delivery that it came of; none for what was composed.
 */
delivery: string | null, 
/**
 * Why it was sent.
 */
kind: AttemptKind, 
/**
 * How it was signed, in a few words: `signed with “main”`, `body tampered with`; none where nothing was done.
 */
signing: string | null, 
/**
 * Whether the endpoint answered as a right one does to such a signature; none where that cannot be said.
 */
as_expected: boolean | null, 
/**
 * The endpoint, as it was called then.
 */
name: string, 
/**
 * The method.
 */
method: string, 
/**
 * Where to.
 */
url: string, 
/**
 * How far it is.
 */
state: AttemptState, 
/**
 * When it began: RFC 3339, UTC, microseconds.
 */
started_at: string, 
/**
 * The status that came back.
 */
status: number | null, 
/**
 * Why nothing came back, in a sentence.
 */
error: string | null, 
/**
 * When the connection was there, in microseconds from the beginning.
 */
connected_us: number | null, 
/**
 * When TLS was agreed on.
 */
tls_us: number | null, 
/**
 * When the first byte of the answer was there.
 */
first_byte_us: number | null, 
/**
 * When it was over.
 */
total_us: number | null, 
/**
 * How long the answer's body was, in bytes.
 */
reply_len: number | null, 
/**
 * It was longer than what is kept.
 */
reply_cut: boolean, };

/**
 * Why an attempt was made.
 */
export type AttemptKind = "forward" | "resend" | "draft" | "batch" | "confirmation";

/**
 * How far an attempt is.
 */
export type AttemptState = "waiting" | "answered" | "failed" | "dropped";

/**
 * Whether a provider's document says it or we assume it.
 */
export type Basis = "documented" | "assumed";

/**
 * One delivery of a batch.
 */
export type BatchItem = { 
/**
 * The delivery.
 */
delivery: string, 
/**
 * Its event's type, or its method and path.
 */
title: string, 
/**
 * What was sent of it; none where it has not been.
 */
attempt: AttemptInfo | null, 
/**
 * Why it was not sent.
 */
problem: string | null, };

/**
 * How fast deliveries leave.
 */
export type BatchPace = { "kind": "rate", 
/**
 * How many.
 */
per_second: number, } | { "kind": "recorded", 
/**
 * So many times faster, 0.01 to 100,000.
 */
speed: number, } | { "kind": "fast", 
/**
 * How many, 1 to 100.
 */
at_once: number, };

/**
 * What is resent, where to and how fast.
 */
export type BatchRequest = { 
/**
 * Which deliveries.
 */
selection: BatchSelection, 
/**
 * Where to; each to where it was sent last, or to where a route sends it, where this is not given.
 */
to: string | null, 
/**
 * How fast.
 */
pace: BatchPace, 
/**
 * Each is signed anew for the present, with the first secret of its provider; else it leaves as it was captured.
 */
sign_anew: boolean, 
/**
 * How each is sent. Redirects are not followed.
 */
options: SendOptions, };

/**
 * Which deliveries are resent, in the order in which they were captured.
 */
export type BatchSelection = { "kind": "ids", 
/**
 * Their ids.
 */
ids: Array<string>, } | { "kind": "filter", 
/**
 * The filter.
 */
filter: string, };

/**
 * How far a batch has come.
 */
export type BatchState = { 
/**
 * Deliveries to send.
 */
total: number, 
/**
 * Those that are over, whatever came of them.
 */
done: number, 
/**
 * Of those, answered with a 2xx.
 */
accepted: number, 
/**
 * Of those, answered with anything else.
 */
refused: number, 
/**
 * Of those, without an answer or not to be sent.
 */
failed: number, 
/**
 * It goes on.
 */
running: boolean, 
/**
 * It waits until it is told to go on.
 */
paused: boolean, 
/**
 * It was cancelled: the rest was not sent.
 */
cancelled: boolean, 
/**
 * When it began: RFC 3339, UTC.
 */
started_at: string, };

/**
 * What is different in two bodies, by what they are.
 */
export type BodyChanges = { "kind": "none" } | { "kind": "json", 
/**
 * The changes, at most 2,000. None at all: only white space is different, or a byte order mark.
 */
changes: Array<JsonChange>, 
/**
 * How many more there are.
 */
more: number, 
/**
 * Both mean the same and are written differently.
 */
same_value: boolean, } | { "kind": "lines", 
/**
 * Stretches of lines, in order; at most 2,000 rows in all.
 */
hunks: Array<LineHunk>, 
/**
 * How many changed rows more there are.
 */
more: number, } | { "kind": "bytes", 
/**
 * How many bytes are the same at the start.
 */
same_start: number, 
/**
 * How many bytes behind those are the same at the end, counted from each one's own end.
 */
same_end: number, 
/**
 * How many ranges of places differ.
 */
ranges: number, 
/**
 * The rows of sixteen bytes around the first differences, at most 64.
 */
rows: Array<ByteRow>, };

/**
 * A deliberate break, by its name with what it takes.
 */
export type Break = { 
/**
 * `tampered_body`, `stale`, …
 */
name: string, 
/**
 * `stale`: how old, in seconds.
 */
age_s?: number, 
/**
 * `future`: how far ahead, in seconds.
 */
s?: number, 
/**
 * `other_algorithm`: which.
 */
algorithm?: string, };

/**
 * A break that a provider's scheme can have.
 */
export type BreakInfo = { 
/**
 * The break, with what it takes by default.
 */
fault: Break, 
/**
 * Its name for a person.
 */
label: string, 
/**
 * What it does and what an endpoint should make of it.
 */
about: string, 
/**
 * The verdict that it leads to.
 */
expected: WireOutcome, };

/**
 * Sixteen bytes of each side, or what there is of them.
 */
export type ByteRow = { 
/**
 * Where it begins, a multiple of sixteen.
 */
offset: number, 
/**
 * The first one's bytes.
 */
a: Array<number>, 
/**
 * The second one's bytes.
 */
b: Array<number>, };

/**
 * What a check looks at.
 */
export type CheckKind = "shape" | "expected_id" | "duplicate";

/**
 * A check that is not a signature: payload shape, expected task id, duplicate.
 */
export type CheckResult = { 
/**
 * What was checked.
 */
check: CheckKind, 
/**
 * Whether it held.
 */
holds: boolean, 
/**
 * One sentence; for a shape that does not hold it names the field.
 */
reason: string, };

/**
 * A sender's address as a header says it.
 */
export type ClaimedClient = { 
/**
 * The address.
 */
address: string, 
/**
 * The header, as it was spelled.
 */
header: string, };

/**
 * The signed timestamp against the clock of the capture.
 */
export type ClockReading = { 
/**
 * As received.
 */
text: string, 
/**
 * RFC 3339, where it could be read.
 */
at: string | null, 
/**
 * Received minus signed, in seconds: positive is old, negative is ahead.
 */
skew_s: number | null, 
/**
 * In words: "2 s old, within 5 min".
 */
words: string, 
/**
 * Within the tolerance.
 */
within: boolean, 
/**
 * Whether the tolerance stands in the provider's document.
 */
basis: Basis, };

/**
 * The error of a command.
 */
export type CommandError = { 
/**
 * What the window may branch on.
 */
code: ErrorCode, 
/**
 * What happened, what was kept and what to do, for a person.
 */
message: string, 
/**
 * For `bad_filter`: where.
 */
detail: TextPosition | null, };

/**
 * What can be compared.
 */
export type CompareSide = { "kind": "delivery", 
/**
 * Its id.
 */
id: string, } | { "kind": "delivery_answer", 
/**
 * The delivery's id.
 */
id: string, } | { "kind": "attempt", 
/**
 * Its id.
 */
id: string, } | { "kind": "attempt_answer", 
/**
 * The attempt's id.
 */
id: string, };

/**
 * Two bodies.
 */
export type ComparedBody = { 
/**
 * Whether they are the same.
 */
sameness: Sameness, 
/**
 * One or two sentences: what they are to each other.
 */
words: string, 
/**
 * Where they first differ.
 */
first: FirstDifference | null, 
/**
 * What is different.
 */
changes: BodyChanges, };

/**
 * A header of one side or of both.
 */
export type ComparedHeader = { 
/**
 * What is different.
 */
change: HeaderChange, 
/**
 * As the first one has it.
 */
a: HeaderSide | null, 
/**
 * As the second one has it.
 */
b: HeaderSide | null, };

/**
 * Two lists of headers.
 */
export type ComparedHeaders = { 
/**
 * The headers in the first one's order, at most 1,000.
 */
rows: Array<ComparedHeader>, 
/**
 * How many more there are.
 */
more: number, 
/**
 * How many of all are different.
 */
different: number, };

/**
 * One of the two.
 */
export type ComparedSide = { 
/**
 * What it is: `delivery 41`, `answer of attempt 7`, `expected.json`.
 */
title: string, 
/**
 * The request line, or the status that came back.
 */
line: WireBytes | null, 
/**
 * The part of its body that is kept, in bytes.
 */
body_len: number, 
/**
 * Only the beginning of its body is kept.
 */
body_cut: boolean, 
/**
 * What to know about it, one sentence each.
 */
notes: Array<string>, };

/**
 * Two requests or answers, compared.
 */
export type Comparison = { 
/**
 * The first one.
 */
a: ComparedSide, 
/**
 * The second one.
 */
b: ComparedSide, 
/**
 * Whether they are the same: line, headers and body.
 */
sameness: Sameness, 
/**
 * One sentence about the whole.
 */
words: string, 
/**
 * Whether the request lines, or the statuses, are the same; none where one of them has neither.
 */
same_line: boolean | null, 
/**
 * The headers; none where one of them has none to compare, as a file.
 */
headers: ComparedHeaders | null, 
/**
 * The bodies.
 */
body: ComparedBody, };

/**
 * A part of the signed content.
 */
export type ContentPart = { 
/**
 * What it is.
 */
kind: SegmentKind, 
/**
 * How to write it: `id`, `.`, `body`.
 */
text: string, };

/**
 * A request as a text to be copied.
 */
export type Copied = { 
/**
 * The text.
 */
text: string, 
/**
 * What to know about it, one sentence each.
 */
notes: Array<string>, 
/**
 * The body that the text takes from a file `body.bin`, as base64, where it does.
 */
body_file: string | null, };

/**
 * A form in which a request can be copied.
 */
export type CopyForm = "curl" | "httpie" | "raw_http" | "fetch" | "python_requests";

/**
 * What a language's own decoder makes of a secret.
 */
export type DecodedBy = { 
/**
 * `Node` or `Python`.
 */
language: string, 
/**
 * The call: `Buffer.from(secret, "base64")`.
 */
call: string, 
/**
 * What comes out: "32 bytes", "raises binascii.Error: Incorrect padding".
 */
outcome: string, 
/**
 * It gives the key that Countersign uses.
 */
usable: boolean, };

/**
 * What was deleted, to undo it.
 */
export type Deletion = { 
/**
 * Hand it to `deliveries_restore`.
 */
token: string, 
/**
 * How many.
 */
count: number, };

/**
 * How many there are.
 */
export type DeliveryCount = { 
/**
 * Deliveries the filter matches.
 */
matched: number, 
/**
 * All deliveries in the log.
 */
total: number, 
/**
 * Deliveries with a failing badge (`fail`, `malformed` or `stale`).
 */
failing: number, 
/**
 * Body bytes in the log.
 */
bytes: number, };

/**
 * A delivery with all that is known of it but its body.
 */
export type DeliveryDetail = { 
/**
 * The row.
 */
summary: DeliverySummary, 
/**
 * `HTTP/1.1` or `HTTP/1.0`.
 */
http_version: string, 
/**
 * Headers in the sender's order and spelling, duplicates kept.
 */
headers: Array<WireHeader>, 
/**
 * Request line and headers as on the wire, with their line ends.
 */
raw_head: WireBytes, 
/**
 * The sender's address according to a tunnel or proxy, where the connection came from this machine.
 */
client?: ClaimedClient, 
/**
 * The part of the body that is kept, in bytes.
 */
kept_len: number, 
/**
 * The media type without parameters, in lower case.
 */
content_type: string | null, 
/**
 * What the listener answered.
 */
response: WireResponse, 
/**
 * What was sent of it to endpoints, oldest first.
 */
attempts: Array<AttemptInfo>, 
/**
 * Full verdicts in the order of the summary: outcome and reason as they are kept, explained with the secrets of now and the
 * clock of the capture.
 */
verdicts: Array<VerdictDetail>, 
/**
 * Other deliveries of the same event, oldest first, without this one.
 */
same_event: Array<RelatedDelivery>, };

/**
 * A page of the list, newest first.
 */
export type DeliveryPage = { 
/**
 * The rows.
 */
items: Array<DeliverySummary>, 
/**
 * Pass it as `before` for the next page; none at the end.
 */
next: string | null, };

/**
 * A delivery as a row: everything but headers and body. Also the object of `deliveries --json` and `listen --json`.
 */
export type DeliverySummary = { 
/**
 * Decimal id, rising with arrival.
 */
id: string, 
/**
 * RFC 3339, UTC, microseconds.
 */
received_at: string, 
/**
 * The method as sent.
 */
method: string, 
/**
 * The path as sent, without the query.
 */
path: string, 
/**
 * The query as sent, without `?`.
 */
query: string | null, 
/**
 * Provider id, where one was recognised.
 */
provider: string | null, 
/**
 * How it was recognised.
 */
recognised_by: RecognisedBy | null, 
/**
 * The event's type, as the provider names it.
 */
event_type: string | null, 
/**
 * The event's id, as the provider names it, or the provider's substitute.
 */
event_id: string | null, 
/**
 * The body's length as sent, in bytes (where `body_cut`, the declared length or what was read).
 */
body_len: number, 
/**
 * The body was over the limit and only its beginning is kept.
 */
body_cut: boolean, 
/**
 * The status that the listener answered; 0 where a rule had it send no answer.
 */
status: number, 
/**
 * One verdict a scheme, in the order of the catalogue.
 */
verdicts: Array<VerdictSummary>, 
/**
 * The checks of a provider that does not sign; empty for others.
 */
checks: Array<CheckResult>, 
/**
 * Who sent it, `ip:port`.
 */
peer: string, 
/**
 * Kept at the top of the user's attention.
 */
pinned: boolean, 
/**
 * The user has opened it.
 */
read: boolean, 
/**
 * It was a handshake, and its challenge was answered.
 */
challenge: boolean, 
/**
 * The deliveries of its event, where it is shown among them: on grouped pages and in events. Absent where the event
 * has no name.
 */
group?: GroupInfo, };

/**
 * A request that is being prepared.
 */
export type Draft = { 
/**
 * The method.
 */
method: string, 
/**
 * Where to; `{{name}}` stands for a named value.
 */
url: string, 
/**
 * The headers, in order.
 */
headers: Array<DraftHeader>, 
/**
 * The body.
 */
body: DraftBody, 
/**
 * Placeholders (`{{uuid}}`, `{{now}}`, named values) are filled in header values and the body too, and not in the URL
 * alone.
 */
fill: boolean, };

/**
 * The body of a draft.
 */
export type DraftBody = { "kind": "text", 
/**
 * The text.
 */
text: string, } | { "kind": "base64", 
/**
 * As base64.
 */
base64: string, } | { "kind": "of_delivery", 
/**
 * Its id.
 */
id: string, 
/**
 * Its length in bytes.
 */
len: number, } | { "kind": "of_attempt", 
/**
 * Its id.
 */
id: string, 
/**
 * Its length in bytes.
 */
len: number, };

/**
 * A header of a draft.
 */
export type DraftHeader = { 
/**
 * Its name.
 */
name: WireBytes, 
/**
 * Its value. Of `Host` and `Content-Length` that follow, what it was.
 */
value: WireBytes, 
/**
 * It is sent.
 */
on: boolean, 
/**
 * Its value follows from the URL (`Host`) or the body (`Content-Length`); the user can pin it instead.
 */
follows: boolean, };

/**
 * What a draft will be when it is sent now.
 */
export type DraftPreview = { 
/**
 * Where to, with named values filled in.
 */
url: string, 
/**
 * The headers as they leave.
 */
headers: Array<PreviewHeader>, 
/**
 * The body's length in bytes.
 */
body_len: number, 
/**
 * The verdict that a right endpoint comes to; none where no provider was chosen.
 */
verdict: DraftVerdict | null, 
/**
 * What was done to sign it, one sentence each.
 */
notes: Array<string>, 
/**
 * Why it cannot be sent; the rest is then what can be said all the same.
 */
problem: string | null, };

/**
 * What a draft is begun from.
 */
export type DraftSource = { "kind": "delivery", 
/**
 * Its id.
 */
id: string, } | { "kind": "attempt", 
/**
 * Its id.
 */
id: string, } | { "kind": "event", 
/**
 * The provider.
 */
provider: string, 
/**
 * The event's type.
 */
event_type: string, 
/**
 * What its fields are set to, by their pointers; the others keep the sample's values.
 */
values: { [key in string]: string }, 
/**
 * Ids and times are made afresh.
 */
fresh: boolean, } | { "kind": "template", 
/**
 * Its id.
 */
id: string, } | { "kind": "pasted", 
/**
 * The text.
 */
text: string, } | { "kind": "empty" };

/**
 * A draft to begin with.
 */
export type DraftStart = { 
/**
 * The draft.
 */
draft: Draft, 
/**
 * Where it comes from, in words: `delivery 41, render.completed`.
 */
title: string, 
/**
 * The delivery that attempts will stand beside.
 */
delivery: string | null, 
/**
 * The signature to begin with.
 */
signing: SigningChoice, 
/**
 * What to know, one sentence each.
 */
notes: Array<string>, };

/**
 * The verdict on a draft.
 */
export type DraftVerdict = { 
/**
 * The outcome.
 */
outcome: WireOutcome, 
/**
 * One sentence.
 */
reason: string, 
/**
 * A right endpoint accepts it.
 */
accept: boolean, 
/**
 * What a right endpoint answers: `200`, `400 or 401`.
 */
answer: string, };

/**
 * Something that happened.
 */
export type EngineEvent = { "type": "delivery_added", 
/**
 * Its row.
 */
delivery: DeliverySummary, } | { "type": "deliveries_added", 
/**
 * How many.
 */
count: number, } | { "type": "verdicts_changed", 
/**
 * Their new rows.
 */
deliveries: Array<DeliverySummary>, } | { "type": "deliveries_changed" } | { "type": "rejudge" } & RejudgeProgress | { "type": "providers_changed" } | { "type": "listener", 
/**
 * Its state now.
 */
listener: ListenerState, } | { "type": "tunnel", 
/**
 * Its state now.
 */
tunnel: TunnelState, } | { "type": "log_trouble", 
/**
 * What is wrong.
 */
trouble: LogTrouble | null, } | { "type": "settings_changed", 
/**
 * All of them.
 */
settings: Settings, } | { "type": "saved_filters_changed" } | { "type": "responses_changed" } | { "type": "routes_changed" } | { "type": "attempts_changed", 
/**
 * The delivery; none for what was composed.
 */
delivery: string | null, } | { "type": "batch" } & BatchState | { "type": "templates_changed" } | { "type": "forwarding" } & ForwardProgress | { "type": "reset", 
/**
 * The state to start from.
 */
state: AppState, };

/**
 * A code, only where the window branches on it.
 */
export type ErrorCode = "bad_filter" | "not_found" | "bad_input" | "log_unwritable" | "failed";

/**
 * Some events together. Sequence numbers rise by one an event, over all batches; where `first_seq` is not the last one
 * seen plus one, something was missed and the window reads everything again.
 */
export type EventBatch = { 
/**
 * Sequence number of the first event.
 */
first_seq: number, 
/**
 * In order.
 */
events: Array<EngineEvent>, };

/**
 * A field of an event's sample.
 */
export type EventFieldInfo = { 
/**
 * Where it stands in the body: a JSON pointer.
 */
pointer: string, 
/**
 * Its name for a person.
 */
label: string, 
/**
 * What may be written there.
 */
kind: EventFieldKind, 
/**
 * What it may be, for a choice.
 */
choices: Array<string>, 
/**
 * What stands in the sample.
 */
value: string, 
/**
 * It can be made afresh.
 */
fresh: boolean, };

/**
 * What may be written in a field.
 */
export type EventFieldKind = "text" | "number" | "choice" | "time";

/**
 * An event that a provider documents.
 */
export type EventInfo = { 
/**
 * As the provider names it.
 */
event_type: string, 
/**
 * One sentence.
 */
summary: string, 
/**
 * Its document gives the sample's body.
 */
documented: boolean, 
/**
 * The few fields that matter.
 */
fields: Array<EventFieldInfo>, };

/**
 * An id that the user expects a provider to report.
 */
export type ExpectedId = { 
/**
 * The id.
 */
id: string, 
/**
 * The delivery that reported it; none while it is awaited.
 */
matched_by: string | null, };

/**
 * What goes wrong with an answer.
 */
export type Fault = "close" | "half" | "never";

/**
 * A term of a filter, for the chips in the search field.
 */
export type FilterTerm = { 
/**
 * The term as typed.
 */
text: string, 
/**
 * Where it stands, in characters.
 */
start: number, 
/**
 * How long it is, in characters.
 */
len: number, 
/**
 * `provider`, `verdict`, …; none for a bare word.
 */
key: string | null, 
/**
 * It starts with `-`.
 */
negated: boolean, };

/**
 * How grave a finding is.
 */
export type FindingLevel = "error" | "warning" | "note";

/**
 * Where two byte strings first differ.
 */
export type FirstDifference = { 
/**
 * How many bytes are the same before it.
 */
offset: number, 
/**
 * The line, from 1.
 */
line: number, 
/**
 * The place in the line, from 1, in characters where the line is UTF-8 so far, else in bytes.
 */
column: number, 
/**
 * The first one's byte; none where it ends there.
 */
a: number | null, 
/**
 * The second one's byte; none where it ends there.
 */
b: number | null, 
/**
 * One sentence; bytes count from 1 in it.
 */
words: string, };

/**
 * How far sending what was missed has come.
 */
export type ForwardProgress = { 
/**
 * The route.
 */
route: string, 
/**
 * Deliveries sent so far, whatever came of it.
 */
done: number, 
/**
 * Deliveries to send.
 */
total: number, 
/**
 * Of those sent, how many brought no answer again.
 */
failed: number, 
/**
 * Whether it still runs.
 */
running: boolean, };

/**
 * Bytes that were typed, pasted or chosen.
 */
export type Given = { "kind": "text", 
/**
 * The text.
 */
text: string, } | { "kind": "base64", 
/**
 * As base64.
 */
base64: string, };

/**
 * The deliveries of one provider that share an event: duplicates, retries, what announces a retry. Deleted ones do not
 * count.
 */
export type GroupInfo = { 
/**
 * What they share, as it is unique among the provider's groups.
 */
key: string, 
/**
 * How many they are, whatever the filter; 1 where it is alone.
 */
count: number, 
/**
 * When the first of them was received, RFC 3339.
 */
first_at: string, 
/**
 * When the last of them was received, RFC 3339.
 */
last_at: string, 
/**
 * Two of them have the same event id and different bodies.
 */
different_bodies: boolean, };

/**
 * What a handler says it hashed, against what was captured.
 */
export type Hashed = { 
/**
 * The scheme by which it was verified.
 */
scheme: string, 
/**
 * How many bytes were given.
 */
len: number, 
/**
 * They are the captured body or the signed content, byte for byte; unknown where not all of the body was kept.
 */
sameness: Sameness, 
/**
 * The name of the secret with which the received signature holds for the captured request.
 */
captured: string | null, 
/**
 * The name of the secret with which it holds for these bytes as the body.
 */
as_body: string | null, 
/**
 * The name of the secret with which it holds for these bytes as all that is signed.
 */
as_content: string | null, 
/**
 * Why nothing could be verified: one sentence.
 */
unverified: string | null, 
/**
 * Where they first differ from the captured body.
 */
from_body: FirstDifference | null, 
/**
 * Where they first differ from the signed content.
 */
from_content: FirstDifference | null, 
/**
 * The known change that turns what was captured into them.
 */
cause: HashedCause | null, 
/**
 * What was found and what to do, in a few sentences.
 */
words: string, };

/**
 * How hashed bytes come from captured ones.
 */
export type HashedCause = { 
/**
 * A stable code: `body_reserialised`, `json_in_json`, `cut`, …
 */
code: string, 
/**
 * A sentence.
 */
words: string, };

/**
 * What is different about a header. Of several kinds the first of these is named: value, place, spelling.
 */
export type HeaderChange = "same" | "changed" | "spelling" | "moved" | "only_a" | "only_b";

/**
 * A header of one side.
 */
export type HeaderSide = { 
/**
 * Its own spelling.
 */
name: WireBytes, 
/**
 * The value, at most 1,000 bytes of it: of what is longer, the part around the first difference.
 */
value: WireBytes, 
/**
 * With which of the value's bytes that begins, from 0.
 */
from: number, 
/**
 * The whole value's length in bytes.
 */
len: number, };

/**
 * A change in a JSON body.
 */
export type JsonChange = { 
/**
 * Where: a JSON pointer into the second body, for what was removed into the first; cut after 1,000 characters.
 */
path: string, 
/**
 * Which of the members of that name, from 1, where the object has the name more than once.
 */
nth: number | null, 
/**
 * What.
 */
change: JsonChangeKind, 
/**
 * Of what moved: the JSON pointer into the first body.
 */
from: string | null, 
/**
 * As the first one writes it, shortened.
 */
a: string | null, 
/**
 * As the second one writes it, shortened.
 */
b: string | null, };

/**
 * A kind of change in a JSON body.
 */
export type JsonChangeKind = "added" | "removed" | "changed" | "moved" | "reordered" | "respelled" | "respelled_name";

/**
 * How a line ends.
 */
export type LineEnd = "lf" | "cr_lf" | "none";

/**
 * A stretch of lines.
 */
export type LineHunk = { 
/**
 * What it is.
 */
kind: LineHunkKind, 
/**
 * The first one's line, from 1, with which it begins.
 */
a_line: number, 
/**
 * The second one's line, likewise.
 */
b_line: number, 
/**
 * How many rows it has, listed or not.
 */
count: number, 
/**
 * The rows: none where it is folded.
 */
rows: Array<LineRow>, };

/**
 * What a stretch of lines is.
 */
export type LineHunkKind = "equal" | "folded" | "added" | "removed" | "changed";

/**
 * A line of each side; one of them may be missing.
 */
export type LineRow = { 
/**
 * The first one's.
 */
a: TextLine | null, 
/**
 * The second one's.
 */
b: TextLine | null, };

/**
 * What the listener does.
 */
export type ListenerState = { 
/**
 * Whether it receives.
 */
listening: boolean, 
/**
 * `127.0.0.1:4400`, while it receives.
 */
addr: string | null, 
/**
 * `http://127.0.0.1:4400`, or `https://…` over TLS, while it receives.
 */
url: string | null, 
/**
 * Its certificate, while it receives over TLS.
 */
tls: ListenerTls | null, 
/**
 * What the user should know: another port was taken than the wanted one, or why it does not receive.
 */
message: string | null, };

/**
 * The certificate that the listener shows.
 */
export type ListenerTls = { 
/**
 * Its SHA-256: pairs of hexadecimal digits in capitals with colons between them.
 */
fingerprint: string, 
/**
 * Its file.
 */
certificate: string, 
/**
 * It was made here, and nobody trusts it unless told to.
 */
self_signed: boolean, };

/**
 * The log's file.
 */
export type LogState = { 
/**
 * Where it is.
 */
path: string, 
/**
 * A damaged log was found at the start and kept here; this one is new.
 */
set_aside: string | null, 
/**
 * What is wrong with it, if anything.
 */
trouble: LogTrouble | null, };

/**
 * Why the log cannot be written.
 */
export type LogTrouble = { 
/**
 * For a person: what happened, what was kept, what to do.
 */
message: string, 
/**
 * Since when, RFC 3339.
 */
since: string, 
/**
 * Deliveries that were refused with 503 since.
 */
refused: number, };

/**
 * A value with a name, which `{{name}}` stands for in URLs, header values and composed bodies.
 */
export type NamedValue = { 
/**
 * Letters, digits and `_`.
 */
name: string, 
/**
 * The value.
 */
value: string, };

/**
 * A row of a retry policy.
 */
export type PolicyRow = { 
/**
 * `attempts`, `intervals`, `timeout`, `success`.
 */
label: string, 
/**
 * In words.
 */
value: string, 
/**
 * Documented or assumed.
 */
basis: Basis, 
/**
 * What the document says instead.
 */
note: string | null, };

/**
 * A header as it leaves.
 */
export type PreviewHeader = { 
/**
 * Its name.
 */
name: WireBytes, 
/**
 * Its value.
 */
value: WireBytes, 
/**
 * Signing wrote it.
 */
signed: boolean, 
/**
 * It follows from the URL or the body.
 */
follows: boolean, 
/**
 * Its value is a credential: it can be kept out of copies.
 */
credential: boolean, };

/**
 * A provider of the catalogue.
 */
export type ProviderInfo = { 
/**
 * Its id, the first part of its path: `pollo`.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * One or two sentences: who it is and what is peculiar.
 */
about: string, 
/**
 * Whether it signs.
 */
signed: boolean, 
/**
 * Its schemes; empty where it does not sign.
 */
schemes: Array<SchemeInfo>, 
/**
 * What its users stumble over, one sentence each.
 */
notes: Array<string>, 
/**
 * Its retry policy, row by row.
 */
retry: Array<PolicyRow>, 
/**
 * Its check that the endpoint is yours, in words.
 */
handshake: string | null, 
/**
 * The events that it documents.
 */
events: Array<EventInfo>, 
/**
 * The checks that stand in for a signature, in words; empty where it signs.
 */
checks: Array<string>, 
/**
 * The user's secrets, without their values.
 */
secrets: Array<SecretInfo>, 
/**
 * Paths that the user pinned to it.
 */
pins: Array<string>, 
/**
 * When its document was last read, ISO date.
 */
checked_on: string, 
/**
 * How many deliveries of it are in the log.
 */
deliveries: number, };

/**
 * One received signature.
 */
export type ReceivedSignature = { 
/**
 * As received, prefix included.
 */
text: string, 
/**
 * The header it came in.
 */
source: string, 
/**
 * It is the one that matched.
 */
matched: boolean, 
/**
 * First character that differs from `computed`, counted in characters; none where it matches or nothing was computed.
 */
first_difference: number | null, };

/**
 * How the provider of a delivery was found.
 */
export type RecognisedBy = "path" | "pin" | "headers" | "secret" | "body";

/**
 * How far judging again has come.
 */
export type RejudgeProgress = { 
/**
 * Deliveries judged again so far.
 */
done: number, 
/**
 * Deliveries to judge.
 */
total: number, 
/**
 * How many got another badge.
 */
changed: number, 
/**
 * How many of those now pass.
 */
now_pass: number, 
/**
 * Whether it still runs.
 */
state: RejudgeState, };

/**
 * Whether judging again still runs.
 */
export type RejudgeState = "running" | "done" | "cancelled";

/**
 * Another delivery of the same event.
 */
export type RelatedDelivery = { 
/**
 * Its id.
 */
id: string, 
/**
 * RFC 3339, UTC.
 */
received_at: string, 
/**
 * Whether its body has the same bytes.
 */
same_body: boolean, };

/**
 * A rule for answers.
 */
export type ResponseRule = { 
/**
 * Unique among the rules; an empty one is given a new one when it is saved.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it is asked at all.
 */
on: boolean, 
/**
 * Its condition, in the filter language; empty: every delivery.
 */
when: string, 
/**
 * For which of those.
 */
turn: Turn, 
/**
 * The status.
 */
status: number, 
/**
 * The headers: names and values.
 */
headers: Array<[string, string]>, 
/**
 * The body, with placeholders.
 */
body: string, 
/**
 * How long the answer is held back, in milliseconds.
 */
delay_ms: number, 
/**
 * What goes wrong with it.
 */
fault: Fault | null, };

/**
 * All that decides what senders get.
 */
export type Responses = { 
/**
 * The rules in order: the first that fits answers.
 */
rules: Array<ResponseRule>, 
/**
 * A path such as `/anything/404` is answered with that status.
 */
status_by_path: boolean, 
/**
 * Providers whose handshakes are left to the endpoint.
 */
stand_aside: Array<string>, };

/**
 * Where deliveries are forwarded.
 */
export type Route = { 
/**
 * Unique among the routes; an empty one is given a new one when it is saved.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it is used.
 */
on: boolean, 
/**
 * Its condition, in the filter language; empty: every delivery.
 */
when: string, 
/**
 * The endpoint's URL.
 */
target: string, 
/**
 * What the sender gets.
 */
mode: RouteMode, 
/**
 * What is taken from the beginning of a delivery's path before the rest is put behind the target's; none: the whole
 * path goes behind a target without a path, and nothing behind one with a path.
 */
strip: string | null, 
/**
 * The delivery's `Host` is kept; else it is the endpoint's.
 */
keep_host: boolean, 
/**
 * `X-Forwarded-For`, `-Proto` and `-Host` are added.
 */
forwarded_headers: boolean, 
/**
 * The endpoint's certificate is not checked: for one that is self-signed.
 */
any_certificate: boolean, 
/**
 * How long the endpoint may take, in milliseconds.
 */
timeout_ms: number, 
/**
 * What the sender gets where the endpoint does not answer, 400 to 599.
 */
failure_status: number, };

/**
 * A route with what became of it.
 */
export type RouteInfo = { 
/**
 * The route.
 */
route: Route, 
/**
 * Deliveries that it was to send and whose endpoint never answered; at most 1,000 are counted.
 */
missed: number, 
/**
 * How sending what was missed goes on, while it does.
 */
catching_up: ForwardProgress | null, };

/**
 * What the sender gets while an endpoint is asked.
 */
export type RouteMode = "wait" | "beside";

/**
 * What is wrong with a rule or a route.
 */
export type RuleFault = { 
/**
 * The field's name.
 */
field: string, 
/**
 * One sentence.
 */
message: string, 
/**
 * Where in the field's text.
 */
place: TextPosition | null, };

/**
 * What a rule would do with a delivery that is in the log.
 */
export type RuleTrial = { 
/**
 * Its condition fits.
 */
fits: boolean, 
/**
 * The status.
 */
status: number, 
/**
 * The headers.
 */
headers: Array<WireHeader>, 
/**
 * The body, filled in.
 */
body: WireBytes, };

/**
 * Whether two things are the same.
 */
export type Sameness = "same" | "different" | "unknown";

/**
 * A filter with a name, in the left column.
 */
export type SavedFilter = { 
/**
 * Its name.
 */
name: string, 
/**
 * The filter.
 */
filter: string, 
/**
 * How many deliveries it matches now.
 */
matched: number, };

/**
 * How a provider signs.
 */
export type SchemeInfo = { 
/**
 * Scheme id.
 */
id: string, 
/**
 * `HMAC-SHA-256`.
 */
algorithm: string, 
/**
 * The headers it uses, as the provider spells them.
 */
headers: Array<string>, 
/**
 * The header that carries the signature.
 */
signature_header: string, 
/**
 * How the signature is written: `base64`, `sha256=<lower-case hex>`.
 */
signature_form: string, 
/**
 * How the secret becomes the key: `the secret is base64`, `the secret as text (UTF-8)`.
 */
key: string, 
/**
 * The signed content, part by part, such as `id` `.` `timestamp` `.` `body`.
 */
content: Array<ContentPart>, 
/**
 * The time check in words; none where no timestamp is signed.
 */
clock: string | null, 
/**
 * Whether the tolerance is documented.
 */
clock_basis: Basis | null, };

/**
 * Something noticed about a secret.
 */
export type SecretFinding = { 
/**
 * How grave.
 */
level: FindingLevel, 
/**
 * One sentence.
 */
message: string, };

/**
 * A stored secret without its value.
 */
export type SecretInfo = { 
/**
 * Provider id.
 */
provider: string, 
/**
 * Its name, unique for the provider.
 */
name: string, 
/**
 * Dots and, where it is long enough, its last four characters.
 */
masked: string, 
/**
 * What the key is: "32 bytes", or why there is none.
 */
decodes_to: string, 
/**
 * When it last matched a delivery, RFC 3339.
 */
last_matched: string | null, 
/**
 * Given for this run only (`--secret`): it cannot be edited.
 */
this_run_only: boolean, 
/**
 * Why its value cannot be read now, in a sentence; then nothing is known but its name.
 */
unreadable: string | null, 
/**
 * What is noticed about it.
 */
findings: Array<SecretFinding>, };

/**
 * What is noticed about a secret while it is typed.
 */
export type SecretInspection = { 
/**
 * "32 bytes", or why there is no key.
 */
decodes_to: string, 
/**
 * What is noticed.
 */
findings: Array<SecretFinding>, 
/**
 * What Node and Python make of it; empty where the key is the text itself.
 */
decoded_by: Array<DecodedBy>, 
/**
 * The value without white space or quotes around it, where that differs: offered as a mend.
 */
suggestion: string | null, };

/**
 * Where secrets are kept.
 */
export type SecretsBackend = { 
/**
 * The system keychain, or a file.
 */
kind: SecretsBackendKind, 
/**
 * For a person: which keychain, or which file and why not the keychain.
 */
words: string, };

/**
 * Where secrets are kept.
 */
export type SecretsBackendKind = "keychain" | "file";

/**
 * What a part of the signed content is.
 */
export type SegmentKind = "id" | "timestamp" | "literal" | "body" | "other";

/**
 * How a draft is sent.
 */
export type SendOptions = { 
/**
 * How long the endpoint may take, in milliseconds.
 */
timeout_ms: number, 
/**
 * Any certificate is accepted.
 */
any_certificate: boolean, 
/**
 * Redirects are followed, at most ten; each one is an attempt of its own.
 */
follow_redirects: boolean, };

/**
 * What the user has set. Unknown fields of a later version are kept out, missing ones take their default.
 */
export type Settings = { 
/**
 * The theme.
 */
theme: Theme, 
/**
 * Magnification of the window in percent, 50 to 200.
 */
zoom: number, 
/**
 * Width of the delivery list in CSS pixels, 280 to 1200.
 */
list_width: number, 
/**
 * The list shows an event with its retries and duplicates as one row.
 */
grouped: boolean, 
/**
 * The port that the listener asks for first.
 */
port: number, 
/**
 * Whoever reaches this machine over the network may send; else only this machine.
 */
everywhere: boolean, 
/**
 * Whether it receives over TLS.
 */
tls: Tls, 
/**
 * Largest body that is accepted, in bytes.
 */
body_limit: number, 
/**
 * The language in which receiving code is shown, by its id.
 */
snippet_language: string, };

/**
 * A change of settings: only what is given changes.
 */
export type SettingsPatch = { 
/**
 * The theme.
 */
theme?: Theme, 
/**
 * Magnification in percent.
 */
zoom?: number, 
/**
 * Width of the list.
 */
list_width?: number, 
/**
 * Whether the list shows an event with its retries and duplicates as one row.
 */
grouped?: boolean, 
/**
 * The listener's port; it moves there at once.
 */
port?: number, 
/**
 * Whether the network may send; the listener changes at once.
 */
everywhere?: boolean, 
/**
 * Whether the listener receives over TLS; it changes at once, and reads a given certificate anew.
 */
tls?: Tls, 
/**
 * Largest body.
 */
body_limit?: number, 
/**
 * The language of receiving code.
 */
snippet_language?: string, };

/**
 * What the signature of a draft will be.
 */
export type SigningChoice = { 
/**
 * By whose rule; none: it is not signed by any.
 */
provider: string | null, 
/**
 * How.
 */
mode: SigningMode, };

/**
 * How a draft is signed.
 */
export type SigningMode = { "kind": "keep" } | { "kind": "sign", 
/**
 * The name of one of the provider's secrets; the first one where none is given.
 */
secret: string | null, 
/**
 * The time that is signed.
 */
timestamp: SigningTime, 
/**
 * It gets a new id.
 */
new_id: boolean, } | { "kind": "other", 
/**
 * The secret.
 */
value: string, } | { "kind": "break", 
/**
 * The name of one of the provider's secrets; the first one where none is given.
 */
secret: string | null, 
/**
 * In which way.
 */
fault: Break, };

/**
 * How requests of a provider can be signed.
 */
export type SigningOptions = { 
/**
 * The provider.
 */
provider: string, 
/**
 * It signs.
 */
signed: boolean, 
/**
 * The names of its secrets.
 */
secrets: Array<string>, 
/**
 * A timestamp is signed.
 */
signs_time: boolean, 
/**
 * An id is signed.
 */
signs_id: boolean, 
/**
 * The headers that signing writes.
 */
headers: Array<string>, 
/**
 * The breaks that make sense.
 */
breaks: Array<BreakInfo>, 
/**
 * What a right endpoint answers to what it accepts: `200`, `2xx`.
 */
success: string, };

/**
 * The time that is signed.
 */
export type SigningTime = { "kind": "now" } | { "kind": "captured" } | { "kind": "given", 
/**
 * As typed.
 */
at: string, };

/**
 * A ready command or program that sends a signed sample.
 */
export type Snippet = { 
/**
 * `curl`, `HTTPie`, `Node`, `Python`.
 */
tool: string, 
/**
 * For the screen: the signature shortened with `…`.
 */
preview: string, 
/**
 * For the clipboard: complete.
 */
text: string, };

/**
 * The code that receives a provider's webhooks in one language.
 */
export type SnippetInfo = { 
/**
 * The provider's id.
 */
provider: string, 
/**
 * The language's id.
 */
language: string, 
/**
 * What it is: "Receive webhooks of Pollo.ai with Node (Express)".
 */
title: string, 
/**
 * The file in which it would stand.
 */
file_name: string, 
/**
 * The code: a whole file that runs.
 */
code: string, 
/**
 * Which lines handle what, in the order of lines.
 */
marks: Array<SnippetMark>, 
/**
 * What its user must know, one or two sentences each.
 */
notes: Array<string>, 
/**
 * The environment variable that holds the secret; none where the provider does not sign.
 */
secret_env: string | null, };

/**
 * A language or framework for which there is receiving code.
 */
export type SnippetLanguage = { 
/**
 * `node`, `python-flask` and so on.
 */
id: string, 
/**
 * Its name.
 */
name: string, };

/**
 * Lines of the code that handle a topic.
 */
export type SnippetMark = { 
/**
 * The topic: `raw_body`, `compare` and so on.
 */
topic: string, 
/**
 * The first line, from 0.
 */
from: number, 
/**
 * The line behind the last.
 */
to: number, };

/**
 * A template of the user's.
 */
export type TemplateInfo = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The method.
 */
method: string, 
/**
 * Where to.
 */
url: string, 
/**
 * By whose rule it is signed.
 */
provider: string | null, 
/**
 * When it was saved: RFC 3339, UTC.
 */
saved_at: string, };

/**
 * What became of a test delivery.
 */
export type TestDelivery = { 
/**
 * The status that the listener answered.
 */
status: number, 
/**
 * The name of the secret it was signed with; none where the provider does not sign.
 */
secret: string | null, 
/**
 * A test secret was made and stored for it, because the provider had none.
 */
secret_made: boolean, };

/**
 * A line.
 */
export type TextLine = { 
/**
 * Its text without its end; of a long one, the part around the first difference.
 */
text: string, 
/**
 * How it ends.
 */
end: LineEnd, };

/**
 * Where a text is wrong, in characters (Unicode scalar values).
 */
export type TextPosition = { 
/**
 * First wrong character.
 */
start: number, 
/**
 * How many are wrong; at least 1.
 */
len: number, };

/**
 * The window's theme.
 */
export type Theme = "system" | "dark" | "light";

/**
 * Whether the listener receives over TLS.
 */
export type Tls = { "kind": "off" } | { "kind": "self_signed" } | { "kind": "given", 
/**
 * The file of the certificate and its issuers: a whole path.
 */
certificate: string, 
/**
 * The file of its private key: a whole path.
 */
key: string, };

/**
 * How far a tunnel is.
 */
export type TunnelPhase = "off" | "starting" | "open" | "ended";

/**
 * A program that makes tunnels.
 */
export type TunnelProgram = { 
/**
 * `ngrok` or `cloudflared`.
 */
id: string, 
/**
 * Where it was found.
 */
path: string | null, 
/**
 * The user chose that place.
 */
chosen: boolean, 
/**
 * Why it cannot be started, where it cannot.
 */
message: string | null, 
/**
 * Where it is to be had, and what it needs.
 */
about: string, 
/**
 * Its own page.
 */
page: string, };

/**
 * The public address and the tunnel that gives it.
 */
export type TunnelState = { 
/**
 * How far it is.
 */
phase: TunnelPhase, 
/**
 * `ngrok` or `cloudflared`, unless none was started.
 */
program: string | null, 
/**
 * Where senders on the internet reach the listener: the tunnel's address while it is open, else `own_url`.
 */
public_url: string | null, 
/**
 * The address of a tunnel that the user runs without Countersign.
 */
own_url: string | null, 
/**
 * What the user should know: why it ended, what it is waiting for.
 */
message: string | null, 
/**
 * The last lines that the program wrote.
 */
lines: Array<string>, };

/**
 * Which of the deliveries that fit a rule are answered by it.
 */
export type Turn = { "kind": "always" } | { "kind": "first", 
/**
 * How many.
 */
count: number, } | { "kind": "every", 
/**
 * Of how many.
 */
count: number, };

/**
 * A verdict with everything that explains it.
 */
export type VerdictDetail = { 
/**
 * Scheme id.
 */
scheme: string, 
/**
 * Provider id.
 */
provider: string, 
/**
 * The provider's name.
 */
provider_name: string, 
/**
 * The outcome.
 */
outcome: WireOutcome, 
/**
 * One sentence.
 */
reason: string, 
/**
 * The name of the secret that matched or was tried.
 */
secret: string | null, 
/**
 * The end of that secret, such as `••••f2Q=`; none where it is too short to show any of it.
 */
secret_hint: string | null, 
/**
 * Whether it belongs on the row.
 */
applies: boolean, 
/**
 * How the scheme signs in words, such as `HMAC-SHA-256 · base64`.
 */
rule: string, 
/**
 * The signed content in order; empty where it could not be built.
 */
content: Array<WireSegment>, 
/**
 * Length of the whole signed content in bytes.
 */
content_len: number, 
/**
 * Every signature that was received.
 */
received: Array<ReceivedSignature>, 
/**
 * The signature that the rule makes with the tried secret, written as the provider writes it.
 */
computed: string | null, 
/**
 * The signed timestamp, where the scheme has one.
 */
clock: ClockReading | null, 
/**
 * The proved cause of a verdict that is not `pass`, or the list of what was tried.
 */
diagnosis: WireDiagnosis | null, 
/**
 * Things worth knowing that do not change the outcome ("Python would refuse this secret").
 */
notes: Array<string>, };

/**
 * One verdict, as short as a badge needs it.
 */
export type VerdictSummary = { 
/**
 * Scheme id, such as `pollo`.
 */
scheme: string, 
/**
 * The outcome.
 */
outcome: WireOutcome, 
/**
 * One sentence.
 */
reason: string, 
/**
 * The name of the secret that matched or was tried.
 */
secret: string | null, 
/**
 * Received minus signed time, in seconds, where a signed timestamp could be read as seconds: positive is old,
 * negative ahead.
 */
skew_s: number | null, 
/**
 * Whether this verdict belongs on the row: the scheme of the recognised provider, or, while none is recognised,
 * every scheme whose headers are there.
 */
applies: boolean, };

/**
 * Bytes that are usually text.
 */
export type WireBytes = { 
/**
 * The bytes as UTF-8; U+FFFD where they are not.
 */
text: string, 
/**
 * The exact bytes as base64, only where `text` lost something.
 */
base64?: string, };

/**
 * Why a verdict is not `pass`.
 */
export type WireDiagnosis = { 
/**
 * A stable code such as `secret_not_decoded`; `unknown` where nothing that was tried reproduces the signature.
 */
cause: string, 
/**
 * The cause in a few words: "the secret was used as text instead of base64-decoded".
 */
headline: string, 
/**
 * What that means and what to do, in one to three sentences.
 */
explanation: string, 
/**
 * Exactly this changed assumption reproduces the received signature.
 */
proved: boolean, 
/**
 * How many variations were computed.
 */
tried: number, };

/**
 * One header, as sent.
 */
export type WireHeader = { 
/**
 * The sender's own spelling.
 */
name: WireBytes, 
/**
 * The value without the white space around it.
 */
value: WireBytes, };

/**
 * The outcome of one scheme on one delivery; the wire names are the words of the product.
 */
export type WireOutcome = "pass" | "stale" | "fail" | "malformed" | "missing" | "no_secret" | "unsigned";

/**
 * What the listener answered.
 */
export type WireResponse = { 
/**
 * The status.
 */
status: number, 
/**
 * The headers that were set.
 */
headers: Array<WireHeader>, 
/**
 * The body.
 */
body: WireBytes, 
/**
 * What decided it, in words: "the default for Pollo.ai", "the challenge of I Hate PPT".
 */
answered_by: string, 
/**
 * From the end of the head to the answer's being ready, in microseconds.
 */
took_us: number, };

/**
 * A labelled part of the signed content.
 */
export type WireSegment = { 
/**
 * What it is.
 */
kind: SegmentKind, 
/**
 * Where it comes from: `X-Webhook-Id`, `.`, `body`.
 */
source: string, 
/**
 * Its beginning, 4,096 bytes at the most.
 */
bytes: WireBytes, 
/**
 * Its whole length in bytes.
 */
len: number, };

/** Every command with its arguments and its result. */
export interface Commands {
  /** Everything that the window needs before its first paint. */
  app_state: { args: Record<string, never>; result: AppState };
  /** Changes settings and answers all of them. */
  settings_change: { args: { patch: SettingsPatch }; result: Settings };
  /** A page of deliveries, newest first. `before` is the `next` of the page before; `limit` is 1 to 1,000. `grouped`: of the deliveries of one event only the newest that the filter matches, and what they are together. */
  deliveries_page: { args: { filter: string; before: string | null; limit: number; grouped: boolean }; result: DeliveryPage };
  /** The deliveries of the event of this one, newest first, up to 200, whatever the filter; it alone where its event has no name. */
  delivery_group: { args: { id: string }; result: Array<DeliverySummary> };
  /** How many deliveries the filter matches, and how many there are. */
  deliveries_count: { args: { filter: string }; result: DeliveryCount };
  /** One delivery with all that is known of it but its body. */
  delivery_detail: { args: { id: string }; result: DeliveryDetail };
  /** Two requests or answers side by side. */
  compare: { args: { a: CompareSide; b: CompareSide }; result: Comparison };
  /** What a handler says it hashed, against a delivery. Without a scheme, the one that the delivery is judged by. */
  compare_hashed: { args: { delivery: string; scheme: string | null; given: Given }; result: Hashed };
  /** Marks deliveries as read, or pins and unpins them. */
  deliveries_mark: { args: { ids: Array<string>; read: boolean | null; pinned: boolean | null }; result: null };
  /** Deletes deliveries and, of those in `groups`, all others of their events; they can be restored until the app is closed. */
  deliveries_delete: { args: { ids: Array<string>; groups: Array<string> }; result: Deletion };
  /** Deletes all deliveries that the filter matches (an empty filter: all). */
  deliveries_clear: { args: { filter: string }; result: Deletion };
  /** Brings deleted deliveries back and answers how many. */
  deliveries_restore: { args: { token: string }; result: number };
  /** Reads a filter and answers its terms, or `bad_filter` with the place where it is wrong. */
  filter_parse: { args: { filter: string }; result: Array<FilterTerm> };
  /** The saved filters with how many deliveries each matches. */
  saved_filters: { args: Record<string, never>; result: Array<SavedFilter> };
  /** Saves a filter under a name; an existing one of that name is replaced. */
  saved_filter_set: { args: { name: string; filter: string }; result: null };
  /** Removes a saved filter. */
  saved_filter_remove: { args: { name: string }; result: null };
  /** The catalogue of providers with the user's secrets, without their values. */
  providers: { args: Record<string, never>; result: Array<ProviderInfo> };
  /** Routes a path to a provider: every delivery on it, or below it, is that provider's. */
  pin_set: { args: { path: string; provider: string }; result: null };
  /** Removes such a route. */
  pin_remove: { args: { path: string }; result: null };
  /** The ids that are expected of a provider that does not sign, awaited ones first. */
  expected_ids: { args: { provider: string }; result: Array<ExpectedId> };
  /** Adds expected ids; those that are there already stay as they are. */
  expected_ids_add: { args: { provider: string; ids: Array<string> }; result: null };
  /** Removes expected ids. */
  expected_ids_remove: { args: { provider: string; ids: Array<string> }; result: null };
  /** What is noticed about a secret while it is typed. Nothing is stored. */
  secret_inspect: { args: { provider: string; value: string }; result: SecretInspection };
  /** Stores a secret. `replaces` names the one that is edited; `value` may be left out to rename it only. */
  secret_set: { args: { provider: string; name: string; value: string | null; replaces: string | null }; result: null };
  /** Removes a secret. */
  secret_remove: { args: { provider: string; name: string }; result: null };
  /** A secret's value, for showing and copying it. */
  secret_reveal: { args: { provider: string; name: string }; result: string };
  /** The rules that decide what senders get. */
  responses: { args: Record<string, never>; result: Responses };
  /** Replaces them; counting of turns begins anew. */
  responses_set: { args: { responses: Responses }; result: Responses };
  /** What is wrong with a rule, before it is saved. */
  response_check: { args: { rule: ResponseRule }; result: RuleFault | null };
  /** What a rule would answer to a delivery of the log. Nothing is saved or counted. */
  response_try: { args: { rule: ResponseRule; delivery: string }; result: RuleTrial };
  /** Where deliveries are forwarded, in order. */
  routes: { args: Record<string, never>; result: Array<RouteInfo> };
  /** Replaces the routes. */
  routes_set: { args: { routes: Array<Route> }; result: Array<RouteInfo> };
  /** What is wrong with a route, before it is saved. */
  route_check: { args: { route: Route }; result: RuleFault | null };
  /** Begins to send what a route missed, in the order in which it arrived. */
  forward_missed: { args: { route: string }; result: ForwardProgress };
  /** Ends that; what was sent stays sent. */
  forward_cancel: { args: { route: string }; result: null };
  /** What was sent to an endpoint and what came back, with its bytes. */
  attempt_detail: { args: { id: string }; result: AttemptDetail };
  /** The programs that make tunnels, and whether they are here. */
  tunnel_programs: { args: Record<string, never>; result: Array<TunnelProgram> };
  /** Where such a program is; an empty path looks for it on the path again. */
  tunnel_choose: { args: { program: string; path: string }; result: Array<TunnelProgram> };
  /** Starts a tunnel to the listener; one that is open ends. */
  tunnel_start: { args: { program: string }; result: TunnelState };
  /** Ends the tunnel. */
  tunnel_stop: { args: Record<string, never>; result: TunnelState };
  /** The public address of a tunnel that the user runs without Countersign; an empty one forgets it. */
  tunnel_own_url: { args: { url: string }; result: TunnelState };
  /** A draft to begin with. */
  draft_start: { args: { source: DraftSource }; result: DraftStart };
  /** How requests of a provider can be signed. */
  signing_options: { args: { provider: string }; result: SigningOptions };
  /** What a draft will be when it is sent now: its headers, and the verdict that it should get. Nothing is sent. */
  draft_preview: { args: { draft: Draft; signing: SigningChoice }; result: DraftPreview };
  /** Sends a draft and answers with what came back. `token` names it for `send_cancel`; `delivery` is what the attempt stands beside. */
  draft_send: { args: { token: string; delivery: string | null; draft: Draft; signing: SigningChoice; options: SendOptions }; result: AttemptInfo };
  /** Sends a delivery again, byte for byte: to `to`, or to where it was forwarded. */
  delivery_resend: { args: { token: string; id: string; to: string | null }; result: AttemptInfo };
  /** Ends what is being sent under that token: its socket is closed. */
  send_cancel: { args: { token: string }; result: null };
  /** What was sent, newest first; `before` is the id of the last one of the page before. */
  attempts_page: { args: { before: string | null; limit: number }; result: Array<AttemptInfo> };
  /** A draft as a text to be copied. With `keep_out`, values that are credentials are left out. */
  draft_copy: { args: { draft: Draft; signing: SigningChoice; form: CopyForm; keep_out: boolean }; result: Copied };
  /** A delivery as a text to be copied, as it would be resent. */
  delivery_copy: { args: { id: string; form: CopyForm; keep_out: boolean }; result: Copied };
  /** The user's templates, by name. */
  templates: { args: Record<string, never>; result: Array<TemplateInfo> };
  /** Saves a draft under a name; a template of that name is replaced. */
  template_save: { args: { name: string; draft: Draft; signing: SigningChoice }; result: Array<TemplateInfo> };
  /** Removes a template. */
  template_remove: { args: { id: string }; result: Array<TemplateInfo> };
  /** The named values. */
  named_values: { args: Record<string, never>; result: Array<NamedValue> };
  /** Replaces them. */
  named_values_set: { args: { values: Array<NamedValue> }; result: Array<NamedValue> };
  /** Begins to resend many deliveries. */
  batch_start: { args: { request: BatchRequest }; result: BatchState };
  /** Holds the batch, or lets it go on; none where there is none. */
  batch_pause: { args: { paused: boolean }; result: BatchState | null };
  /** Ends the batch: what is under way is cut off, the rest is not sent. */
  batch_cancel: { args: Record<string, never>; result: BatchState | null };
  /** Resends what of the last batch was not answered with a 2xx. */
  batch_retry: { args: Record<string, never>; result: BatchState };
  /** The batch that runs or ran last. */
  batch: { args: Record<string, never>; result: BatchState | null };
  /** A page of its deliveries, in order; with `open_only`, those that were not answered with a 2xx. */
  batch_items: { args: { from: number; limit: number; open_only: boolean }; result: Array<BatchItem> };
  /** Stops judging again; what was judged stays judged. */
  rejudge_cancel: { args: Record<string, never>; result: null };
  /** Ready commands that send a signed sample of a provider to the listener. With `make_secret`, a test secret is made and stored where the provider has none; without it the sample is then signed with the rule's published one. */
  snippets: { args: { provider: string; make_secret: boolean }; result: Array<Snippet> };
  /** Signs a sample of a provider and posts it to the listener over HTTP. */
  test_delivery: { args: { provider: string; event_type: string | null }; result: TestDelivery };
  /** The languages and frameworks for which there is receiving code. */
  snippet_languages: { args: Record<string, never>; result: Array<SnippetLanguage> };
  /** The code that receives a provider's webhooks and verifies them, in a language by its id. */
  snippet: { args: { provider: string; language: string }; result: SnippetInfo };
}
