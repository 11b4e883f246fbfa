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
export type AttemptKind = "forward" | "resend" | "draft" | "batch" | "confirmation" | "lab" | "check";

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
 * A probe of which two checks found something else.
 */
export type CheckChange = { 
/**
 * The probe's id.
 */
probe: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The level before; none where that check had no such probe.
 */
before: CheckLevel | null, 
/**
 * The level after, likewise.
 */
after: CheckLevel | null, 
/**
 * The answer before.
 */
answer_before: string, 
/**
 * The answer after.
 */
answer_after: string, 
/**
 * In words: “mended”, “new fault”.
 */
words: string, };

/**
 * Two checks beside each other.
 */
export type CheckComparison = { 
/**
 * The earlier run.
 */
before: string, 
/**
 * The later one.
 */
after: string, 
/**
 * In a sentence: “2 mended, 1 new fault, 21 as before.”
 */
summary: string, 
/**
 * What changed, the worst first.
 */
changes: Array<CheckChange>, 
/**
 * Probes with the same level in both.
 */
same: number, 
/**
 * What makes them hard to compare: another provider, another endpoint.
 */
notes: Array<string>, };

/**
 * A report as a file.
 */
export type CheckExport = { 
/**
 * A name for it.
 */
file_name: string, 
/**
 * Its content.
 */
text: string, };

/**
 * What came of one probe.
 */
export type CheckFinding = { 
/**
 * The probe.
 */
probe: ProbeInfo, 
/**
 * What came of it.
 */
level: CheckLevel, 
/**
 * The answer in a few words: “500 in 12 ms”; empty where nothing was asked.
 */
answer: string, 
/**
 * The status of the last answer.
 */
status: number | null, 
/**
 * How long the last answer took, in microseconds.
 */
took_us: number | null, 
/**
 * What it means, in a sentence or two; empty where it holds and there is nothing to say. “Same cause as above.” where
 * `same_as` is given.
 */
meaning: string, 
/**
 * What is wrong with the endpoint, as a word: `throws_on_unequal_length`.
 */
cause: string | null, 
/**
 * The title of how to mend it: “unequal lengths throw”.
 */
mend: string | null, 
/**
 * The id of the probe whose finding has the same cause and stands first.
 */
same_as: string | null, 
/**
 * What to look at in a handler, for `check_mend`: `compare`.
 */
topic: string | null, 
/**
 * The attempts, in order.
 */
attempts: Array<string>, };

/**
 * How a report is written.
 */
export type CheckFormat = "json" | "markdown" | "junit";

/**
 * What a check looks at.
 */
export type CheckKind = "shape" | "expected_id" | "duplicate";

/**
 * What came of a probe.
 */
export type CheckLevel = "fault" | "warning" | "question" | "note" | "hold" | "not_asked";

/**
 * How to mend what a finding found: a handler for the provider, and where to look in it.
 */
export type CheckMend = { 
/**
 * The language's id, `node`.
 */
language: string, 
/**
 * Its name, `Node`.
 */
language_name: string, 
/**
 * The handler.
 */
code: string, 
/**
 * The lines that the topic is about, from 1, first and last.
 */
lines: Array<[number, number]>, };

/**
 * How far a check is.
 */
export type CheckPhase = "refusing" | "waiting" | "working" | "finished" | "cancelled" | "interrupted" | "failed";

/**
 * What a check will do.
 */
export type CheckPlan = { 
/**
 * The provider's id.
 */
provider: string, 
/**
 * Its name.
 */
provider_name: string, 
/**
 * The endpoint.
 */
endpoint: string, 
/**
 * The event that is sent.
 */
event: string, 
/**
 * The events that could be.
 */
events: Array<string>, 
/**
 * The names of the secrets that are signed with, the first one most.
 */
secrets: Array<string>, 
/**
 * The probes, in the order in which they are sent.
 */
probes: Array<ProbeInfo>, 
/**
 * What to know before the first one leaves, in a sentence or two: what the valid ones set off.
 */
warning: string, 
/**
 * How many make a right endpoint work.
 */
working: number, 
/**
 * How long an answer is waited for, in milliseconds.
 */
timeout_ms: number, 
/**
 * Sentences about what this check cannot say.
 */
notes: Array<string>, 
/**
 * What stands in the way of starting it, in a sentence.
 */
problem: string | null, };

/**
 * The report card of a check.
 */
export type CheckReport = { 
/**
 * The run's id.
 */
run: string, 
/**
 * What was asked for; checking again takes it as it is.
 */
request: CheckRequest, 
/**
 * The provider's name.
 */
provider_name: string, 
/**
 * The event that was sent.
 */
event: string, 
/**
 * The names of the secrets.
 */
secrets: Array<string>, 
/**
 * How far it is.
 */
phase: CheckPhase, 
/**
 * When it began: RFC 3339, UTC.
 */
started_at: string, 
/**
 * When it ended: RFC 3339, UTC.
 */
ended_at: string | null, 
/**
 * “3 faults, 1 warning”.
 */
headline: string, 
/**
 * The score.
 */
score: CheckScore, 
/**
 * One for each probe, in the order of the plan.
 */
findings: Array<CheckFinding>, 
/**
 * Sentences about the whole: what cannot be said, what was left out.
 */
notes: Array<string>, 
/**
 * Why it could not be carried on.
 */
problem: string | null, };

/**
 * What is to be checked.
 */
export type CheckRequest = { 
/**
 * By whose rules, and as whom.
 */
provider: string, 
/**
 * The endpoint's URL.
 */
endpoint: string, 
/**
 * Which event of the provider's catalogue is sent; the one that says most where it is not given.
 */
event: string | null, 
/**
 * The secrets to sign with, by name; all of the provider's where none is named.
 */
secrets: Array<string>, 
/**
 * Ids of events that the endpoint waits for, used in turn, the last one for ever; made up where none is given.
 */
ids: Array<string>, 
/**
 * How the endpoint's state is read, to see whether something was done.
 */
state: StateProbe | null, 
/**
 * How long an answer is waited for, in milliseconds; as long as the provider does where it is not given.
 */
timeout_ms: number | null, 
/**
 * The endpoint's certificate is not checked: for one that is self-signed.
 */
any_certificate: boolean, 
/**
 * Only these probes, by id; all where none is named.
 */
only: Array<string>, 
/**
 * What makes the endpoint work is sent without asking first.
 */
yes: boolean, };

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
 * How many findings of which weight.
 */
export type CheckScore = { 
/**
 * Probes that hold.
 */
hold: number, 
/**
 * Faults.
 */
faults: number, 
/**
 * Warnings.
 */
warnings: number, 
/**
 * Questions.
 */
questions: number, 
/**
 * Notes.
 */
notes: number, 
/**
 * Probes that were not asked.
 */
not_asked: number, 
/**
 * The share of what holds among what holds, faults and warnings, 0 to 100; none where nothing was weighed.
 */
percent: number | null, };

/**
 * The progress of a check, for the stream of events.
 */
export type CheckState = { 
/**
 * The run's id.
 */
run: string, 
/**
 * How far it is.
 */
phase: CheckPhase, 
/**
 * Probes that are done.
 */
done: number, 
/**
 * Probes in all.
 */
total: number, 
/**
 * The name of the one that is being sent.
 */
current: string | null, };

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
 * The status that the listener answered; 0 where a rule had it send no answer, and where it was imported.
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
 * Who sent it, `ip:port`; empty where it was imported.
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
 * The file that it was imported from; absent where it was received.
 */
origin?: ImportOrigin, 
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
text: string, } | { "kind": "fixture", 
/**
 * Its path.
 */
file: string, } | { "kind": "empty" };

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
delivery: string | null, } | { "type": "batch" } & BatchState | { "type": "check" } & CheckState | { "type": "templates_changed" } | { "type": "runs_changed" } | { "type": "lab" } & LabState | { "type": "forwarding" } & ForwardProgress | { "type": "import" } & ImportState | { "type": "folders_changed", 
/**
 * The folder; none where the list changed.
 */
path: string | null, } | { "type": "export" } & ExportState | { "type": "reset", 
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
 * What was chosen for the last export, to be offered for the next one.
 */
export type ExportDefaults = { 
/**
 * The format.
 */
format: ExportFormat, 
/**
 * Into a zip file; else into a folder.
 */
zip: boolean, 
/**
 * The folder, absolute; empty where none was chosen yet.
 */
folder: string, 
/**
 * The zip file, absolute; empty where none was chosen yet.
 */
file: string, 
/**
 * Kinds that are masked.
 */
kinds: Array<RedactKind>, 
/**
 * JSON pointers that are masked.
 */
pointers: Array<string>, };

/**
 * Where an export goes.
 */
export type ExportDestination = { "kind": "folder", 
/**
 * Its path, absolute.
 */
path: string, } | { "kind": "zip", 
/**
 * Its path, absolute.
 */
path: string, };

/**
 * One file of an export.
 */
export type ExportFile = { 
/**
 * Its name below the folder or in the zip file.
 */
name: string, 
/**
 * The delivery; none where it has several.
 */
delivery: string | null, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * What became of it.
 */
outcome: ExportOutcome, };

/**
 * What deliveries are written as.
 */
export type ExportFormat = "fixtures" | "har" | "curl" | "http" | "postman" | "raw" | "csv" | "ndjson";

/**
 * A format as a menu shows it.
 */
export type ExportFormatInfo = { 
/**
 * The format.
 */
format: ExportFormat, 
/**
 * Its name for a person.
 */
label: string, 
/**
 * One sentence: what it is good for.
 */
about: string, 
/**
 * What its files' names end with, such as `.json`.
 */
extension: string, 
/**
 * All deliveries are in one file; else each has its own.
 */
one_file: boolean, 
/**
 * It can be copied as a text where several deliveries are selected; each can be copied alone.
 */
copies_many: boolean, 
/**
 * What it cannot carry, one sentence each.
 */
notes: Array<string>, };

/**
 * What became of a file.
 */
export type ExportOutcome = "written" | "overwritten" | "unchanged" | "skipped" | "exists";

/**
 * What would go out.
 */
export type ExportPreview = { 
/**
 * How many deliveries.
 */
deliveries: number, 
/**
 * How many of them were searched: the first ones, where they are very many.
 */
searched: number, 
/**
 * The names of the files, the first 50.
 */
names: Array<string>, 
/**
 * How many files there will be, bodies in files of their own apart.
 */
files: number, 
/**
 * How large they will be together, in bytes; an estimate where not all were searched.
 */
bytes: number, 
/**
 * What was found.
 */
found: Array<FoundInfo>, 
/**
 * How many of the searched deliveries will be signed anew.
 */
signed_anew: number, 
/**
 * The text of the first file as it will be, its first 20,000 characters.
 */
sample: string, 
/**
 * What is to be known, one sentence or two each.
 */
notes: Array<string>, 
/**
 * What should be thought about before, one sentence or two each.
 */
warnings: Array<string>, };

/**
 * What is exported, and how.
 */
export type ExportRequest = { 
/**
 * Which deliveries.
 */
selection: ExportSelection, 
/**
 * As what.
 */
format: ExportFormat, 
/**
 * What is masked.
 */
redaction: Redaction, 
/**
 * Where curl scripts, `.http` files and Postman collections send to, `http://localhost:3000`; the listener's usual
 * address where it is not given.
 */
base_url: string | null, 
/**
 * Test files that are written beside fixtures; none where none are wanted.
 */
tests: ExportTests | null, };

/**
 * Which deliveries go out, oldest first.
 */
export type ExportSelection = { "kind": "ids", 
/**
 * Their ids.
 */
ids: Array<string>, } | { "kind": "filter", 
/**
 * The filter.
 */
filter: string, } | { "kind": "run", 
/**
 * The run's id.
 */
run: string, } | { "kind": "batch" };

/**
 * How far an export has come.
 */
export type ExportState = { 
/**
 * Deliveries to export.
 */
total: number, 
/**
 * Those that are done.
 */
done: number, 
/**
 * It goes on.
 */
running: boolean, 
/**
 * It was cancelled.
 */
cancelled: boolean, 
/**
 * Why it broke off; none where it did not.
 */
problem: string | null, 
/**
 * Files that are new.
 */
written: number, 
/**
 * Files that replaced others.
 */
overwritten: number, 
/**
 * Files that were there with the same content.
 */
unchanged: number, 
/**
 * Files that were left out because others are there.
 */
skipped: number, 
/**
 * Files that are there with other content, where it was to be asked: nothing was written. See `export_files`.
 */
existing: number, 
/**
 * Where it went: the folder or the zip file.
 */
path: string, 
/**
 * The format.
 */
format: ExportFormat, 
/**
 * The test files that belong to it.
 */
tests: Array<ExportTestFile>, 
/**
 * One sentence: what became of it.
 */
outcome: string, 
/**
 * What is to be known, one sentence or two each.
 */
notes: Array<string>, 
/**
 * When it began: RFC 3339, UTC.
 */
started_at: string, };

/**
 * A test file that belongs to an export.
 */
export type ExportTestFile = { 
/**
 * Its name below the folder or in the zip file.
 */
name: string, 
/**
 * The id of its provider.
 */
provider: string, 
/**
 * How it is run, one line for a shell, from the folder.
 */
command: string, 
/**
 * The environment variable that it reads the secret from; empty where the provider does not sign.
 */
secret_env: string, 
/**
 * What its user must know, one sentence each.
 */
notes: Array<string>, };

/**
 * Test files for fixtures: one for each provider that is among them.
 */
export type ExportTests = { 
/**
 * The test runner: a [`TestRunnerInfo`]'s `id`.
 */
runner: string, 
/**
 * The app that the tests call; where none is given they send to a URL.
 */
app: TestedApp | null, };

/**
 * Deliveries as a text to be copied.
 */
export type ExportText = { 
/**
 * The text.
 */
text: string, 
/**
 * What is to be known about it, one sentence or two each.
 */
notes: Array<string>, };

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
 * A fixture file with all that is known of it but its body.
 */
export type FixtureDetail = { 
/**
 * The row, with the verdicts of all schemes.
 */
file: FixtureFile, 
/**
 * The request line's version.
 */
http_version: string, 
/**
 * The headers, in order and as in the file.
 */
headers: Array<WireHeader>, 
/**
 * Request line and headers as they would stand on the wire.
 */
raw_head: WireBytes, 
/**
 * The body in the file, in bytes.
 */
kept_len: number, 
/**
 * The body as it was sent, in bytes.
 */
body_len: number, 
/**
 * The media type that the headers say.
 */
content_type: string | null, 
/**
 * Every scheme's verdict, explained.
 */
verdicts: Array<VerdictDetail>, 
/**
 * Everything that it expects, and what came.
 */
expected: Array<Unexpected>, 
/**
 * The places that were masked when it was exported, in words.
 */
masked: Array<string>, 
/**
 * The name of the published test secret that it was signed anew with.
 */
signed_with: string | null, };

/**
 * A field in which a fixture and a delivery are different.
 */
export type FixtureField = { 
/**
 * `method`, `target`, `version`, `headers`, `body`, `captured_at`, `secret`, or one of what is expected.
 */
field: string, 
/**
 * In a sentence: what differs.
 */
words: string, 
/**
 * What the file says, where that is short.
 */
old: string | null, 
/**
 * What the delivery says, where that is short.
 */
new: string | null, };

/**
 * A fixture file as it is now.
 */
export type FixtureFile = { 
/**
 * Its path, absolute; it names the file.
 */
file: string, 
/**
 * Its path within the folder.
 */
name: string, 
/**
 * What it is; none where it cannot be read.
 */
format: ImportFormat | null, 
/**
 * Why it is no fixture, one or two sentences.
 */
problem: string | null, 
/**
 * Where in it that is, from 1.
 */
line: number | null, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * When it was written last, RFC 3339.
 */
modified_at: string | null, 
/**
 * What it shows, as it says.
 */
about: string | null, 
/**
 * When it was captured, RFC 3339.
 */
captured_at: string | null, 
/**
 * The method.
 */
method: string | null, 
/**
 * The path with its query, as sent.
 */
target: string | null, 
/**
 * The provider that it is recognised as now.
 */
provider: string | null, 
/**
 * The event's type.
 */
event_type: string | null, 
/**
 * The event's id.
 */
event_id: string | null, 
/**
 * The verdicts of its own schemes with the secrets that are stored now, by the clock of its capture.
 */
verdicts: Array<VerdictSummary>, 
/**
 * Whether the verdicts are what it expects; none where it expects nothing.
 */
as_expected: boolean | null, 
/**
 * What is not as it expects.
 */
unexpected: Array<Unexpected>, 
/**
 * The delivery of the log that it was made of; none where that is not there.
 */
capture: string | null, 
/**
 * What differs from that delivery; empty where nothing does.
 */
differs: Array<FixtureField>, 
/**
 * What to know about it, a sentence or two each.
 */
notes: Array<string>, };

/**
 * What of a folder is shown.
 */
export type FixtureFilter = { 
/**
 * Words that all stand in the name, the provider, the event, the target or what the file says it shows.
 */
text: string, 
/**
 * The state.
 */
state: FixtureState, };

/**
 * Which files of a folder are shown.
 */
export type FixtureState = "all" | "unexpected" | "differs" | "broken";

/**
 * How many files of a folder are how. Every file is in one of `hold`, `unexpected`, `silent` and `broken`.
 */
export type FolderCounts = { 
/**
 * All of them.
 */
files: number, 
/**
 * Their verdicts are what they expect.
 */
hold: number, 
/**
 * Their verdicts are not.
 */
unexpected: number, 
/**
 * They expect nothing.
 */
silent: number, 
/**
 * They cannot be read.
 */
broken: number, 
/**
 * They differ from the delivery that they were made of.
 */
differs: number, };

/**
 * What an update of a fixture from a delivery would change. Nothing is written.
 */
export type FolderDiff = { 
/**
 * The file.
 */
file: string, 
/**
 * The delivery.
 */
delivery: string, 
/**
 * The request of the file against that of the delivery.
 */
comparison: Comparison, 
/**
 * Every field that changes.
 */
fields: Array<FixtureField>, 
/**
 * The file's text as it will be, its first 20,000 characters.
 */
text: string, 
/**
 * Names the file's content: `folder_update` refuses where it has changed since.
 */
version: string, 
/**
 * What to know before, a sentence or two each.
 */
notes: Array<string>, };

/**
 * A folder of fixtures.
 */
export type FolderInfo = { 
/**
 * Its path, absolute; it names the folder.
 */
path: string, 
/**
 * Its last part.
 */
name: string, 
/**
 * Files in it and below it that may be fixtures.
 */
files: number, 
/**
 * Changes of its files are noticed; else reading it again shows them.
 */
watched: boolean, 
/**
 * Why it cannot be read, or why its changes are not noticed; a sentence.
 */
problem: string | null, };

/**
 * A page of a folder's files, by name.
 */
export type FolderPage = { 
/**
 * The files.
 */
files: Array<FixtureFile>, 
/**
 * All files of the folder.
 */
total: number, 
/**
 * Those that the filter takes.
 */
matched: number, 
/**
 * `before` of the next page; none at the end.
 */
next: string | null, 
/**
 * There are more files than are listed: the limit, in a sentence.
 */
problem: string | null, };

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
 * Something that was found and may be masked: one place in all deliveries that have it.
 */
export type FoundInfo = { 
/**
 * Names the place, for [`Redaction`]'s `mask` and `keep`: `header:authorization`, `query:token`, `json:/data/email`.
 */
key: string, 
/**
 * What it is.
 */
kind: RedactKind, 
/**
 * Where it is, for a person: “header Authorization”, “/data/email in the body”.
 */
place: string, 
/**
 * Its JSON pointer, where it is a value in a JSON body.
 */
pointer: string | null, 
/**
 * The first one that was found, shortened and partly masked.
 */
shown: string, 
/**
 * In how many deliveries.
 */
deliveries: number, 
/**
 * The first of them.
 */
first: string, 
/**
 * It is masked with these choices.
 */
masked: boolean, 
/**
 * Masking it is suggested.
 */
suggested: boolean, 
/**
 * It is always masked: a stored secret.
 */
always: boolean, 
/**
 * Masking it changes what is signed, so that the delivery is signed anew with a test secret.
 */
signed: boolean, };

/**
 * A framework as a menu shows it.
 */
export type FrameworkInfo = { 
/**
 * How it is asked for: flask, fastapi, express or next.
 */
id: string, 
/**
 * Its name for a person.
 */
name: string, 
/**
 * A module as it may be given: `webhook`.
 */
module: string, 
/**
 * A name of the app as it may be given: `app`.
 */
app: string, };

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
 * One file of an import.
 */
export type ImportFile = { 
/**
 * The file, as it was named; “pasted text”.
 */
file: string, 
/**
 * What it is read as; none where that is not known.
 */
format: ImportFormat | null, 
/**
 * The format's name for a person.
 */
label: string | null, 
/**
 * Deliveries that can be read.
 */
deliveries: number, 
/**
 * What cannot be read of it.
 */
faults: number, };

/**
 * What deliveries are read from.
 */
export type ImportFormat = "fixture" | "har" | "http" | "curl" | "postman" | "ndjson" | "payload" | "raw";

/**
 * Where an import reads.
 */
export type ImportInput = { "kind": "paths", 
/**
 * Absolute paths.
 */
paths: Array<string>, } | { "kind": "text", 
/**
 * The text.
 */
text: string, };

/**
 * One item of a file.
 */
export type ImportItem = { 
/**
 * The file, as it was named; “pasted text”.
 */
file: string, 
/**
 * Which one of the file's, from 1; 0 where it is the file as a whole.
 */
item: number, 
/**
 * The line it begins on or is wrong on, from 1; none where that cannot be said.
 */
line: number | null, 
/**
 * What it is, for a person: its name in the file, or method and path.
 */
title: string, 
/**
 * What became of it.
 */
outcome: ImportOutcome, 
/**
 * The delivery: the new one, or the one that was there.
 */
delivery: string | null, 
/**
 * Why it could not be read, or was passed over, one or two sentences.
 */
reason: string | null, 
/**
 * The provider it is recognised as, by its id; none too where it is there already.
 */
provider: string | null, 
/**
 * The event's type, likewise.
 */
event_type: string | null, 
/**
 * The method; none where it cannot be read.
 */
method: string | null, 
/**
 * The path without its query, likewise.
 */
path: string | null, 
/**
 * Bytes of the body, likewise.
 */
body_len: number | null, 
/**
 * When it was received, RFC 3339, where the file says it.
 */
received_at: string | null, 
/**
 * What to know about it, a sentence or two each.
 */
notes: Array<string>, };

/**
 * A page of the items of an import.
 */
export type ImportItems = { 
/**
 * As many can be listed: the first 10,000, and the first 10,000 that could not be read.
 */
total: number, 
/**
 * The page.
 */
items: Array<ImportItem>, };

/**
 * Where an imported delivery comes from.
 */
export type ImportOrigin = { 
/**
 * The file's name, or “pasted text”.
 */
name: string, 
/**
 * What it was read as.
 */
format: ImportFormat, 
/**
 * The format's name for a person: “HAR 1.2”.
 */
label: string, };

/**
 * What becomes of one item.
 */
export type ImportOutcome = "ready" | "imported" | "duplicate" | "failed" | "passed_over";

/**
 * What an import would do. Nothing is written.
 */
export type ImportPreview = { 
/**
 * Files that would be read.
 */
files_total: number, 
/**
 * The files that were looked into: the first 10,000, as far as they hold 10,000 items and 500 MB.
 */
files: Array<ImportFile>, 
/**
 * Deliveries that would come in; of what was looked into.
 */
ready: number, 
/**
 * Deliveries that are in the log already and would be passed over.
 */
duplicates: number, 
/**
 * Items that cannot be read.
 */
failed: number, 
/**
 * Files in folders that are nothing to import.
 */
passed_over: number, 
/**
 * Some of it was not looked into, because it is very much.
 */
partial: boolean, 
/**
 * Bare payloads of which no provider is known. In folders they are passed over.
 */
unrecognised: number, 
/**
 * The items, in the order of the files.
 */
items: Array<ImportItem>, 
/**
 * What to know about the whole, a sentence or two each.
 */
notes: Array<string>, };

/**
 * What is imported, and how.
 */
export type ImportRequest = { 
/**
 * Where it is read, in this order.
 */
inputs: Array<ImportInput>, 
/**
 * The provider of those bare JSON payloads that are not recognised by the shape of their body, by its id: they come in
 * on its path. It changes nothing of whole requests.
 */
provider: string | null, };

/**
 * How far an import has come.
 */
export type ImportState = { 
/**
 * Files to read.
 */
files_total: number, 
/**
 * Those that were read.
 */
files_done: number, 
/**
 * The file that is being read; none where it is over.
 */
file: string | null, 
/**
 * Deliveries that came in.
 */
imported: number, 
/**
 * Deliveries that were in the log already.
 */
duplicates: number, 
/**
 * Items that could not be read.
 */
failed: number, 
/**
 * Files in folders that are nothing to import.
 */
passed_over: number, 
/**
 * It goes on.
 */
running: boolean, 
/**
 * It was cancelled; what came in stays.
 */
cancelled: boolean, 
/**
 * Why it broke off; what came in stays.
 */
problem: string | null, 
/**
 * One sentence: what became of it.
 */
outcome: string, 
/**
 * When it began: RFC 3339, UTC.
 */
started_at: string, };

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
 * An attempt of a run.
 */
export type LabAttempt = { 
/**
 * Its number in the schedule, from 1; of what announces a retry, that retry's; beside the schedule, its number in its
 * experiment.
 */
number: number, 
/**
 * It announces a retry, and is none itself.
 */
announces: boolean, 
/**
 * What it was sent for beside the schedule.
 */
experiment: LabExperiment | null, 
/**
 * The attempt in the log, for `attempt_detail`; none while it is not known.
 */
id: string | null, 
/**
 * When it was planned, on the schedule's clock, in milliseconds after the first attempt.
 */
planned_ms: number, 
/**
 * When it was sent, on the schedule's clock.
 */
sent_ms: number, 
/**
 * When it was really sent: RFC 3339, UTC.
 */
sent_at: string, 
/**
 * What came.
 */
came: LabCame, 
/**
 * The answer's status.
 */
status: number | null, 
/**
 * What came, in a word: `200`, `timeout`, `refused`.
 */
label: string, 
/**
 * It counts as delivered.
 */
good: boolean, 
/**
 * How long it took, in microseconds.
 */
took_us: number | null, 
/**
 * Until the connection stood, in microseconds.
 */
connected_us: number | null, 
/**
 * Until the answer's first byte, in microseconds.
 */
first_byte_us: number | null, 
/**
 * What decided what comes next, in words: `not exactly 200 → retry in 10 s`.
 */
why: string, 
/**
 * What went wrong on purpose, in words.
 */
fault: string | null, 
/**
 * What the endpoint had answered, where that was lost on purpose.
 */
lost_status: number | null, 
/**
 * How it was signed, in words.
 */
signing: string | null, 
/**
 * Why there was no answer, in a sentence.
 */
error: string | null, };

/**
 * What came of an attempt of a run.
 */
export type LabCame = "sending" | "answered" | "timeout" | "no_answer" | "cut";

/**
 * A finding of both runs.
 */
export type LabComparedFinding = { 
/**
 * What was tried.
 */
experiment: LabExperiment, 
/**
 * In the one.
 */
a: LabFinding | null, 
/**
 * In the other.
 */
b: LabFinding | null, 
/**
 * The same was found.
 */
alike: boolean, };

/**
 * An attempt of both runs.
 */
export type LabComparedRow = { 
/**
 * Its number.
 */
number: number, 
/**
 * In the one.
 */
a: LabAttempt | null, 
/**
 * In the other.
 */
b: LabAttempt | null, 
/**
 * They came out alike: same label, same decision.
 */
alike: boolean, };

/**
 * Two runs side by side.
 */
export type LabComparison = { 
/**
 * The one.
 */
a: RunInfo, 
/**
 * The other.
 */
b: RunInfo, 
/**
 * What they have not in common, one sentence each: provider, policy, endpoint.
 */
differences: Array<string>, 
/**
 * The attempts of both, by number.
 */
rows: Array<LabComparedRow>, 
/**
 * The findings of both, by what was tried.
 */
findings: Array<LabComparedFinding>, };

/**
 * What a run waits for.
 */
export type LabCountdown = { 
/**
 * The attempt.
 */
attempt: number, 
/**
 * When it leaves, really: RFC 3339, UTC. While the run is held this moves on.
 */
due_at: string, 
/**
 * How long from now, really, in milliseconds, as this was told.
 */
left_ms: number, 
/**
 * How long the provider would wait, in milliseconds.
 */
wait_ms: number, 
/**
 * When it leaves on the schedule's clock, in milliseconds after the first attempt.
 */
offset_ms: number, };

/**
 * Where a run goes.
 */
export type LabEndpoint = { "kind": "url", 
/**
 * An http or https address.
 */
url: string, 
/**
 * Any certificate is accepted.
 */
any_certificate: boolean, } | { "kind": "practice", 
/**
 * It forgets what it has done, and so does it twice: to see how that is found.
 */
forgetful: boolean, };

/**
 * What is tried beside the schedule.
 */
export type LabExperiment = "lost_ack" | "at_once" | "out_of_order" | "late";

/**
 * An exported run.
 */
export type LabExport = { 
/**
 * A name for the file.
 */
name: string, 
/**
 * Its text.
 */
text: string, };

/**
 * What goes wrong in front of the endpoint.
 */
export type LabFault = { 
/**
 * What.
 */
kind: LabFaultKind, 
/**
 * On which attempts of the schedule, by number from 1; empty: on every one.
 */
attempts: Array<number>, };

/**
 * What goes wrong.
 */
export type LabFaultKind = { "kind": "status", 
/**
 * The status.
 */
status: number, } | { "kind": "refused" } | { "kind": "closed" } | { "kind": "slow", 
/**
 * How long, in milliseconds, up to 600,000.
 */
ms: number, } | { "kind": "lose_ack" };

/**
 * A finding.
 */
export type LabFinding = { 
/**
 * What was tried.
 */
experiment: LabExperiment, 
/**
 * Its name for a person: `duplicate after lost ack`.
 */
label: string, 
/**
 * What was found.
 */
kind: LabFindingKind, 
/**
 * How it is to be taken.
 */
weight: LabWeight, 
/**
 * In a sentence.
 */
words: string, 
/**
 * The attempts that it rests on, in the log.
 */
attempts: Array<string>, };

/**
 * What was found about doing things once.
 */
export type LabFindingKind = "ran_twice" | "may_have_run_twice" | "same_unchanged" | "unchanged" | "recognised" | "same_thing" | "cannot_tell" | "refused" | "not_tried";

/**
 * The form of an exported run.
 */
export type LabFormat = "json" | "markdown" | "svg";

/**
 * What a run is doing.
 */
export type LabPhase = "preparing" | "sending" | "waiting" | "probing" | "experimenting" | "ended";

/**
 * A schedule before it is started.
 */
export type LabPlan = { 
/**
 * The attempts.
 */
attempts: Array<LabPlanned>, 
/**
 * From the first attempt to the last, in milliseconds.
 */
total_ms: number, 
/**
 * The same in words: `130 s`, `2 days 4 h`.
 */
total: string, 
/**
 * The same where every attempt takes as long as it may, in words.
 */
longest: string, 
/**
 * How long the waiting really takes at the chosen speed, in milliseconds.
 */
waiting_ms: number, 
/**
 * The same in words.
 */
waiting: string, 
/**
 * The seed of the jitter.
 */
seed: number, 
/**
 * Where to, as it is shown.
 */
endpoint: string, 
/**
 * The event, in words.
 */
event: string, 
/**
 * How many requests are sent at the most, with what is tried beside the schedule.
 */
requests: number, 
/**
 * What to know before it starts, one sentence each.
 */
warnings: Array<string>, };

/**
 * An attempt of a schedule.
 */
export type LabPlanned = { 
/**
 * Its number, from 1.
 */
attempt: number, 
/**
 * After the first, where every attempt fails at once; in milliseconds.
 */
offset_ms: number, 
/**
 * After the end of the one before; in milliseconds.
 */
wait_ms: number, 
/**
 * The offset in words: `10 s`, `32 min`.
 */
offset: string, 
/**
 * What goes wrong with it, in words; none: it reaches the endpoint.
 */
fault: string | null, };

/**
 * A provider's policy.
 */
export type LabPolicy = { 
/**
 * The provider's id.
 */
provider: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The policy in use: the user's where there is one.
 */
policy: RetryPolicy, 
/**
 * What its file says.
 */
own: RetryPolicy, 
/**
 * The policy in use, row by row.
 */
rows: Array<RetryRow>, 
/**
 * The intervals in use, in words: `10, 30, 90 s`.
 */
intervals: string, 
/**
 * One line below the choice: `documented · timeout 10 s · success is exactly 200`.
 */
summary: string, 
/**
 * The user saved one of his own.
 */
edited: boolean, 
/**
 * It signs its deliveries.
 */
signs: boolean, };

/**
 * How the endpoint's state is read, before and after.
 */
export type LabProbe = { "kind": "url", 
/**
 * The address.
 */
url: string, } | { "kind": "command", 
/**
 * The program and its words, with quotes as in a shell. No shell reads it.
 */
command: string, };

/**
 * What is to be tried.
 */
export type LabRequest = { 
/**
 * Whose schedule.
 */
provider: string, 
/**
 * A policy for this run alone; the provider's where it is not given.
 */
policy: RetryPolicy | null, 
/**
 * The event: a delivery, an attempt, a template, or an event of the catalogue. A pasted text is not taken: it would
 * be kept with the run.
 */
source: DraftSource, 
/**
 * Where to.
 */
endpoint: LabEndpoint, 
/**
 * How fast the waiting goes.
 */
speed: LabSpeed, 
/**
 * The time that is signed.
 */
timestamps: LabTimestamps, 
/**
 * How it is signed.
 */
signing: LabSigning, 
/**
 * What the jitter is drawn from.
 */
seed: number, 
/**
 * What goes wrong in front of the endpoint.
 */
faults: Array<LabFault>, 
/**
 * What is tried after the schedule.
 */
also: Array<LabExperiment>, 
/**
 * The event that follows, for `out_of_order`; the one after it in the catalogue where it is not given.
 */
next_event: string | null, 
/**
 * How the endpoint's state is read.
 */
probe: LabProbe | null, 
/**
 * Fields that do not count when answers and states are compared: JSON pointers (RFC 6901).
 */
ignore: Array<string>, };

/**
 * How a run's requests are signed.
 */
export type LabSigning = { "kind": "sign", 
/**
 * The name of one of its secrets; the first one where none is given.
 */
secret: string | null, } | { "kind": "keep" };

/**
 * How fast the waiting between attempts goes. Attempts and their timeouts take the time they take.
 */
export type LabSpeed = { "kind": "real" } | { "kind": "faster", 
/**
 * How many.
 */
times: number, } | { "kind": "none" };

/**
 * How far a run has come.
 */
export type LabState = { 
/**
 * The run.
 */
run: RunInfo, 
/**
 * What was asked: `lab_start` with it repeats the run.
 */
request: LabRequest, 
/**
 * The policy that it goes by.
 */
policy: RetryPolicy, 
/**
 * The same, row by row, as it was when the run began.
 */
rows: Array<RetryRow>, 
/**
 * The provider's name.
 */
provider_name: string, 
/**
 * The event, in words.
 */
event: string, 
/**
 * Where to, as it is shown.
 */
endpoint: string, 
/**
 * What was planned.
 */
plan: LabPlan, 
/**
 * What it is doing.
 */
phase: LabPhase, 
/**
 * The user holds it.
 */
paused: boolean, 
/**
 * What it waits for.
 */
countdown: LabCountdown | null, 
/**
 * The attempts of the schedule, in order, with what announced them.
 */
attempts: Array<LabAttempt>, 
/**
 * The attempts of what was tried beside it, in order.
 */
tried: Array<LabAttempt>, 
/**
 * What was found.
 */
findings: Array<LabFinding>, 
/**
 * Whether the event was delivered by the schedule; none as long as that is open.
 */
delivered: boolean | null, 
/**
 * `Delivered on attempt 4 of 4`.
 */
headline: string, 
/**
 * `FirebirdGen schedule against localhost:3000/api/webhook · 130.3 s of schedule in 2.2 s`.
 */
summary: string, 
/**
 * How far the schedule's clock is, in milliseconds.
 */
schedule_ms: number, 
/**
 * How long the run has really taken, in milliseconds, without the time between an interruption and its resuming.
 */
real_ms: number, 
/**
 * What else to know: gaps, changed secrets, one sentence each.
 */
notes: Array<string>, };

/**
 * The time that is signed.
 */
export type LabTimestamps = "now" | "as_scheduled";

/**
 * How a finding is to be taken.
 */
export type LabWeight = "good" | "bad" | "open";

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
 * What is done about a file that is there already with other content. One with the same content is left alone.
 */
export type OnExisting = "ask" | "overwrite" | "skip" | "number";

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
 * What a probe is about.
 */
export type ProbeGroup = "refuse" | "accept" | "answer" | "weigh";

/**
 * A probe before it is sent.
 */
export type ProbeInfo = { 
/**
 * Its id, `signature_cut_short`.
 */
id: string, 
/**
 * Its name: “Refuses a signature cut short”.
 */
name: string, 
/**
 * What it is about.
 */
group: ProbeGroup, 
/**
 * What is sent, in a sentence.
 */
sent: string, 
/**
 * What is expected, in a sentence.
 */
expected: string, 
/**
 * Why, in a sentence.
 */
why: string, 
/**
 * Where that stands: “VideoPilot: Respond quickly”.
 */
source: string, 
/**
 * A right endpoint works on it as on an event of the provider: it is sent after the confirmation alone.
 */
works: boolean, };

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
 * What may be masked.
 */
export type RedactKind = "credentials" | "cookies" | "tokens" | "tunnel_addresses" | "client_ips" | "emails" | "chosen" | "secrets";

/**
 * What is masked.
 */
export type Redaction = { 
/**
 * Kinds that are masked wherever they stand. Stored secrets are always.
 */
kinds: Array<RedactKind>, 
/**
 * Places that are masked whatever their kind: [`FoundInfo`]'s `key`.
 */
mask: Array<string>, 
/**
 * Places that are not masked whatever their kind.
 */
keep: Array<string>, 
/**
 * JSON pointers into bodies that are masked; a step `*` stands for any.
 */
pointers: Array<string>, 
/**
 * Bodies and the headers that are signed leave as they were captured, but for stored secrets.
 */
keep_exact: boolean, };

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
 * An event that announces each retry.
 */
export type RetryAnnounce = { 
/**
 * Its type in the catalogue.
 */
event_type: string, 
/**
 * Whether it is sent.
 */
on: boolean, };

/**
 * Who says so.
 */
export type RetryBasis = "documented" | "assumed" | "not_documented" | "edited";

/**
 * When a provider comes again.
 */
export type RetryDelays = { "kind": "list", 
/**
 * In seconds, one for each retry.
 */
seconds: Array<number>, } | { "kind": "exponential", 
/**
 * The first, in seconds.
 */
first_s: number, 
/**
 * How many times.
 */
factor: number, 
/**
 * None is longer, in seconds.
 */
cap_s: number | null, };

/**
 * A header with a value.
 */
export type RetryHeader = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its value, in any case; empty: any.
 */
value: string, };

/**
 * What a provider does after an attempt, as plain values that the user may edit.
 */
export type RetryPolicy = { 
/**
 * How many attempts at the most, the first included: 1 to 100.
 */
attempts: number, 
/**
 * From one attempt's end to the next attempt.
 */
delays: RetryDelays, 
/**
 * The share by which a wait may be longer, 0 to 1.
 */
jitter: number, 
/**
 * Seconds within which an answer is due: 1 to 600.
 */
timeout_s: number, 
/**
 * What counts as delivered: `200`, `2xx`, or statuses, `200, 202`.
 */
success: string, 
/**
 * Statuses that end it at once.
 */
stop_on: Array<number>, 
/**
 * A header of an answer that ends it at once.
 */
stop_header: RetryHeader | null, 
/**
 * Answers that say themselves, by `Retry-After`, when to come again.
 */
throttle: RetryThrottle | null, 
/**
 * What a redirect is.
 */
redirects: RetryRedirects, 
/**
 * Each attempt is signed anew, with its own time and the same id; else all leave as the first was signed.
 */
sign_anew: boolean, 
/**
 * Headers of each attempt, name and value; `{attempt}` stands for its number, `{retry}` for that of the retry.
 */
headers: Array<[string, string]>, 
/**
 * An event that announces each retry.
 */
announce: RetryAnnounce | null, };

/**
 * What is wrong with a policy.
 */
export type RetryPolicyFault = { 
/**
 * The field, as in [`RetryRow`].
 */
field: string, 
/**
 * One sentence.
 */
sentence: string, };

/**
 * What a redirect is to a provider.
 */
export type RetryRedirects = "fail" | "follow";

/**
 * A row of a policy.
 */
export type RetryRow = { 
/**
 * The field: `attempts`, `delays`, `jitter`, `timeout`, `success`, `stop_on`, `stop_header`, `throttle`, `redirects`,
 * `sign_anew`, `headers`, `announce`.
 */
field: string, 
/**
 * Its name for a person.
 */
label: string, 
/**
 * In words.
 */
value: string, 
/**
 * Who says so.
 */
basis: RetryBasis, 
/**
 * What the document says instead.
 */
note: string | null, };

/**
 * Which answers' `Retry-After` is heeded.
 */
export type RetryThrottle = { 
/**
 * Of these statuses.
 */
on: Array<number>, 
/**
 * But no longer than this, in seconds.
 */
cap_s: number, };

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
 * A run, as short as a list needs it.
 */
export type RunInfo = { 
/**
 * Decimal id.
 */
id: string, 
/**
 * What it is of.
 */
kind: RunKind, 
/**
 * What it is about: the event's type, the provider's name.
 */
title: string, 
/**
 * The provider's id.
 */
provider: string | null, 
/**
 * Where its attempts go.
 */
endpoint: string, 
/**
 * How far it is.
 */
state: RunState, 
/**
 * When it began: RFC 3339, UTC.
 */
started_at: string, 
/**
 * When it ended; where it was interrupted, when it was last heard of.
 */
ended_at: string | null, 
/**
 * What came of it, in a sentence.
 */
outcome: string | null, };

/**
 * What a run is of.
 */
export type RunKind = "lab" | "check";

/**
 * A page of runs, newest first.
 */
export type RunPage = { 
/**
 * The runs.
 */
runs: Array<RunInfo>, 
/**
 * `before` of the next page; none where there is none.
 */
next: string | null, };

/**
 * How far a run is.
 */
export type RunState = "running" | "finished" | "cancelled" | "interrupted" | "failed";

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
snippet_language: string, 
/**
 * What was chosen for the last export.
 */
export: ExportDefaults, };

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
snippet_language?: string, 
/**
 * What is offered for the next export.
 */
export?: ExportDefaults, };

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
 * How the endpoint's state is read.
 */
export type StateProbe = { "kind": "url", 
/**
 * The URL.
 */
url: string, } | { "kind": "command", 
/**
 * The command.
 */
command: string, };

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
 * A test runner as a menu shows it.
 */
export type TestRunnerInfo = { 
/**
 * How it is asked for: pytest, vitest, jest, go, cargo, phpunit or rspec.
 */
id: string, 
/**
 * Its name for a person.
 */
name: string, 
/**
 * The frameworks whose app it can call.
 */
frameworks: Array<FrameworkInfo>, };

/**
 * An app that tests call without a server of its own.
 */
export type TestedApp = { 
/**
 * Its framework: a [`FrameworkInfo`]'s `id`.
 */
framework: string, 
/**
 * The module that has it, as its language imports it: `webhook`, `../src/app.js`.
 */
module: string, 
/**
 * Its name there: `app`; `default` is a module's default export.
 */
name: string, 
/**
 * The path that it takes webhooks on: `/webhook`.
 */
path: string, };

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
 * Something that is not as a fixture expects.
 */
export type Unexpected = { 
/**
 * `recognised`, `event_type`, `event_id`, a scheme, or a check.
 */
what: string, 
/**
 * What the fixture says.
 */
expected: string, 
/**
 * What came.
 */
got: string, };

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
  /** Runs of the retry lab or of the endpoint check, newest first; `before` is the `next` of the page before. */
  runs_page: { args: { kind: RunKind | null; before: string | null; limit: number }; result: RunPage };
  /** Removes a run with its attempts, ending it where it goes on; answers whether it was there. */
  run_remove: { args: { id: string }; result: boolean };
  /** Ends a run that goes on: the sockets are closed, what was found is kept. */
  run_cancel: { args: { id: string }; result: null };
  /** Holds a run, or lets it go on. */
  run_pause: { args: { id: string; paused: boolean }; result: null };
  /** Does not wait for what comes next. */
  run_skip: { args: { id: string }; result: null };
  /** The retry policies, by provider, as they are used. */
  lab_policies: { args: Record<string, never>; result: Array<LabPolicy> };
  /** What is wrong with a policy, before it is saved. */
  lab_policy_check: { args: { policy: RetryPolicy }; result: Array<RetryPolicyFault> };
  /** Saves a policy of the user's own for a provider. */
  lab_policy_set: { args: { provider: string; policy: RetryPolicy }; result: LabPolicy };
  /** Goes back to the policy of the provider's file. */
  lab_policy_reset: { args: { provider: string }; result: LabPolicy };
  /** The whole schedule of a run, before it is started. Nothing is sent. */
  lab_plan: { args: { request: LabRequest }; result: LabPlan };
  /** Starts a run. `Lab` events tell how it goes on; `run_pause`, `run_skip` and `run_cancel` steer it. */
  lab_start: { args: { request: LabRequest }; result: LabState };
  /** Goes on with a run that was interrupted, with the attempts that remain. */
  lab_resume: { args: { id: string }; result: LabState };
  /** A run, whether it goes on or not. */
  lab: { args: { id: string }; result: LabState };
  /** Two runs side by side. */
  lab_compare: { args: { a: string; b: string }; result: LabComparison };
  /** A run as a file. */
  lab_export: { args: { id: string; format: LabFormat }; result: LabExport };
  /** What an import would do. Nothing is written. Another preview, an import or `import_cancel` breaks it off, with what was seen by then. */
  import_preview: { args: { request: ImportRequest }; result: ImportPreview };
  /** Begins an import; its state comes as events. */
  import_start: { args: { request: ImportRequest }; result: ImportState };
  /** Ends the import; what came in stays. */
  import_cancel: { args: Record<string, never>; result: ImportState | null };
  /** The import that runs or ran last. */
  import_state: { args: Record<string, never>; result: ImportState | null };
  /** A page of its items, in order, or of those of one outcome. */
  import_items: { args: { from: number; limit: number; outcome: ImportOutcome | null }; result: ImportItems };
  /** The folders of fixtures that the user works with; from then on their changes are told as events. */
  folders: { args: Record<string, never>; result: Array<FolderInfo> };
  /** Adds a folder. */
  folder_add: { args: { path: string }; result: Array<FolderInfo> };
  /** Removes a folder from the list; its files stay. */
  folder_remove: { args: { path: string }; result: Array<FolderInfo> };
  /** A page of a folder's files by name, as they are now; `before` is the `next` of the page before, `limit` is 1 to 500. */
  folder_files: { args: { path: string; filter: FixtureFilter; before: string | null; limit: number }; result: FolderPage };
  /** How many of a folder's files are as they expect. It looks at all of them. */
  folder_counts: { args: { path: string }; result: FolderCounts };
  /** A fixture with all that is known of it but its body; of a file that is none, its text as `raw_head`. */
  folder_file: { args: { file: string }; result: FixtureDetail };
  /** A fixture's body, as base64. */
  folder_body: { args: { file: string }; result: string };
  /** What an update of a fixture from a delivery would change. Nothing is written. */
  folder_diff: { args: { file: string; delivery: string }; result: FolderDiff };
  /** Updates a fixture from a delivery; `version` is that of the difference that was shown. */
  folder_update: { args: { file: string; delivery: string; version: string }; result: FixtureFile };
  /** Sends a fixture to an endpoint, as it is. `token` names it for `send_cancel`. */
  folder_send: { args: { token: string; file: string; to: string }; result: AttemptInfo };
  /** Stops judging again; what was judged stays judged. */
  rejudge_cancel: { args: Record<string, never>; result: null };
  /** Ready commands that send a signed sample of a provider to the listener. With `make_secret`, a test secret is made and stored where the provider has none; without it the sample is then signed with the rule's published one. */
  snippets: { args: { provider: string; make_secret: boolean }; result: Array<Snippet> };
  /** Signs a sample of a provider and posts it to the listener over HTTP. */
  test_delivery: { args: { provider: string; event_type: string | null }; result: TestDelivery };
  /** What a check would send, what that sets off, and what stands in its way. Nothing is sent. */
  check_plan: { args: { request: CheckRequest }; result: CheckPlan };
  /** Begins a check and answers its run's id: first what must be refused, then, once `check_go_on` says so or at once with `yes`, what makes the endpoint work. */
  check_start: { args: { request: CheckRequest }; result: string };
  /** Whether a check that waits sends the rest too, or ends with what it has. */
  check_go_on: { args: { run: string; yes: boolean }; result: null };
  /** The report card of a check, as far as it has come. */
  check: { args: { run: string }; result: CheckReport };
  /** What changed from one check to another. */
  check_compare: { args: { before: string; after: string }; result: CheckComparison };
  /** A report as a file's content; `language` is that of the code in it, by id. */
  check_export: { args: { run: string; format: CheckFormat; language: string | null }; result: CheckExport };
  /** How to mend what a finding is about, in a language by its id; none where there is nothing to show. */
  check_mend: { args: { provider: string; topic: string; language: string }; result: CheckMend | null };
  /** The languages and frameworks for which there is receiving code. */
  snippet_languages: { args: Record<string, never>; result: Array<SnippetLanguage> };
  /** The code that receives a provider's webhooks and verifies them, in a language by its id. */
  snippet: { args: { provider: string; language: string }; result: SnippetInfo };
  /** What deliveries can be exported as. */
  export_formats: { args: Record<string, never>; result: Array<ExportFormatInfo> };
  /** The test runners for which test files can be written beside fixtures. */
  export_test_runners: { args: Record<string, never>; result: Array<TestRunnerInfo> };
  /** What would go out: files, what was found in them, what is to be known. Nothing is written. */
  export_preview: { args: { request: ExportRequest }; result: ExportPreview };
  /** Begins an export; its state comes as events. With `ask`, nothing is written where files of other content are there. */
  export_start: { args: { request: ExportRequest; destination: ExportDestination; on_existing: OnExisting }; result: ExportState };
  /** Ends the export: files that are there are whole, the others are not written. */
  export_cancel: { args: Record<string, never>; result: ExportState | null };
  /** The export that runs or ran last. */
  export_state: { args: Record<string, never>; result: ExportState | null };
  /** A page of its files, in order; with `existing_only`, those that were there already with other content. */
  export_files: { args: { from: number; limit: number; existing_only: boolean }; result: Array<ExportFile> };
  /** Deliveries as a text to be copied, up to 5 MB. */
  export_text: { args: { request: ExportRequest }; result: ExportText };
}
