#!/usr/bin/env node
// Signs a delivery by a provider's own documented rule and posts it. Node 20 or newer, no packages.
//
//   node send.mjs --provider pollo --url http://127.0.0.1:4400/pollo --secret-env SECRET --body FILE|-
//                 [--id ID] [--timestamp TEXT] [--damage NAME] [--other-secret-env VAR] [--print]
//   node send.mjs --list-damages
//   node send.mjs --batch
//
// --batch reads jobs from standard input, a JSON object a line: {url, provider, secret, body, other_secret?, id?,
// timestamp?, damage?}, and answers each with a line, {status, body} or {error}, before it reads the next.
//
// The signing code is the documents' own, translated as little as possible: what they build with a string is built
// here with bytes, so that a body that is not UTF-8 is signed as it is sent. It shares no code with Countersign.
// One JSON line on standard output: {status, body, headers_sent} or, with --print, {headers_sent, body_sent_base64}.
// Exit 0 an answer came (or --print), 2 wrong use, 3 the request could not be made.

import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

class Usage extends Error {}

// The rules -----------------------------------------------------------------------------------------------------------

// ppt.video, "Signature algorithm (HMAC-SHA-256)" and "JavaScript example"; Pollo.ai, "Code Implementation" and
// "3.1 Using JavaScript to Integrate Webhook": the two documents have the same lines.
function digestOfIdTimestampBody({ webhookId, webhookTimestamp, body, secret, hash = "sha256", key, dot = "." }) {
  const signedContent = Buffer.concat([Buffer.from(`${webhookId}${dot}${webhookTimestamp}${dot}`), body]);
  const secretBytes = key ?? Buffer.from(secret, "base64");
  return crypto.createHmac(hash, secretBytes).update(signedContent).digest();
}

// VideoPilot, "Node.js/Express Example".
function digestOfBody({ body: payload, secret, hash = "sha256", key }) {
  const hmac = crypto.createHmac(hash, key ?? secret);
  hmac.update(payload);
  return hmac.digest();
}

// I Hate PPT, "Calculate Signature" (the document has Python alone).
function digestOfTimestampBody({
  webhookTimestamp: timestamp,
  body: payload,
  secret,
  hash = "sha256",
  key,
  dot = ".",
}) {
  const message = Buffer.concat([Buffer.from(`${timestamp}${dot}`), payload]);
  return crypto
    .createHmac(hash, key ?? Buffer.from(secret, "utf-8"))
    .update(message)
    .digest();
}

const base64 = (digest) => digest.toString("base64");
const prefixedHex = (digest) => "sha256=" + digest.toString("hex");

// I Hate PPT, "Request Headers": the event's type travels in a header too, outside what is signed.
function eventHeader(body) {
  try {
    const type = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body)).type;
    return typeof type === "string" && /^[\x21-\x7e]+$/.test(type) ? [["X-Webhook-Event", type]] : [];
  } catch {
    return [];
  }
}

const idTimestampSignature = (p, signature) => [
  ["X-Webhook-Id", p.webhookId],
  ["X-Webhook-Timestamp", p.webhookTimestamp],
  ["X-Webhook-Signature", signature],
];

const RULES = {
  pptvideo: { digest: digestOfIdTimestampBody, render: base64, headers: idTimestampSignature },
  videopilot: {
    digest: digestOfBody,
    render: prefixedHex,
    headers: (p, signature) => [["X-VideoPilot-Signature", signature]],
  },
  ihateppt: {
    digest: digestOfTimestampBody,
    render: prefixedHex,
    headers: (p, signature) => [
      ["X-Webhook-Signature", signature],
      ["X-Webhook-Timestamp", p.webhookTimestamp],
      ...eventHeader(p.body),
    ],
  },
  pollo: { digest: digestOfIdTimestampBody, render: base64, headers: idTimestampSignature },
  // FirebirdGen, "Test Webhook Endpoint": a POST of JSON, nothing signed.
  firebirdgen: { digest: null, render: null, headers: () => [] },
};

// The damages ---------------------------------------------------------------------------------------------------------

const SIGNED = ["pptvideo", "videopilot", "ihateppt", "pollo"];
const TIMED = ["pptvideo", "ihateppt", "pollo"];
const WITH_ID = ["pptvideo", "pollo"];
const HEX = ["videopilot", "ihateppt"];

const isSignature = ([name]) => /-signature$/i.test(name);
const isTimestamp = ([name]) => /-timestamp$/i.test(name);
const isId = ([name]) => /-id$/i.test(name);
const drop = (is) => (headers) => headers.filter((h) => !is(h));
const twice = (is) => (headers) => headers.flatMap((h) => (is(h) ? [h, h] : [h]));
const set = (is, change) => (headers) => headers.map((h) => (is(h) ? [h[0], change(h[1])] : h));

function seconds(timestamp) {
  if (!/^\d+$/.test(timestamp)) throw new Usage(`this damage needs a timestamp in whole seconds, not "${timestamp}"`);
  return Number(timestamp);
}

// The first digit, otherwise the first letter, otherwise the last byte: JSON mostly stays JSON.
function changeOneByte(body) {
  const out = Buffer.from(body);
  const digit = out.findIndex((b) => b >= 0x30 && b <= 0x39);
  const letter = out.findIndex((b) => (b | 0x20) >= 0x61 && (b | 0x20) <= 0x7a);
  if (digit >= 0) out[digit] = 0x30 + ((out[digit] - 0x30 + 1) % 10);
  else if (letter >= 0) out[letter] = (out[letter] | 0x20) === 0x7a ? out[letter] - 25 : out[letter] + 1;
  else if (out.length > 0) out[out.length - 1] ^= 1;
  else throw new Usage("body_byte needs a body that is not empty");
  return out;
}

// Signed over the parsed and re-written body, as senders do that sign an object and send another rendering of it.
function reserialise(plan) {
  const parsed = JSON.parse(plan.body.toString());
  const compact = Buffer.from(JSON.stringify(parsed));
  plan.signedBody = compact;
  plan.body = compact.equals(plan.body) ? Buffer.from(JSON.stringify(parsed, null, 2)) : plan.body;
}

// Line ends become CRLF after signing; a body without a line end gets one.
function crlf(body) {
  const text = body.toString("latin1");
  return Buffer.from(/\n/.test(text) ? text.replace(/\r?\n/g, "\r\n") : text + "\r\n", "latin1");
}

const wrong = (digest) => digest.map((b) => b ^ 0xff);
const bothInOne = (write) => ({ on: WITH_ID, signature: (s, d) => write(base64(wrong(d)), s) });

// plan: before signing · sent: the body after signing · signature(text, digest): its text · headers: the finished list.
const DAMAGES = {
  body_byte: { on: SIGNED, sent: changeOneByte },
  body_reserialised: { on: SIGNED, plan: reserialise },
  trailing_newline: { on: SIGNED, sent: (b) => Buffer.concat([b, Buffer.from("\n")]) },
  bom: { on: SIGNED, sent: (b) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), b]) },
  crlf: { on: SIGNED, sent: crlf },
  other_secret: { on: SIGNED, plan: (p) => (p.secret = p.otherSecret()) },
  secret_as_text: { on: WITH_ID, plan: (p) => (p.key = Buffer.from(p.secret, "utf8")) },
  secret_decoded: { on: HEX, plan: (p) => (p.key = Buffer.from(p.secret, "base64")) },
  sha1: { on: SIGNED, plan: (p) => (p.hash = "sha1") },
  sha512: { on: SIGNED, plan: (p) => (p.hash = "sha512") },
  no_separator: { on: TIMED, plan: (p) => (p.dot = "") },

  no_signature: { on: SIGNED, headers: drop(isSignature) },
  empty_signature: { on: SIGNED, signature: () => "" },
  doubled_signature: { on: SIGNED, headers: twice(isSignature) },
  truncated_signature: { on: SIGNED, signature: (s) => s.slice(0, -4) },
  extended_signature: { on: SIGNED, signature: (s, d, r) => r.render(Buffer.concat([d, Buffer.alloc(2)])) },
  garbage_signature: { on: SIGNED, signature: (s) => (s.startsWith("sha256=") ? "sha256=" : "") + "not-a-signature!" },
  non_ascii_signature: { on: SIGNED, signature: (s) => s.slice(0, -1) + "\xe9" },
  upper_hex: { on: HEX, signature: (s, d) => "sha256=" + d.toString("hex").toUpperCase() },
  no_prefix: { on: HEX, signature: (s) => s.slice("sha256=".length) },
  doubled_prefix: { on: HEX, signature: (s) => "sha256=" + s },
  base64_for_hex: { on: HEX, signature: (s, d) => "sha256=" + base64(d) },
  hex_for_base64: { on: WITH_ID, signature: (s, d) => d.toString("hex") },
  url_safe_signature: {
    on: WITH_ID,
    // Only a signature with one of the two letters is damaged by this: the id gets -1, -2, … until it has one.
    plan: (p, r) => {
      const id = p.webhookId;
      for (let n = 1; !/[+/]/.test(base64(r.digest(p))); n++) p.webhookId = `${id}-${n}`;
    },
    signature: (s) => s.replaceAll("+", "-").replaceAll("/", "_"),
  },
  unpadded_signature: { on: WITH_ID, signature: (s) => s.replace(/=+$/, "") },

  several: bothInOne((w, s) => `${w} ${s}`),
  several_comma: bothInOne((w, s) => `${w},${s}`),
  several_versions: bothInOne((w, s) => `v1,${w} v1,${s}`),
  several_other_version: bothInOne((w, s) => `v2,${s} v1,${w}`),
  version: bothInOne((w, s) => `v1,${s}`),
  other_version: bothInOne((w, s) => `v2,${s}`),
  all_wrong_several: { on: WITH_ID, signature: (s, d) => `${base64(wrong(d))} ${base64(wrong(d).reverse())}` },
  several_headers: {
    on: WITH_ID,
    headers: (headers, d) => headers.flatMap((h) => (isSignature(h) ? [[h[0], base64(wrong(d))], h] : [h])),
  },

  no_timestamp: { on: TIMED, headers: drop(isTimestamp) },
  empty_timestamp: { on: TIMED, plan: (p) => (p.webhookTimestamp = "") },
  text_timestamp: { on: TIMED, plan: (p) => (p.webhookTimestamp = "yesterday") },
  negative_timestamp: { on: TIMED, plan: (p) => (p.webhookTimestamp = `-${seconds(p.webhookTimestamp)}`) },
  fractional_timestamp: { on: TIMED, plan: (p) => (p.webhookTimestamp = `${seconds(p.webhookTimestamp)}.5`) },
  ms_timestamp: { on: TIMED, plan: (p) => (p.webhookTimestamp = `${seconds(p.webhookTimestamp) * 1000}`) },
  stale: { on: TIMED, plan: (p) => (p.webhookTimestamp = `${seconds(p.webhookTimestamp) - 3600}`) },
  future: { on: TIMED, plan: (p) => (p.webhookTimestamp = `${seconds(p.webhookTimestamp) + 3600}`) },
  timestamp_changed: { on: TIMED, headers: set(isTimestamp, (t) => `${seconds(t) + 1}`) },
  doubled_timestamp: { on: TIMED, headers: twice(isTimestamp) },

  no_id: { on: WITH_ID, headers: drop(isId) },
  empty_id: { on: WITH_ID, plan: (p) => (p.webhookId = "") },
  id_changed: { on: WITH_ID, headers: set(isId, (id) => id + "x") },
  doubled_id: { on: WITH_ID, headers: twice(isId) },
};

export const PROVIDERS = Object.keys(RULES);
export const damagesOf = (provider) => Object.keys(DAMAGES).filter((name) => DAMAGES[name].on.includes(provider));

/** The headers and the body that leave: `{headers: [[name, value]], body: Buffer}`. Values are latin1 text. */
export function build({ provider, secret, otherSecret, body, id, timestamp, damage }) {
  const rule = RULES[provider];
  if (!rule) throw new Usage(`--provider is one of ${PROVIDERS.join(", ")}`);
  const bend = damage === undefined ? {} : DAMAGES[damage];
  if (!bend || (damage !== undefined && !bend.on.includes(provider)))
    throw new Usage(`"${damage}" does not apply to ${provider}; what applies: ${damagesOf(provider).join(", ")}`);
  const head = [["Content-Type", "application/json"]];
  if (!rule.digest) return { headers: head, body };
  if (secret === undefined) throw new Usage("--secret-env names no variable that is set");

  const plan = {
    webhookId: id ?? "msg_" + crypto.randomBytes(8).toString("hex"),
    webhookTimestamp: timestamp ?? String(Math.floor(Date.now() / 1000)),
    body,
    secret,
    otherSecret: () => {
      if (otherSecret === undefined) throw new Usage("other_secret needs --other-secret-env");
      return otherSecret;
    },
  };
  bend.plan?.(plan, rule);
  const digest = rule.digest({ ...plan, body: plan.signedBody ?? plan.body });
  const documented = rule.render(digest);
  const signature = bend.signature ? bend.signature(documented, digest, rule) : documented;
  const headers = rule.headers(plan, signature);
  return {
    headers: [...head, ...(bend.headers?.(headers, digest) ?? headers)],
    body: bend.sent?.(plan.body) ?? plan.body,
  };
}

// The command line ----------------------------------------------------------------------------------------------------

function parse(argv) {
  const flags = ["print", "list-damages", "batch"];
  const names = ["provider", "url", "secret-env", "other-secret-env", "body", "id", "timestamp", "damage"];
  const options = {};
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i].replace(/^--/, "");
    if (argv[i].startsWith("--") && flags.includes(name)) options[name] = true;
    else if (argv[i].startsWith("--") && names.includes(name) && i + 1 < argv.length) options[name] = argv[++i];
    else throw new Usage(`not understood: ${argv[i]}`);
  }
  return options;
}

function post(url, headers, body) {
  const target = new URL(url);
  // An array goes out as it is: order, spelling and duplicates kept, nothing added that is in it.
  const all = [["Host", target.host], ...headers, ["Content-Length", String(body.length)], ["Connection", "close"]];
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: target.hostname.replace(/^\[|\]$/g, ""),
        port: target.port || 80,
        method: "POST",
        path: target.pathname + target.search,
        headers: all.flat(),
        agent: false,
      },
      (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString(), headers_sent: all }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

async function batch() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer;
    try {
      const { url, other_secret: otherSecret, body, ...job } = JSON.parse(line);
      const { headers, body: sent } = build({ ...job, otherSecret, body: Buffer.from(body) });
      const { status, body: text } = await post(url, headers, sent);
      answer = { status, body: text };
    } catch (error) {
      answer = { error: error.message };
    }
    console.log(JSON.stringify(answer));
  }
}

async function main(argv) {
  const options = parse(argv);
  if (options.batch) return batch();
  if (options["list-damages"])
    return console.log(JSON.stringify(Object.fromEntries(PROVIDERS.map((p) => [p, damagesOf(p)]))));
  if (options.body === undefined) throw new Usage("--body FILE|- is needed");
  const { headers, body } = build({
    provider: options.provider,
    secret: process.env[options["secret-env"]],
    otherSecret: process.env[options["other-secret-env"]],
    body: fs.readFileSync(options.body === "-" ? 0 : options.body),
    id: options.id,
    timestamp: options.timestamp,
    damage: options.damage,
  });
  if (options.print)
    return console.log(JSON.stringify({ headers_sent: headers, body_sent_base64: body.toString("base64") }));
  if (options.url === undefined) throw new Usage("--url is needed");
  console.log(JSON.stringify(await post(options.url, headers, body)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`send.mjs: ${error.message}`);
    process.exitCode = error instanceof Usage ? 2 : 3;
  });
}
