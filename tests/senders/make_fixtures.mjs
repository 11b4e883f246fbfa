#!/usr/bin/env node
// Writes fixtures/secrets.json and fixtures/<provider>/<case>.json. Nothing in it depends on the clock or on chance:
// running it twice changes nothing. Files of these folders that are no case any more are removed.
//
//   node tests/senders/make_fixtures.mjs            writes
//   node tests/senders/make_fixtures.mjs --recipes  prints, per fixture, what it was signed with (for check.py)

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CAPTURED_AT, CASES, SECRETS } from "./cases.mjs";
import { build, PROVIDERS } from "./send.mjs";

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "fixtures");
// Two seconds before the capture, as a delivery on its way.
const TIMESTAMP = String(Date.parse(CAPTURED_AT) / 1000 - 2);
const ID = "msg_2Lh9KZpQ";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function text(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function object(body) {
  try {
    const value = JSON.parse(text(body).replace(/^\ufeff/, ""));
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

const string = (value) => (["string", "number"].includes(typeof value) ? String(value) : null);

// The event's type and id as each provider names them; null where the body does not say. A byte order mark is passed over
// and a number is written out: whoever looks for the event in the list wants to find it.
const EVENT = {
  pptvideo: (b) => [
    string(b.status),
    string(b.id),
  ],
  videopilot: (b) => {
    const parts = [string(b.event), string(b.data?.render_job_id) ?? string(b.data?.video_id), string(b.timestamp)];
    return [parts[0], parts.includes(null) ? null : parts.join(":")];
  },
  ihateppt: (b) => [string(b.type), string(b.id)],
  pollo: (b) => [string(b.status) === null ? null : `task.${b.status}`, string(b.taskId)],
  firebirdgen: (b) => [string(b.status), string(b.taskId)],
};

// Header values of the senders are latin1 text, one character a byte.
function value(latin1) {
  const bytes = Buffer.from(latin1, "latin1");
  return text(bytes) ?? { base64: bytes.toString("base64") };
}

function recipe(c) {
  const stored = c.secret === undefined ? "test" : c.secret;
  const secret = SECRETS[c.provider][c.signWith ?? stored];
  return {
    provider: c.provider,
    secret,
    otherSecret: SECRETS[c.provider].other,
    body: Buffer.from(c.body),
    id: c.id ?? ID,
    timestamp: c.timestamp ?? TIMESTAMP,
    damage: c.damage,
  };
}

function fixture(c) {
  const sent = build(recipe(c));
  const headers = (c.headers?.(sent.headers) ?? sent.headers).map(([n, v]) => [n, value(v)]);
  const body = text(sent.body);
  const recognised = c.recognised === undefined ? c.provider : c.recognised;
  const [eventType, eventId] = recognised === null ? [null, null] : EVENT[recognised](object(sent.body));
  return {
    format: "countersign-fixture/1",
    name: c.name,
    about: c.about,
    provider: c.provider,
    captured_at: CAPTURED_AT,
    secret: c.secret === undefined ? "test" : c.secret,
    request: {
      method: "POST",
      target: c.target ?? `/${c.provider}`,
      version: "HTTP/1.1",
      headers,
      ...(body === undefined ? { body_base64: sent.body.toString("base64") } : { body }),
    },
    expect: {
      recognised,
      event_type: eventType,
      event_id: eventId,
      verdicts: { [c.provider]: c.outcome ?? "pass", ...c.verdicts },
      ...(c.checks && { checks: c.checks }),
    },
  };
}

// Indented by two spaces, a header on one line, and ASCII alone: bidirectional marks in a body stay visible.
function write(value) {
  const lines = JSON.stringify(value, null, 2).replace(
    /\[\n\s+("(?:[^"\\]|\\.)*"),\n\s+("(?:[^"\\]|\\.)*"|\{\n\s+"base64": "[^"]*"\n\s+\})\n\s+\]/g,
    (_, name, v) => `[${name}, ${v.replace(/\n\s*/g, " ")}]`,
  );
  return lines.replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")) + "\n";
}

const files = new Map();
files.set("secrets.json", { about: "Published test secrets. They protect nothing.", secrets: SECRETS });
for (const c of CASES) {
  const name = `${c.provider}/${c.name}.json`;
  if (files.has(name)) throw new Error(`two cases are named ${name}`);
  files.set(name, fixture(c));
}

if (process.argv[2] === "--recipes") {
  for (const c of CASES) {
    const r = recipe(c);
    console.log(
      JSON.stringify({
        ...r,
        file: `${c.provider}/${c.name}.json`,
        body: r.body.toString("base64"),
        renamed: !!c.headers,
      }),
    );
  }
} else {
  let changed = 0;
  for (const provider of PROVIDERS) {
    fs.mkdirSync(path.join(ROOT, provider), { recursive: true });
    for (const name of fs.readdirSync(path.join(ROOT, provider)))
      if (name.endsWith(".json") && !files.has(`${provider}/${name}`))
        (fs.rmSync(path.join(ROOT, provider, name)), changed++);
  }
  for (const [name, content] of files) {
    const target = path.join(ROOT, name);
    const now = write(content);
    if (fs.existsSync(target) && fs.readFileSync(target, "utf8") === now) continue;
    fs.writeFileSync(target, now);
    changed++;
  }
  console.log(`${files.size} files, ${changed} changed`);
}
