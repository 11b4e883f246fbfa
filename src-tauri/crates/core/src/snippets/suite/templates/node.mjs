// Replays captured webhooks of {{ name }} against your handler.
// {{ about }}
{% if runner == "vitest" %}
{% if scheme %}
import crypto from "node:crypto";
{% endif %}
import fs from "node:fs";
{% if framework != "next" %}
import http from "node:http";
{% endif %}
{% if url %}
import https from "node:https";
{% endif %}
import path from "node:path";
import { expect, test } from "vitest";
{% if framework == "express" %}
import {{ app.import }} from {{ app.module|lit }};
{% elif framework == "next" %}
import { POST } from {{ app.module|lit }};
{% endif %}

const folder = path.join(import.meta.dirname, "fixtures");
{% else %}
{% if scheme %}
const crypto = require("node:crypto");
{% endif %}
const fs = require("node:fs");
{% if framework != "next" %}
const http = require("node:http");
{% endif %}
{% if url %}
const https = require("node:https");
{% endif %}
const path = require("node:path");
{% if framework == "express" %}
const {{ app.import }} = require({{ app.module|lit }});
{% elif framework == "next" %}
const { POST } = require({{ app.module|lit }});
{% endif %}

const folder = path.join(__dirname, "fixtures");
{% endif %}
const fixtures = fs
  .readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")))
  .filter(({ provider }) => provider === {{ provider|lit }});
{% if scheme %}
{% if scheme.base64_key %}
const key = Buffer.from(process.env.{{ secret_env }} ?? "", "base64");
{% else %}
const key = Buffer.from(process.env.{{ secret_env }} ?? "");
{% endif %}
if (key.length === 0) throw new Error("{{ secret_env }} is not set");
{% endif %}

const ofTheConnection = /^(connection|content-length|host|transfer-encoding)$/i;

function captured({ request }) {
  const text = (value) =>
    typeof value === "string"
      ? Buffer.from(value).toString("latin1")
      : Buffer.from(value.base64, "base64").toString("latin1");
  const headers = request.headers.map(([name, value]) => [name, text(value)]);
  const raw =
    request.body_base64 === undefined
      ? Buffer.from(request.body ?? "")
      : Buffer.from(request.body_base64, "base64");
  return [headers.filter(([name]) => !ofTheConnection.test(name)), raw];
}

{% if handshake %}
// What checks that the endpoint is yours is no event.
const events = fixtures.filter(
  ({ request }) => !request.body?.includes('"{{ handshake.mark }}"'),
);
{% else %}
const events = fixtures;
{% endif %}
const outcome = ({ expect }) => expect.verdicts[{{ scheme_id|lit }}];
{% if scheme %}

function valuesOf(headers, wanted) {
  const own = headers.filter(([name]) => name.toLowerCase() === wanted);
  return own.map(([, value]) => value);
}

function replaced(headers, wanted, value) {
  const isIt = (name) => name.toLowerCase() === wanted;
  return headers.map(([name, old]) => [name, isIt(name) ? value : old]);
}

function signature(headers, raw) {
{% for header in scheme.headers %}
  const [{{ header.camel }}] = valuesOf(headers, {{ header.lower|lit }});
{% endfor %}
  const hmac = crypto.createHmac({{ scheme.hash|lit }}, key);
{% for text in signed %}
  hmac.update({{ "raw" if text is none else text }});
{% endfor %}
  return {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}hmac.digest("{{ "hex" if scheme.hex else "base64" }}");
}

function signedNow(headers, raw) {
{% if scheme.time %}
  const now = String(Math.floor(Date.now() / 1000));
  headers = replaced(headers, {{ scheme.time.header.lower|lit }}, now);
{% endif %}
  const due = signature(headers, raw);
  return replaced(headers, {{ scheme.header.lower|lit }}, due);
}

// What was masked may be signed anew, with a published secret.
const asCaptured = fixtures.filter(
  (one) => outcome(one) === "pass" && !one.redacted?.signed_with,
);

each(asCaptured, "$name: its signature holds as captured", (fixture) => {
  const [headers, raw] = captured(fixture);
  const received = valuesOf(headers, {{ scheme.header.lower|lit }});
{% if scheme.several %}
  expect(received.join(",")).toContain(signature(headers, raw));
{% else %}
  expect(received).toEqual([signature(headers, raw)]);
{% endif %}
{% if scheme.time %}
  // The clock stands still at the capture.
  const [signedAt] = valuesOf(headers, {{ scheme.time.header.lower|lit }});
  const age = Date.parse(fixture.captured_at) / 1000 - Number(signedAt);
  expect(age).toBeLessThanOrEqual({{ scheme.time.past }});
  expect(age).toBeGreaterThanOrEqual(-{{ scheme.time.future }});
{% endif %}
});

const accepted = events.filter((one) => outcome(one) === "pass");
const refused = events.filter((one) =>
  ["fail", "malformed", "missing"].includes(outcome(one)),
);
{% else %}

const shape = ({ expect }) => expect.checks?.shape ?? true;
const accepted = events.filter(shape);
const refused = events.filter((one) => !shape(one));
{% endif %}

each(accepted, "$name is accepted", async (fixture) => {
  const [headers, raw] = captured(fixture);
{% if scheme %}
  // Signed anew: a handler that looks at the time refuses a recording.
  const status = await post(fixture, signedNow(headers, raw), raw);
{% else %}
  const status = await post(fixture, headers, raw);
{% endif %}
{% if scheme %}
  // What is signed rightly and no event may be refused, but is no reason to crash.
  if (!fixture.expect.event_id) return expect(status).toBeLessThan(500);
{% endif %}
{% if exactly %}
  expect(status).toBe(200);
{% else %}
  expect(Math.floor(status / 100)).toBe(2);
{% endif %}
});

each(refused, "$name is {{ "refused" if scheme else "answered" }}", async (fixture) => {
  const status = await post(fixture, ...captured(fixture));
{% if scheme %}
  expect(Math.floor(status / 100)).toBe(4);
{% else %}
  // How much of the shape a handler asks for is its own choice; to crash is none.
  expect(status).toBeLessThan(500);
{% endif %}
});
{% if scheme or handshake %}

const sent = new Set([...accepted, ...refused]);
const others = fixtures.filter((one) => !sent.has(one));
if (others.length > 0) test.skip.each(others)("$name is not sent", () => {});
{% endif %}

// An empty table is an error in some runners.
function each(table, name, run) {
  if (table.length > 0) test.each(table)(name, run);
}
{% if framework == "next" %}

async function post({ request }, headers, body) {
  const { method } = request;
  const asked = new Request("http://localhost", { method, headers, body });
  return (await POST(asked)).status;
}
{% else %}

{% if framework == "express" %}
async function post({ request }, headers, raw) {
  const server = http.createServer({{ app.name }});
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const url = new URL({{ app.path|lit }}, origin);
  const status = await send(http, url, request.method, headers, raw);
  await new Promise((closed) => server.close(closed));
  return status;
}
{% else %}
function post({ request }, headers, raw) {
  const { WEBHOOK_URL = {{ url|lit }} } = process.env;
  const url = new URL(WEBHOOK_URL);
  const client = url.protocol === "https:" ? https : http;
  return send(client, url, request.method, headers, raw);
}
{% endif %}

function send(client, url, method, headers, raw) {
  const length = ["Content-Length", String(raw.length)];
  headers = [...headers, ["Host", url.host], length].flat();
  return new Promise((resolve, reject) => {
    const request = client.request(url, { method, headers, agent: false });
    request.on("response", (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    });
    request.on("error", reject);
    request.end(raw);
  });
}
{% endif %}
