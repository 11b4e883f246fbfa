#!/usr/bin/env node
// What the receiving code in the providers' own documents makes of a fixture. Node 20 or newer, no packages.
//
//   node verify.mjs --secret-env SECRET FIXTURE…
//   node verify.mjs --secrets fixtures/secrets.json FIXTURE…      each fixture's secret by its name
//   node verify.mjs --secret-env SECRET --serve                  an endpoint: POST /PROVIDER is answered {handler: result},
//                                                                with 200 where all accept, else 401; prints its port
//
// One JSON line per fixture: {fixture, provider, handlers: {name: "accept" | "refuse" | "throws …"}}. The handlers are the
// documents' code with the server around them taken away: headers come as Node's http and Express hand them out.
// I Hate PPT's document has no JavaScript and FirebirdGen's verifies nothing: their `handlers` are empty.

import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";

// As Node's IncomingMessage.headers: lower case, repeated fields joined by ", " (content-type: the first).
function nodeHeaders(pairs) {
  const out = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    if (!(key in out)) out[key] = value;
    else if (key !== "content-type") out[key] += ", " + value;
  }
  return out;
}

// ppt.video, "JavaScript example".
function pptvideo(headers, chunk, env) {
  const webhookId = headers["x-webhook-id"];
  const webhookTimestamp = headers["x-webhook-timestamp"];
  const signature = headers["x-webhook-signature"];
  let body = "";
  body += chunk;
  const secret = env ?? "";
  const signedContent = `${webhookId}.${webhookTimestamp}.${body}`;
  const computedSigBase64 = crypto
    .createHmac("sha256", Buffer.from(secret, "base64"))
    .update(signedContent)
    .digest("base64");
  const isValid =
    signature && crypto.timingSafeEqual(Buffer.from(signature, "base64"), Buffer.from(computedSigBase64, "base64"));
  return Boolean(isValid);
}

// VideoPilot, "Node.js/Express Example": verifyWebhook, after express.raw({type: 'application/json'}).
function videopilot(headers, raw, env) {
  function verifyWebhook(payload, signature, secret) {
    const hmac = crypto.createHmac("sha256", secret);
    hmac.update(payload, "utf8");
    const expectedSignature = "sha256=" + hmac.digest("hex");
    return crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expectedSignature));
  }
  const signature = headers["x-videopilot-signature"];
  const payload = raw.toString();
  return verifyWebhook(payload, signature, env);
}

// Pollo.ai, "3.1 Using JavaScript to Integrate Webhook".
function pollo(headers, chunk, env) {
  const webhookId = headers["x-webhook-id"];
  const webhookTimestamp = headers["x-webhook-timestamp"];
  const signature = headers["x-webhook-signature"];
  let body = "";
  body += chunk;
  const signedContent = `${webhookId}.${webhookTimestamp}.${body}`;
  const secretBytes = Buffer.from(env, "base64");
  const computedSigBase64 = crypto.createHmac("sha256", secretBytes).update(signedContent).digest("base64");
  return crypto.timingSafeEqual(Buffer.from(signature, "base64"), Buffer.from(computedSigBase64, "base64"));
}

// Pollo.ai, "Code Implementation" and "Signature Verification": any of several. How the header becomes the array is not
// documented; it is split at spaces and commas here.
function polloSeveral(headers, chunk, env) {
  const body = chunk.toString();
  const signedContent = `${headers["x-webhook-id"]}.${headers["x-webhook-timestamp"]}.${body}`;
  const secretBytes = Buffer.from(env, "base64");
  const computedSigBase64 = crypto.createHmac("sha256", secretBytes).update(signedContent).digest("base64");
  const expectedSignatures = headers["x-webhook-signature"].split(/[ ,]+/);
  const isValid = expectedSignatures.some((expectedSig) => {
    if (expectedSig.length !== computedSigBase64.length) {
      return false;
    }
    const expectedBuffer = Buffer.from(expectedSig, "base64");
    const computedBuffer = Buffer.from(computedSigBase64, "base64");
    return crypto.timingSafeEqual(expectedBuffer, computedBuffer);
  });
  return isValid;
}

const HANDLERS = {
  pptvideo: { node: pptvideo },
  videopilot: { node: videopilot },
  ihateppt: {},
  pollo: { node: pollo, node_several: polloSeveral },
  firebirdgen: {},
};

function attempt(handler, headers, body, secret) {
  try {
    return handler(headers, body, secret) ? "accept" : "refuse";
  } catch (error) {
    return `throws ${error.code ?? error.name}`;
  }
}

function check(file, secretOf) {
  const fixture = JSON.parse(fs.readFileSync(file, "utf8"));
  const { headers, body, body_base64 } = fixture.request;
  const text = (value) =>
    Buffer.from(value.base64 ?? value, value.base64 === undefined ? "utf8" : "base64").toString("latin1");
  const given = nodeHeaders(headers.map(([name, value]) => [name, text(value)]));
  const bytes = body_base64 === undefined ? Buffer.from(body, "utf8") : Buffer.from(body_base64, "base64");
  const secret = secretOf(fixture);
  const results = {};
  for (const [name, handler] of Object.entries(HANDLERS[fixture.provider]))
    if (secret !== undefined) results[name] = attempt(handler, given, bytes, secret);
  return { fixture: `${fixture.provider}/${fixture.name}`, provider: fixture.provider, handlers: results };
}

// The same handlers behind a real server. Its secret is the same for every provider.
function serve(secret) {
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const results = {};
      for (const [name, handler] of Object.entries(HANDLERS[request.url.slice(1)] ?? {}))
        results[name] = attempt(handler, request.headers, Buffer.concat(chunks), secret);
      const accepted = Object.values(results).every((result) => result === "accept");
      response.writeHead(accepted ? 200 : 401, { "Content-Type": "application/json" }).end(JSON.stringify(results));
    });
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

const argv = process.argv.slice(2);
const [how, source, ...files] = argv;
if ((how !== "--secret-env" && how !== "--secrets") || files.length === 0) {
  console.error("verify.mjs: --secret-env VAR FIXTURE… or --secrets FILE FIXTURE…");
  process.exit(2);
}
if (files[0] === "--serve") serve(process.env[source]);
const all = how === "--secrets" ? JSON.parse(fs.readFileSync(source, "utf8")).secrets : undefined;
const secretOf = (f) => (all ? (f.secret === null ? undefined : all[f.provider][f.secret]) : process.env[source]);
for (const file of files[0] === "--serve" ? [] : files) console.log(JSON.stringify(check(file, secretOf)));
