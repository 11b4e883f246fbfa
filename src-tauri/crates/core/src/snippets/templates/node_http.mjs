{% if scheme %}
import crypto from "node:crypto";
{% endif %}
import http from "node:http";

{% include "node_start" %}

function handle(req, res, raw) {
  const answer = (status) => res.writeHead(status).end();
  if (req.method !== "POST") return answer(405);
{% if handshake %}
  const event = parse(raw); @@handshake
  if (isChallenge(event)) { @@handshake
    res.writeHead(200, { "Content-Type": "application/json" }); @@handshake
    return res.end(JSON.stringify({ {{ handshake.field|key }}: {{ handshake.from }} })); @@handshake
  } @@handshake
{% endif %}
{% if scheme %}
  if (!isSigned(req.headers, raw)) return answer(401); @@missing
{% endif %}

{% if not handshake %}
  const event = parse(raw); @@bad_input
{% endif %}
{{ names|row("  const names = [", "];", 80, "bad_input,duplicate") }}
  if (!names.every(isText)) return answer(400); @@bad_input
{% for choice in choices %}
  if (![{{ choice.list|lits }}].includes({{ choice.value }})) { @@bad_input
    return answer(400); @@bad_input
  } @@bad_input
{% endfor %}
{% if not scheme %}
  if (!expected.has({{ id }})) return answer(403); @@bad_input
{% endif %}

  // What was here before is delivered, and nothing is done twice. @@duplicate
  const name = names.join(":"); @@duplicate
  const isNew = !seen.has(name); @@duplicate
  seen.add(name); @@duplicate

  // {{ success }} Answer first, then work. @@success,answer_first
  answer(200); @@success,answer_first
  if (isNew) setImmediate(() => work(event).catch(console.error)); @@answer_first,duplicate
}

async function work(event) { @@answer_first
  console.log("received", event); @@answer_first
} @@answer_first

{% include "node_verify" %}

const server = http.createServer((req, res) => {
{% if scheme %}
  // The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
  const chunks = []; @@raw_body
  req.on("data", (chunk) => chunks.push(chunk)); @@raw_body
  req.on("end", () => handle(req, res, Buffer.concat(chunks))); @@raw_body
});
server.listen(process.env.PORT ?? 3000, () => {
  console.log("listening on port", server.address().port);
});
