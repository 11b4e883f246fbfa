// FirebirdGen's cases: good and broken shapes.

import { SAMPLES, compact } from "./samples.mjs";

// FirebirdGen signs nothing; `shape` says whether the body fits the field table of its document.
export function firebirdgen() {
  const say = {
    "success-text-to-video": "The document's sample of a finished text-to-video task.",
    "success-image-to-video": "The document's sample of a finished image-to-video task.",
    failed: "The document's sample of a failed task.",
    "success-curl-test": "The payload of the document's curl test: fewer fields, and none that is required is missing.",
  };
  const sample = SAMPLES.firebirdgen["success-text-to-video"];
  const changed = (change) => {
    const value = JSON.parse(sample);
    change(value);
    return JSON.stringify(value, null, 2);
  };
  const none = { videopilot: "missing", pptvideo: "missing", ihateppt: "missing", pollo: "missing" };
  const one = (name, about, body, shape, more) => ({
    provider: "firebirdgen",
    name,
    about,
    body,
    outcome: "unsigned",
    secret: null,
    checks: { shape },
    ...more,
  });
  return [
    ...Object.entries(SAMPLES.firebirdgen).map(([name, body]) => one(name, say[name], body, true, { verdicts: none })),
    one("success-text-to-video-compact", "The sample on one line.", compact(sample), true),
    one("recognised-by-body", "A neutral path and no headers: the body's shape.", sample, true, { target: "/hook" }),
    one("same-id-first", "The same task id twice, with different bodies: the first.", sample, true),
    one(
      "same-id-second",
      "The same task id twice, with different bodies: the second.",
      changed((v) => (v.resultUrl += "?again")),
      true,
    ),
    one(
      "shape-unknown-field",
      "A field that the table does not have: the provider may add some.",
      changed((v) => (v.credits = 3)),
      true,
    ),
    one(
      "shape-result-null",
      "resultUrl is null, as the table allows.",
      changed((v) => (v.resultUrl = null)),
      true,
    ),
    one(
      "broken-task-id-missing",
      "taskId is absent.",
      changed((v) => delete v.taskId),
      false,
    ),
    one(
      "broken-task-id-number",
      "taskId is a number.",
      changed((v) => (v.taskId = 17)),
      false,
    ),
    one(
      "broken-status-missing",
      "status is absent.",
      changed((v) => delete v.status),
      false,
    ),
    one(
      "broken-status-succeed",
      'status is "succeed", Pollo.ai\'s word.',
      changed((v) => (v.status = "succeed")),
      false,
    ),
    one(
      "broken-duration-string",
      "requestParams.duration is a string.",
      changed((v) => (v.requestParams.duration = "10")),
      false,
    ),
    one(
      "broken-result-url-number",
      "resultUrl is a number.",
      changed((v) => (v.resultUrl = 404)),
      false,
    ),
    one(
      "broken-request-params-array",
      "requestParams is an array.",
      changed((v) => (v.requestParams = [])),
      false,
    ),
    one("broken-json-array", "The body is JSON and not an object.", `[${compact(sample)}]`, false),
    one("broken-not-json", "The body is not JSON.", "taskId=task_abc123&status=success", false),
    one("broken-body-empty", "The body is empty.", "", false),
  ];
}
