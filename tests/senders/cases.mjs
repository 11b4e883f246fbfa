// The cases that make_fixtures.mjs writes: what is signed, what is damaged, and what the verdict has to be.
//
// A case: {provider, name, about, body, …}. Left out: `outcome` pass, `secret` (stored) "test", `signWith` the stored
// one, `target` /<provider>, `recognised` the provider. `headers` changes the finished list; `verdicts` adds schemes.

import crypto from "node:crypto";
import { damaged } from "./cases_damaged.mjs";
import { firebirdgen } from "./cases_unsigned.mjs";
import { MAIN, SAMPLES, compact, main } from "./samples.mjs";

export const CAPTURED_AT = "2026-11-20T12:00:00Z";
const NOW = Date.parse(CAPTURED_AT) / 1000;
const SIGNED = ["pptvideo", "videopilot", "ihateppt", "pollo"];

// Key bytes are the SHA-256 of a label, so that anyone can make them again.
function key(provider, name) {
  for (let n = 0; ; n++) {
    const text = crypto.createHash("sha256").update(`countersign ${provider} ${name} ${n}`).digest("base64");
    if (text.includes("+") && text.includes("/")) return text;
  }
}

const base64Secrets = (provider) => ({
  test: key(provider, "test"),
  other: key(provider, "other"),
  unpadded: key(provider, "unpadded").replace(/=+$/, ""),
  urlsafe: key(provider, "urlsafe").replaceAll("+", "-").replaceAll("/", "_"),
  newline: key(provider, "newline") + "\n",
});
const textSecrets = (provider) => ({
  test: `${provider}_test_secret_protects_nothing`,
  other: `${provider}_other_secret_protects_nothing`,
});

export const SECRETS = {
  pptvideo: base64Secrets("pptvideo"),
  videopilot: textSecrets("videopilot"),
  ihateppt: textSecrets("ihateppt"),
  pollo: base64Secrets("pollo"),
  firebirdgen: {},
};

const LABEL = { pptvideo: "ppt.video", videopilot: "VideoPilot", ihateppt: "I Hate PPT", pollo: "Pollo.ai" };
const bytes = (...parts) => Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(p) : Buffer.from(p))));
const rename = (how) => (headers) => headers.map(([name, value]) => [how(name), value]);

// The verdicts of all five schemes on a right delivery, with the provider's own secret stored and no other.
const MATRIX = {
  pptvideo: {
    pptvideo: "pass",
    videopilot: "missing",
    ihateppt: "malformed",
    pollo: "no_secret",
    firebirdgen: "unsigned",
  },
  videopilot: {
    pptvideo: "missing",
    videopilot: "pass",
    ihateppt: "missing",
    pollo: "missing",
    firebirdgen: "unsigned",
  },
  ihateppt: { pptvideo: "missing", videopilot: "missing", ihateppt: "pass", pollo: "missing", firebirdgen: "unsigned" },
  pollo: {
    pptvideo: "no_secret",
    videopilot: "missing",
    ihateppt: "malformed",
    pollo: "pass",
    firebirdgen: "unsigned",
  },
};

function samples() {
  const shapeOnly = "The document gives the shape alone; the values are filled in.";
  const about = {
    pptvideo: {
      succeeded: `A finished task. ${shapeOnly}`,
      failed: `A failed task. ${shapeOnly}`,
      progress: "A progress event. The document names such events without showing one: the body is an assumption.",
    },
    pollo: { "task.succeed": `A finished task. ${shapeOnly}`, "task.failed": `A failed task. ${shapeOnly}` },
  };
  const out = [];
  for (const provider of SIGNED) {
    for (const [name, body] of Object.entries(SAMPLES[provider])) {
      if (name === "webhook.verification") continue;
      const text = about[provider]?.[name] ?? `The document's sample of ${name}, signed.`;
      out.push({ provider, name, about: text, body, verdicts: MATRIX[provider] });
    }
    out.push({
      provider,
      name: `${MAIN[provider]}-compact`,
      about: `The sample of ${MAIN[provider]} on one line.`,
      body: compact(main(provider)),
    });
  }
  const verification = SAMPLES.ihateppt["webhook.verification"];
  const bare = (headers) => headers.filter(([name]) => name === "Content-Type");
  const unsigned = { provider: "ihateppt", body: verification, outcome: "missing", headers: bare };
  out.push(
    {
      ...unsigned,
      name: "webhook.verification",
      about: "The handshake as the document shows it: no signature headers.",
    },
    {
      ...unsigned,
      name: "recognised-by-body-verification",
      about: "The handshake on a neutral path: the body's shape names the provider.",
      target: "/hook",
    },
    {
      provider: "ihateppt",
      name: "webhook.verification-signed",
      about: "The handshake with a signature: judged like any other delivery.",
      body: verification,
    },
  );
  return out;
}

// Right deliveries that careless readers break, and deliveries without a secret.
function traps(provider) {
  const sample = main(provider);
  const flip = (name) => [...name].map((c, i) => (i % 2 ? c.toUpperCase() : c.toLowerCase())).join("");
  return [
    { name: "pass-body-empty", about: "The body is empty.", body: "" },
    {
      name: "pass-body-not-utf8",
      about: "The body is not UTF-8; the signature is over its bytes.",
      body: Buffer.from("fffe0080c3280a", "hex"),
    },
    {
      name: "pass-body-bom",
      about: "The body begins with a byte order mark, signed with it; JSON.parse would refuse it.",
      body: bytes([0xef, 0xbb, 0xbf], sample),
    },
    {
      name: "pass-body-crlf",
      about: "The body has CRLF line ends, signed with them.",
      body: sample.replaceAll("\n", "\r\n"),
    },
    { name: "pass-body-trailing-newline", about: "The body ends in a line end, signed with it.", body: sample + "\n" },
    { name: "pass-json-array", about: "The body is JSON and not an object.", body: `[${compact(sample)}]` },
    {
      name: "pass-header-names-odd-case",
      about: "The header names are in odd case.",
      body: sample,
      headers: rename(flip),
    },
    {
      name: "pass-header-names-lower-case",
      about: "The header names are in lower case.",
      body: sample,
      headers: rename((n) => n.toLowerCase()),
    },
    {
      name: "no-secret",
      about: "A right delivery, and no secret is stored.",
      body: sample,
      secret: null,
      signWith: "test",
      outcome: "no_secret",
    },
    {
      name: "malformed-without-secret",
      about: "An empty signature is unreadable without a secret too.",
      body: sample,
      secret: null,
      signWith: "test",
      damage: "empty_signature",
      outcome: "malformed",
    },
  ].map((c) => ({ provider, ...c }));
}

function clock(provider) {
  const at = (name, seconds, outcome, about) => ({
    provider,
    name,
    about,
    body: main(provider),
    timestamp: String(NOW + seconds),
    outcome,
  });
  return [
    at("pass-timestamp-300-seconds-old", -300, "pass", "Just inside the tolerance."),
    at("stale-301-seconds-old", -301, "stale", "Just outside the tolerance."),
    at("pass-timestamp-300-seconds-ahead", 300, "pass", "A clock that is ahead, just inside the tolerance."),
    at("stale-301-seconds-ahead", 301, "stale", "A clock that is ahead, just outside the tolerance."),
  ];
}

function withId(provider) {
  const stored = { unpadded: "has no padding", urlsafe: "is in the url-safe alphabet", newline: "ends in a line end" };
  return [
    ...Object.entries(stored).map(([secret, what]) => ({
      provider,
      name: `pass-secret-${secret}`,
      body: main(provider),
      secret,
      about: `The stored secret ${what}; signed with what Node decodes it to.`,
    })),
    {
      provider,
      name: "pass-id-with-dots",
      about: "The id has dots in it, as the separator is.",
      body: main(provider),
      id: "evt.2026.11.20",
    },
  ];
}

function sameId(provider, change) {
  const about = "The same event id twice, with different bodies: the";
  const first = main(provider);
  if (first === change(first)) throw new Error(`${provider}: the second body is the first`);
  return [
    { provider, name: "pass-same-id-first", about: `${about} first.`, body: first, id: "msg_same" },
    { provider, name: "pass-same-id-second", about: `${about} second.`, body: change(first), id: "msg_same" },
  ];
}

function recognition() {
  const hook = { target: "/hook" };
  const byHeaders = (provider) => ({
    ...hook,
    provider,
    name: "recognised-by-headers",
    body: main(provider),
    verdicts: MATRIX[provider],
    about: `A neutral path: the headers fit ${LABEL[provider]} alone.`,
  });
  const bySecret = (provider) => ({
    ...hook,
    provider,
    name: "recognised-by-secret",
    body: main(provider),
    verdicts: MATRIX[provider],
    about: "A neutral path and headers that fit two schemes: the one whose secret verifies.",
  });
  const noSecret = {
    secret: null,
    signWith: "test",
    outcome: "no_secret",
    verdicts: { pptvideo: "no_secret", pollo: "no_secret" },
  };
  const byBody = (provider) => ({
    ...hook,
    ...noSecret,
    provider,
    name: "recognised-by-body",
    body: main(provider),
    about: "A neutral path, headers that fit two schemes and no secret: the body's shape.",
  });
  return [
    byHeaders("videopilot"),
    byHeaders("ihateppt"),
    bySecret("pptvideo"),
    bySecret("pollo"),
    byBody("pptvideo"),
    byBody("pollo"),
    {
      ...hook,
      ...noSecret,
      provider: "pptvideo",
      name: "unrecognised",
      about: "A neutral path, headers that fit two schemes, no secret and no JSON.",
      body: "hello",
      recognised: null,
    },
    {
      provider: "pollo",
      name: "recognised-by-path",
      about: "The first path segment names the provider; more may follow.",
      body: main("pollo"),
      target: "/pollo/anything?try=2",
    },
    {
      provider: "videopilot",
      name: "recognised-by-path-before-headers",
      about: "VideoPilot's headers on Pollo.ai's path: the path comes first.",
      body: main("videopilot"),
      target: "/pollo",
      recognised: "pollo",
      verdicts: { videopilot: "pass", pollo: "missing" },
    },
  ];
}

function hostile() {
  const event = "<script>alert(1)</script>\u202etxt.exe\u0000";
  const data = { video_id: "<img src=x onerror=alert(1)>", title: "\u2066bidirectional\u2069 \u001b[31mred" };
  return [
    {
      provider: "videopilot",
      name: "pass-hostile-text",
      about: "Script tags, bidirectional marks and control characters as values.",
      body: JSON.stringify({ event, data, timestamp: "2024-01-15T10:30:00.000Z" }, null, 2),
    },
    {
      provider: "videopilot",
      name: "pass-body-deeply-nested",
      about: "2,000 arrays within each other.",
      body: "[".repeat(2000) + "]".repeat(2000),
    },
    {
      provider: "videopilot",
      name: "pass-body-nul-bytes",
      about: "NUL bytes in the body.",
      body: "\u0000\u0000{}\u0000",
    },
  ];
}

export const CASES = [
  ...samples(),
  ...SIGNED.flatMap((provider) => [...damaged(provider), ...traps(provider)]),
  ...["pptvideo", "ihateppt", "pollo"].flatMap(clock),
  ...["pptvideo", "pollo"].flatMap(withId),
  ...sameId("pptvideo", (b) => b.replace("succeeded", "failed")),
  ...sameId("videopilot", (b) => b.replace("25690112", "25690113")),
  ...sameId("ihateppt", (b) => b.replace('"pages": 8', '"pages": 9')),
  ...sameId("pollo", (b) => b.replace('"succeed"', '"failed"')),
  ...recognition(),
  ...hostile(),
  ...firebirdgen(),
];
