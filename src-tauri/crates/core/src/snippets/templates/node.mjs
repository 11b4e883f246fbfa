{% if scheme %}
import crypto from "node:crypto";
{% endif %}
import express from "express";

{% include "node_start" %}

const app = express();
{% if scheme %}
// The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
const rawBody = express.raw({ type: () => true, limit: "25mb" }); @@raw_body

app.post("/webhook", rawBody, (req, res) => { @@raw_body
  const raw = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0); @@raw_body
{% if handshake %}
  const event = parse(raw); @@handshake
  if (isChallenge(event)) { @@handshake
    return res.json({ {{ handshake.field|key }}: {{ handshake.from }} }); @@handshake
  } @@handshake
{% endif %}
{% if scheme %}
  if (!isSigned(req.headers, raw)) return res.sendStatus(401); @@missing
{% endif %}

{% if not handshake %}
  const event = parse(raw); @@bad_input
{% endif %}
{{ names|row("  const names = [", "];", 80, "bad_input,duplicate") }}
  if (!names.every(isText)) return res.sendStatus(400); @@bad_input
{% for choice in choices %}
  if (![{{ choice.list|lits }}].includes({{ choice.value }})) { @@bad_input
    return res.sendStatus(400); @@bad_input
  } @@bad_input
{% endfor %}
{% if not scheme %}
  if (!expected.has({{ id }})) return res.sendStatus(403); @@bad_input
{% endif %}

  // What was here before is delivered, and nothing is done twice. @@duplicate
  const name = names.join(":"); @@duplicate
  const isNew = !seen.has(name); @@duplicate
  seen.add(name); @@duplicate

  // {{ success }} Answer first, then work. @@success,answer_first
  res.sendStatus(200); @@success,answer_first
  if (isNew) setImmediate(() => work(event).catch(console.error)); @@answer_first,duplicate
});

async function work(event) { @@answer_first
  console.log("received", event); @@answer_first
} @@answer_first

{% include "node_verify" %}

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log("listening on port", server.address().port);
});
