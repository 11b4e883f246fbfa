//! The endpoint check against real endpoints: who does what a provider's document shows comes out without a fault, and each
//! classic mistake gets its finding, at its level, and no other.

use countersign_tests::{Ended, Ran, countersign, root, run};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// A secret that is text and base64 alike.
const SECRET: &str = "dGhlIHNlY3JldCBvZiB0aGlzIHRlc3Qgb25seQ==";
/// Checks at a time: they wait for each other's processes more than for anything else.
const AT_A_TIME: usize = 6;
/// Slower than I Hate PPT advises, slower than FirebirdGen allows.
const SLOW: [(&str, &str); 3] = [("ihateppt", "5300"), ("videopilot", "20000"), ("firebirdgen", "11000")];

/// A reference endpoint as a process.
struct Endpoint {
    port: String,
    _process: Ended,
}

impl Endpoint {
    /// `node ihateppt careful trims`.
    fn start(words: &str) -> Endpoint {
        let mut words = words.split(' ');
        let language = words.next().expect("a language");
        let script = if language == "node" { "endpoint.mjs" } else { "endpoint.py" };
        let rest: Vec<&str> = words.collect();
        let slow = SLOW.iter().find(|(provider, _)| *provider == rest[0]).map_or("0", |(_, ms)| ms);
        let mut command = Command::new(if language == "node" { "node" } else { "python3" });
        command.arg(root().join("tests/endpoints").join(script)).args(rest).env("SECRET", SECRET).env("SLOW_MS", slow);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut port).expect("it says its port");
        Endpoint { port: port.trim().to_owned(), _process: Ended(child) }
    }

    /// `countersign check ARGS` against it; `STATE` in them is where it shows its state.
    fn check(&self, provider: &str, args: &str) -> Ran {
        let folder = tempfile::tempdir().expect("a folder");
        let base = format!("http://127.0.0.1:{}", self.port);
        let mut command = countersign(&folder.path().join("log.db"), &["check", "--provider", provider]);
        command
            .args(["--to", &format!("{base}/hook")])
            .args(["--secret", &format!("{provider}=env:S")])
            .env("S", SECRET);
        let ran =
            run(command.args(args.split_whitespace().map(|word| word.replace("STATE", &format!("{base}/state")))), b"");
        assert!(!ran.text().contains(SECRET) && !ran.err.contains(SECRET), "the secret is nowhere");
        ran
    }
}

/// What was found beside what holds, by level and cause: `fault trims_body: white_space_at_end`.
fn found(ran: &Ran) -> Vec<String> {
    let mut by: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for line in ran.lines().iter().filter(|line| line["type"] == "probe") {
        let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        if ["fault", "warning", "note"].contains(&word("level").as_str()) {
            by.entry((word("level"), word("cause"))).or_default().push(word("id"));
        }
    }
    by.into_iter().map(|((level, cause), ids)| format!("{level} {cause}: {}", ids.join(" "))).collect()
}

/// A row: the endpoint, what the check is told, the exit code, what is found.
type Row = (&'static str, &'static str, i32, &'static [&'static str]);

const TIMES: &str = "warning ignores_timestamp: stale future timestamp_not_a_number";
const IDS: &str = "--yes --id known_1 --id known_2 --id known_3 --id known_4 --id known_5 --id known_6 --id known_7 --id \
                   known_8 --id known_9 --id known_10 --id known_11 --id known_12 --id known_13 --id known_14";

/// Endpoints that do what the documents show, and such as do everything right: no fault.
const RIGHT: &[Row] = &[
    (
        "node pptvideo documented",
        "--yes",
        0,
        &[
            "note takes_doubled: signature_doubled",
            "warning decodes_chunk_by_chunk: large_unicode",
            TIMES,
            "warning throws_on_not_json: signed_not_json",
            "warning throws_on_unequal_length: signature_malformed signature_cut_short signature_too_long other_encoding \
             algorithm_sha1 algorithm_sha512",
        ],
    ),
    (
        "python pptvideo documented",
        "--yes",
        0,
        &[
            "note breaks_on_shape: wrong_shape",
            "note takes_doubled: signature_doubled",
            TIMES,
            "warning reads_content_length: chunked",
            "warning throws_on_not_json: signed_not_json",
        ],
    ),
    (
        "node videopilot documented",
        "--yes",
        0,
        &[
            "note replay: replay",
            "warning limits_body: large large_unicode",
            "warning takes_header_for_granted: signature_missing",
            "warning throws_on_not_json: signed_not_json",
            "warning throws_on_unequal_length: signature_empty signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512 prefix_missing signature_doubled",
        ],
    ),
    (
        "python videopilot documented",
        "--yes",
        0,
        &[
            "note breaks_on_shape: wrong_shape",
            "note replay: replay",
            "note takes_doubled: signature_doubled",
            "warning takes_header_for_granted: signature_missing",
        ],
    ),
    ("node ihateppt documented", "--yes", 0, &["note breaks_on_shape: wrong_shape", TIMES]),
    (
        "python ihateppt documented",
        "--yes",
        0,
        &[
            "note breaks_on_shape: wrong_shape",
            "note takes_doubled: signature_doubled",
            "note wants_content_type: content_type",
            TIMES,
            "warning takes_header_for_granted: signature_missing",
        ],
    ),
    (
        "node pollo documented",
        "--yes",
        0,
        &[
            "warning answers_do_not_say: body_changed other_secret timestamp_changed id_changed not_json",
            "warning takes_header_for_granted: signature_missing",
            "warning throws_on_not_json: signed_not_json",
            "warning throws_on_unequal_length: signature_empty signature_malformed signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512",
        ],
    ),
    (
        "python pollo documented",
        "--yes",
        0,
        &[
            "note breaks_on_shape: wrong_shape",
            "warning answers_do_not_say: body_changed other_secret signature_empty signature_malformed signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512 timestamp_changed id_changed not_json",
            "warning takes_header_for_granted: signature_missing",
            "warning throws_on_not_json: signed_not_json",
        ],
    ),
    ("node firebirdgen documented", "--yes", 0, &[]),
    ("node firebirdgen documented", IDS, 0, &["warning refuses_duplicate: duplicate"]),
    (
        "python firebirdgen documented",
        "--yes",
        0,
        &[
            "note breaks_on_shape: wrong_shape",
            "note wants_content_type: content_type",
            "warning does_not_validate: field_missing",
            "warning takes_unknown_ids: unknown_id",
        ],
    ),
    (
        "node pollo documented",
        "--yes --probe STATE",
        0,
        &[
            "note one_signature_only: several_by_space several_by_comma several_headers",
            "warning decodes_chunk_by_chunk: large_unicode",
            TIMES,
            "warning takes_header_for_granted: signature_missing",
            "warning throws_on_not_json: signed_not_json",
            "warning throws_on_unequal_length: signature_empty signature_malformed signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512",
            "warning works_twice: duplicate",
        ],
    ),
    ("node pptvideo careful", "--yes --probe STATE", 0, &[]),
    ("node videopilot careful", "--yes --probe STATE", 0, &["note replay: replay"]),
    ("node ihateppt careful", "--yes --probe STATE", 0, &[]),
    ("node pollo careful", "--yes --probe STATE", 0, &[]),
    (
        "python ihateppt careful",
        "--yes --probe-command curl${IFS}-s${IFS}STATE",
        0,
        &["note takes_doubled: signature_doubled"],
    ),
];

/// One classic mistake each.
const WRONG: &[Row] = &[
    (
        "node ihateppt careful reserialises",
        "--yes",
        1,
        &[
            "fault parses_before_verifying: not_json",
            "fault reserialises: unicode_escaped white_space white_space_at_end",
            "fault throws_on_not_json: signed_not_json",
        ],
    ),
    (
        "node ihateppt careful hashes_object",
        "--yes",
        1,
        &["fault hashes_object: valid", "fault parses_before_verifying: not_json"],
    ),
    (
        "node ihateppt careful latin1",
        "--yes",
        1,
        &["fault decodes_in_another_charset: unicode", "warning decodes_in_another_charset: large_unicode"],
    ),
    ("node ihateppt careful trims", "--yes", 1, &["fault trims_body: white_space_at_end"]),
    ("node ihateppt careful body_gone", "--yes", 1, &["fault hashes_nothing: valid"]),
    (
        "node ihateppt careful throws_on_length",
        "--yes",
        1,
        &[
            "fault throws_on_unequal_length: signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512 prefix_missing signature_doubled",
        ],
    ),
    ("node ihateppt careful accepts_missing", "--yes", 1, &["fault skips_missing: signature_missing signature_empty"]),
    (
        "node ihateppt careful throws_on_mismatch",
        "--yes",
        1,
        &[
            "fault throws_instead_of_refusing: body_changed other_secret signature_malformed signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512 prefix_missing timestamp_changed not_json signature_doubled",
        ],
    ),
    ("node ihateppt careful throws_on_not_json", "--yes", 1, &["fault throws_on_not_json: signed_not_json"]),
    (
        "node ihateppt careful any_secret",
        "--yes",
        1,
        &["fault form_only: body_changed other_secret signature_malformed timestamp_changed"],
    ),
    ("node ihateppt careful compares_beginning", "--yes", 1, &["fault compares_a_part: signature_cut_short"]),
    ("node ihateppt careful prefix_optional", "--yes", 1, &["fault takes_without_prefix: prefix_missing"]),
    ("node ihateppt careful ignores_timestamp", "--yes", 0, &[TIMES]),
    ("node ihateppt careful number_passes", "--yes", 0, &["warning not_a_number_passes: timestamp_not_a_number"]),
    ("node ihateppt careful answers_201", "--yes", 1, &["fault wrong_success_status: success_status"]),
    ("node ihateppt careful no_handshake", "--yes", 1, &["fault handshake_unanswered: handshake"]),
    ("node ihateppt careful signed_handshake", "--yes", 0, &["warning handshake_wants_signature: handshake"]),
    (
        "node ihateppt careful exact_header",
        "--yes",
        1,
        &["fault reads_header_by_case: header_case", "note takes_doubled: signature_doubled"],
    ),
    (
        "node ihateppt careful parses_first",
        "--yes",
        1,
        &["fault parses_before_verifying: not_json", "fault throws_on_not_json: signed_not_json"],
    ),
    ("node ihateppt careful chunk_by_chunk", "--yes", 0, &["warning decodes_chunk_by_chunk: large_unicode"]),
    ("node ihateppt careful limits_body", "--yes", 0, &["warning limits_body: large large_unicode"]),
    ("node ihateppt careful redirects", "--yes", 1, &["fault redirects: valid"]),
    ("node ihateppt careful body_alone", "--yes", 1, &["fault hashes_body_alone: valid"]),
    ("node ihateppt careful refuses_duplicate", "--yes", 0, &["warning refuses_duplicate: duplicate"]),
    ("node ihateppt careful no_dedupe", "--yes --probe STATE", 0, &["warning works_twice: duplicate"]),
    (
        "node ihateppt careful works_first",
        "--yes --probe STATE",
        1,
        &["fault works_before_verifying: nothing_done", "warning works_twice: duplicate"],
    ),
    (
        "node ihateppt careful no_verify",
        "--yes --probe STATE",
        1,
        &[
            "fault does_not_verify: body_changed other_secret signature_missing signature_empty signature_malformed signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512 prefix_missing timestamp_changed",
            "note takes_doubled: signature_doubled",
            "warning does_not_verify: stale future timestamp_not_a_number",
        ],
    ),
    ("node pptvideo careful no_base64", "--yes", 1, &["fault key_not_decoded: valid"]),
    ("node pptvideo careful leaves_id_out", "--yes", 1, &["fault leaves_id_out: valid"]),
    ("node pptvideo careful throws_on_missing", "--yes", 1, &["fault takes_header_for_granted: signature_missing"]),
    (
        "node pollo careful first_signature_only",
        "--yes",
        0,
        &["note one_signature_only: several_by_space several_by_comma several_headers"],
    ),
    (
        "node pollo careful no_verify",
        "--yes",
        1,
        &[
            "fault does_not_verify: body_changed other_secret signature_missing signature_empty signature_malformed signature_cut_short signature_too_long other_encoding algorithm_sha1 algorithm_sha512 timestamp_changed id_changed",
            "warning does_not_verify: stale future timestamp_not_a_number",
        ],
    ),
    (
        "node videopilot careful answers_201",
        "--yes",
        1,
        &["fault wrong_success_status: success_status", "note replay: replay"],
    ),
    ("node ihateppt careful slow", "--yes --only valid --only in_time", 0, &["warning slow: in_time"]),
    (
        "node videopilot careful slow",
        "--yes --timeout 3s",
        0,
        &["note replay: replay", "warning too_slow: valid in_time"],
    ),
    (
        "python ihateppt careful reserialises",
        "--yes",
        1,
        &["fault parses_before_verifying: not_json", "fault reserialises: valid"],
    ),
    (
        "python ihateppt careful ascii",
        "--yes",
        1,
        &[
            "fault decodes_in_another_charset: unicode",
            "note takes_doubled: signature_doubled",
            "warning decodes_in_another_charset: large_unicode",
        ],
    ),
    (
        "python ihateppt careful number_throws",
        "--yes",
        1,
        &["fault throws_on_timestamp: timestamp_not_a_number", "note takes_doubled: signature_doubled"],
    ),
    (
        "python ihateppt careful content_length",
        "--yes",
        0,
        &["note takes_doubled: signature_doubled", "warning reads_content_length: chunked"],
    ),
    (
        "node firebirdgen documented slow",
        "--yes --only valid --only in_time --id known_1",
        1,
        &["fault too_slow: valid in_time"],
    ),
    ("node pptvideo documented dies", "--yes", 3, &["warning throws_on_unequal_length: signature_malformed"]),
];

fn hold(rows: &[Row]) {
    let (queue, wrong) = (Mutex::new(rows.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let Some((words, args, code, expected)) = queue.lock().expect("it is whole").next() else { return };
                    let endpoint = Endpoint::start(words);
                    let provider = words.split(' ').nth(1).expect("a provider");
                    let ran = endpoint.check(provider, &format!("{args} --json"));
                    let found = found(&ran);
                    if found != *expected || ran.code != Some(*code) {
                        wrong.lock().expect("it is whole").push(format!(
                            "    (\"{words}\", \"{args}\", {}, &{found:?}), // {}",
                            ran.code.unwrap_or(-1),
                            ran.err
                        ));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("it is whole");
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

#[test]
fn endpoints_that_do_what_the_documents_show_have_no_fault() {
    assert!(RIGHT.iter().all(|(_, _, _, found)| found.iter().all(|one| !one.starts_with("fault"))));
    hold(RIGHT);
}

#[test]
fn each_mistake_gets_its_finding_and_no_other() {
    hold(WRONG);
}

#[test]
fn without_a_confirmation_only_what_must_be_refused_is_sent() {
    let endpoint = Endpoint::start("node ihateppt careful");
    let ran = endpoint.check("ihateppt", "--json --probe STATE");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("only what must be refused was sent. With --yes, what is valid is sent too"),
        "{}",
        ran.err
    );
    let lines = ran.lines();
    let level = |id: &str| lines.iter().find(|line| line["id"] == id).expect("it is listed")["level"].clone();
    assert_eq!(
        (level("other_secret"), level("nothing_done"), level("handshake")),
        ("hold".into(), "hold".into(), "hold".into())
    );
    assert_eq!(
        (level("valid"), level("stale"), level("duplicate")),
        ("not_asked".into(), "not_asked".into(), "not_asked".into())
    );
    let state = Command::new("curl").args(["-s", &format!("http://127.0.0.1:{}/state", endpoint.port)]).output();
    assert_eq!(state.expect("curl runs").stdout, b"{}", "nothing was done");
}

#[test]
fn exit_codes_say_what_came_of_it() {
    let careless = Endpoint::start("node ihateppt careful ignores_timestamp");
    let words = |args: &str| careless.check("ihateppt", args).code;
    assert_eq!(words("--yes --only stale"), Some(0), "a warning");
    assert_eq!(words("--yes --only stale --strict"), Some(1), "a warning counts with --strict");
    assert_eq!(words("--yes --only nonsense"), Some(2));
    assert_eq!(words("--yes --event nonsense"), Some(2));
    assert_eq!(words("--yes --language cobol"), Some(2));
    assert_eq!(words("--json --format junit"), Some(2), "both would be on standard output");
    let ran = careless.check("pollo", "--yes --probe http://127.0.0.1:1/");
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("The state probe does not work") && ran.err.contains("Nothing was sent"), "{}", ran.err);
    let nobody = Endpoint { port: "1".to_owned(), ..careless };
    let ran = nobody.check("ihateppt", "--yes");
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("Start the endpoint, then check again"), "{}", ran.err);
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["check", "--provider", "ihateppt", "--to", "http://127.0.0.1:1/", "--yes"];
    let ran = run(&mut countersign(&folder.path().join("log.db"), &args), b"");
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("There is no secret of I Hate PPT to sign with"), "{}", ran.err);
}

#[test]
fn a_report_is_written_for_people_and_for_ci() {
    let endpoint = Endpoint::start("node ihateppt careful throws_on_length");
    let ran = endpoint.check("ihateppt", "--yes --format markdown --language python-flask");
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let text = ran.text();
    assert!(text.starts_with("# Endpoint check: 7 faults\n"), "{text}");
    assert!(text.contains("| Refuses a signature cut short | 500 in "), "{text}");
    assert!(text.contains("| fault | Same cause as above. |"), "{text}");
    assert_eq!(text.matches("\n### fault: ").count(), 1, "one cause is mended once: {text}");
    assert!(text.contains("I Hate PPT: Signature Verification") && text.contains("compare_digest"), "{text}");

    let ran = endpoint.check("ihateppt", "--yes --format junit");
    let (text, failures) = (ran.text(), ran.text().matches("<failure ").count());
    assert_eq!((ran.code, failures), (Some(1), 7), "{text}");
    assert!(text.contains(r#"tests="33" skipped="0" errors="0" failures="7""#), "{text}");
    assert!(
        text.contains(r#"<testcase name="Refuses a signature cut short" classname="signature_cut_short""#),
        "{text}"
    );

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("check.json");
    let ran = endpoint.check("ihateppt", &format!("--yes --json --format json --out {}", file.display()));
    let report: Value = serde_json::from_slice(&std::fs::read(file).expect("it was written")).expect("JSON");
    let last = ran.lines().pop().expect("a last line");
    assert_eq!((last["type"].as_str(), &last["faults"]), (Some("score"), &report["score"]["faults"]));
    assert_eq!(report["score"]["percent"], 78);
}
