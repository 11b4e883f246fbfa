{% if scheme %}
function isSigned(headers, raw) {
{% for header in scheme.headers %}
  const {{ header.camel }} = headers[{{ header.lower|lit }}]; @@missing
{% endfor %}
  const received = headers[{{ scheme.header.lower|lit }}]; @@missing
  if ({% for header in scheme.headers %}!{{ header.camel }} || {% endfor %}!received) return false; @@missing
{% if scheme.time %}

  // {{ tolerance }} @@timestamp
  if (!/^\d{1,12}$/.test({{ scheme.time.header.camel }})) return false; @@timestamp,missing
  const age = Math.floor(Date.now() / 1000) - Number({{ scheme.time.header.camel }}); @@timestamp
  if (age > {{ scheme.time.past }} || age < -{{ scheme.time.future }}) return false; @@timestamp
{% endif %}

  const hmac = crypto.createHmac({{ scheme.hash|lit }}, key); @@signed_content
{% for text in signed %}
  hmac.update({{ "raw" if text is none else text }}); @@signed_content
{% endfor %}
  const due = {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}hmac.digest("{{ "hex" if scheme.hex else "base64" }}"); @@encoding
{% if scheme.several %}
  return signatures(received).some((one) => isEqual(one, due)); @@several_signatures,compare
}

// Several may be there, divided by spaces or commas, each with or without "v1,". @@several_signatures
function signatures(header) { @@several_signatures
  const pieces = header.split(/[\s,]+/); @@several_signatures
  const otherVersion = /^v(?!1$)\d+a?$/; @@several_signatures
  return pieces.filter((_, at) => !otherVersion.test(pieces[at - 1])); @@several_signatures
} @@several_signatures
{% else %}
  return isEqual(received, due); @@compare
}
{% endif %}

// In constant time; timingSafeEqual throws where the lengths differ. @@compare
function isEqual(received, due) { @@compare
  const a = Buffer.from(received); @@compare
  const b = Buffer.from(due); @@compare
  return a.length === b.length && crypto.timingSafeEqual(a, b); @@compare
} @@compare

{% endif %}
function parse(raw) { @@bad_input
  try { @@bad_input
    return JSON.parse(raw.toString()); @@bad_input
  } catch { @@bad_input
    return undefined; @@bad_input
  } @@bad_input
} @@bad_input

function isText(value) { @@bad_input
  return typeof value === "string" && value !== ""; @@bad_input
} @@bad_input
{% if handshake %}

// The provider's check that the endpoint is yours; it may come unsigned. @@handshake
function isChallenge(event) { @@handshake
{% for mark in handshake.marks %}
  if (![{{ mark.list|lits }}].includes({{ mark.value }})) return false; @@handshake
{% endfor %}
  return isText({{ handshake.from }}); @@handshake
} @@handshake
{% endif %}
