#!/usr/bin/env python3
"""Signs a delivery by a provider's own documented rule and posts it. Python 3.9 or newer, standard library alone.

    python3 send.py --provider pollo --url http://127.0.0.1:4400/pollo --secret-env SECRET --body FILE|-
                    [--id ID] [--timestamp TEXT] [--damage NAME] [--other-secret-env VAR] [--print]
    python3 send.py --list-damages
    python3 send.py --batch

--batch reads jobs from standard input, a JSON object a line: {url, provider, secret, body, other_secret?, id?, timestamp?,
damage?}, and answers each with a line, {status, body} or {error}, before it reads the next.
The signing code is the documents' own, translated as little as possible: what they build with a string is built here
with bytes, so that a body that is not UTF-8 is signed as it is sent. It shares no code with Countersign.
One JSON line on standard output: {status, body, headers_sent} or, with --print, {headers_sent, body_sent_base64}.
Exit 0 an answer came (or --print), 2 wrong use, 3 the request could not be made (a secret that Python cannot decode
included).
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import secrets
import sys
import time
from urllib.parse import urlsplit


class Usage(Exception):
    """Wrong use: exit 2."""


# The rules ------------------------------------------------------------------------------------------------------------


def digest_of_id_timestamp_body(p, body):
    """ppt.video, "Python example"; Pollo.ai, "3.2 Using Python to Integrate Webhook": the same lines."""
    secret_bytes = p.key if p.key is not None else base64.b64decode(p.secret)
    signed_content = f"{p.webhook_id}{p.dot}{p.webhook_timestamp}{p.dot}".encode("utf-8") + body
    return hmac.new(secret_bytes, signed_content, p.hash).digest()


def digest_of_body(p, payload):
    """VideoPilot, "Python/Flask Example"."""
    return hmac.new(p.key if p.key is not None else p.secret.encode("utf-8"), payload, p.hash).digest()


def digest_of_timestamp_body(p, payload):
    """I Hate PPT, "Calculate Signature"."""
    message = f"{p.webhook_timestamp}{p.dot}".encode("utf-8") + payload
    return hmac.new(p.key if p.key is not None else p.secret.encode("utf-8"), message, p.hash).digest()


def base64_text(digest):
    return base64.b64encode(digest).decode("utf-8")


def prefixed_hex(digest):
    return "sha256=" + digest.hex()


def event_header(body):
    """I Hate PPT, "Request Headers": the event's type travels in a header too, outside what is signed."""
    try:
        event_type = json.loads(body.decode("utf-8"))["type"]
    except (ValueError, KeyError, TypeError, IndexError):
        return []
    if isinstance(event_type, str) and re.fullmatch(r"[\x21-\x7e]+", event_type):
        return [["X-Webhook-Event", event_type]]
    return []


def id_timestamp_signature(p, signature):
    return [
        ["X-Webhook-Id", p.webhook_id],
        ["X-Webhook-Timestamp", p.webhook_timestamp],
        ["X-Webhook-Signature", signature],
    ]


def timestamped(p, signature):
    headers = [["X-Webhook-Signature", signature], ["X-Webhook-Timestamp", p.webhook_timestamp]]
    return headers + event_header(p.body)


class Rule:
    def __init__(self, digest, render, headers):
        self.digest, self.render, self.headers = digest, render, headers


RULES = {
    "pptvideo": Rule(digest_of_id_timestamp_body, base64_text, id_timestamp_signature),
    "videopilot": Rule(digest_of_body, prefixed_hex, lambda p, signature: [["X-VideoPilot-Signature", signature]]),
    "ihateppt": Rule(digest_of_timestamp_body, prefixed_hex, timestamped),
    "pollo": Rule(digest_of_id_timestamp_body, base64_text, id_timestamp_signature),
    # FirebirdGen, "Test Webhook Endpoint": a POST of JSON, nothing signed.
    "firebirdgen": Rule(None, None, lambda p, signature: []),
}

# The damages ----------------------------------------------------------------------------------------------------------

SIGNED = ["pptvideo", "videopilot", "ihateppt", "pollo"]
TIMED = ["pptvideo", "ihateppt", "pollo"]
WITH_ID = ["pptvideo", "pollo"]
HEX = ["videopilot", "ihateppt"]


class Plan:
    """What is signed and how; a damage changes it before signing."""

    def __init__(self, webhook_id, webhook_timestamp, body, secret, other_secret):
        self.webhook_id, self.webhook_timestamp, self.body = webhook_id, webhook_timestamp, body
        self.secret, self._other_secret = secret, other_secret
        self.signed_body, self.hash, self.key, self.dot = None, hashlib.sha256, None, "."

    def other_secret(self):
        if self._other_secret is None:
            raise Usage("other_secret needs --other-secret-env")
        return self._other_secret


class Damage:
    """plan: before signing · sent: the body after signing · signature: its text · headers: the finished list."""

    def __init__(self, on, plan=None, sent=None, signature=None, headers=None):
        self.on, self.plan, self.sent, self.signature, self.headers = on, plan, sent, signature, headers


def drop(suffix):
    return lambda headers, digest: [h for h in headers if not h[0].lower().endswith(suffix)]


def twice(suffix):
    return lambda headers, digest: [h for h in headers for _ in range(2 if h[0].lower().endswith(suffix) else 1)]


def change(suffix, how):
    return lambda headers, digest: [[n, how(v)] if n.lower().endswith(suffix) else [n, v] for n, v in headers]


def put(**values):
    """A plan with attributes set; a callable gets the plan."""

    def bend(p, rule):
        for name, value in values.items():
            setattr(p, name, value(p) if callable(value) and name != "hash" else value)

    return bend


def seconds(timestamp):
    if not re.fullmatch(r"[0-9]+", timestamp):
        raise Usage(f'this damage needs a timestamp in whole seconds, not "{timestamp}"')
    return int(timestamp)


def change_one_byte(body):
    """The first digit, otherwise the first letter, otherwise the last byte: JSON mostly stays JSON."""
    out = bytearray(body)
    digit = re.search(rb"[0-9]", body)
    letter = re.search(rb"[A-Za-z]", body)
    if digit:
        out[digit.start()] = 0x30 + (out[digit.start()] - 0x30 + 1) % 10
    elif letter:
        at = letter.start()
        out[at] = out[at] - 25 if out[at] in b"zZ" else out[at] + 1
    elif out:
        out[-1] ^= 1
    else:
        raise Usage("body_byte needs a body that is not empty")
    return bytes(out)


def reserialise(p, rule):
    """Signed over the parsed and re-written body, as senders do that sign an object and send another rendering."""
    parsed = json.loads(p.body)
    compact = json.dumps(parsed, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    p.signed_body = compact
    if compact == p.body:
        p.body = json.dumps(parsed, indent=2, ensure_ascii=False).encode("utf-8")


def crlf(body):
    """Line ends become CRLF after signing; a body without a line end gets one."""
    return re.sub(rb"\r?\n", b"\r\n", body) if b"\n" in body else body + b"\r\n"


def lenient_base64(text):
    """As Node's Buffer.from(text, "base64"): both alphabets, no padding needed, other characters skipped."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text.split("=")[0].replace("-", "+").replace("_", "/"))
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return base64.b64decode(letters + "=" * (-len(letters) % 4))


def wrong(digest):
    return bytes(b ^ 0xFF for b in digest)


def both_in_one(write):
    return Damage(WITH_ID, signature=lambda s, d, r: write(base64_text(wrong(d)), s))


def until_it_has_a_letter(p, rule):
    """Only a signature with + or / is damaged by this: the id gets -1, -2, … until it has one."""
    first, n = p.webhook_id, 0
    while not re.search(r"[+/]", base64_text(rule.digest(p, p.body))):
        n += 1
        p.webhook_id = f"{first}-{n}"


def several_headers(headers, digest):
    out = []
    for name, value in headers:
        if name.lower().endswith("-signature"):
            out.append([name, base64_text(wrong(digest))])
        out.append([name, value])
    return out


def retimed(how):
    return put(webhook_timestamp=lambda p: str(how(seconds(p.webhook_timestamp))))


DAMAGES = {
    "body_byte": Damage(SIGNED, sent=change_one_byte),
    "body_reserialised": Damage(SIGNED, plan=reserialise),
    "trailing_newline": Damage(SIGNED, sent=lambda b: b + b"\n"),
    "bom": Damage(SIGNED, sent=lambda b: b"\xef\xbb\xbf" + b),
    "crlf": Damage(SIGNED, sent=crlf),
    "other_secret": Damage(SIGNED, plan=put(secret=lambda p: p.other_secret())),
    "secret_as_text": Damage(WITH_ID, plan=put(key=lambda p: p.secret.encode("utf-8"))),
    "secret_decoded": Damage(HEX, plan=put(key=lambda p: lenient_base64(p.secret))),
    "sha1": Damage(SIGNED, plan=put(hash=hashlib.sha1)),
    "sha512": Damage(SIGNED, plan=put(hash=hashlib.sha512)),
    "no_separator": Damage(TIMED, plan=put(dot="")),
    "no_signature": Damage(SIGNED, headers=drop("-signature")),
    "empty_signature": Damage(SIGNED, signature=lambda s, d, r: ""),
    "doubled_signature": Damage(SIGNED, headers=twice("-signature")),
    "truncated_signature": Damage(SIGNED, signature=lambda s, d, r: s[:-4]),
    "extended_signature": Damage(SIGNED, signature=lambda s, d, r: r.render(d + b"\0\0")),
    "garbage_signature": Damage(
        SIGNED, signature=lambda s, d, r: ("sha256=" if s.startswith("sha256=") else "") + "not-a-signature!"
    ),
    "non_ascii_signature": Damage(SIGNED, signature=lambda s, d, r: s[:-1] + "\xe9"),
    "upper_hex": Damage(HEX, signature=lambda s, d, r: "sha256=" + d.hex().upper()),
    "no_prefix": Damage(HEX, signature=lambda s, d, r: s[len("sha256=") :]),
    "doubled_prefix": Damage(HEX, signature=lambda s, d, r: "sha256=" + s),
    "base64_for_hex": Damage(HEX, signature=lambda s, d, r: "sha256=" + base64_text(d)),
    "hex_for_base64": Damage(WITH_ID, signature=lambda s, d, r: d.hex()),
    "url_safe_signature": Damage(
        WITH_ID, plan=until_it_has_a_letter, signature=lambda s, d, r: s.replace("+", "-").replace("/", "_")
    ),
    "unpadded_signature": Damage(WITH_ID, signature=lambda s, d, r: s.rstrip("=")),
    "several": both_in_one(lambda w, s: f"{w} {s}"),
    "several_comma": both_in_one(lambda w, s: f"{w},{s}"),
    "several_versions": both_in_one(lambda w, s: f"v1,{w} v1,{s}"),
    "several_other_version": both_in_one(lambda w, s: f"v2,{s} v1,{w}"),
    "version": both_in_one(lambda w, s: f"v1,{s}"),
    "other_version": both_in_one(lambda w, s: f"v2,{s}"),
    "all_wrong_several": Damage(
        WITH_ID, signature=lambda s, d, r: f"{base64_text(wrong(d))} {base64_text(wrong(d)[::-1])}"
    ),
    "several_headers": Damage(WITH_ID, headers=several_headers),
    "no_timestamp": Damage(TIMED, headers=drop("-timestamp")),
    "empty_timestamp": Damage(TIMED, plan=put(webhook_timestamp="")),
    "text_timestamp": Damage(TIMED, plan=put(webhook_timestamp="yesterday")),
    "negative_timestamp": Damage(TIMED, plan=retimed(lambda t: -t)),
    "fractional_timestamp": Damage(TIMED, plan=retimed(lambda t: f"{t}.5")),
    "ms_timestamp": Damage(TIMED, plan=retimed(lambda t: t * 1000)),
    "stale": Damage(TIMED, plan=retimed(lambda t: t - 3600)),
    "future": Damage(TIMED, plan=retimed(lambda t: t + 3600)),
    "timestamp_changed": Damage(TIMED, headers=change("-timestamp", lambda t: str(seconds(t) + 1))),
    "doubled_timestamp": Damage(TIMED, headers=twice("-timestamp")),
    "no_id": Damage(WITH_ID, headers=drop("-id")),
    "empty_id": Damage(WITH_ID, plan=put(webhook_id="")),
    "id_changed": Damage(WITH_ID, headers=change("-id", lambda v: v + "x")),
    "doubled_id": Damage(WITH_ID, headers=twice("-id")),
}


def damages_of(provider):
    return [name for name, damage in DAMAGES.items() if provider in damage.on]


def build(provider, secret, body, webhook_id=None, timestamp=None, damage=None, other_secret=None):
    """The headers, as [name, value] with latin1 text, and the body that leave."""
    if provider not in RULES:
        raise Usage(f"--provider is one of {', '.join(RULES)}")
    rule = RULES[provider]
    if damage is not None and damage not in damages_of(provider):
        raise Usage(f'"{damage}" does not apply to {provider}; what applies: {", ".join(damages_of(provider))}')
    bend = DAMAGES[damage] if damage is not None else Damage([])
    head = [["Content-Type", "application/json"]]
    if rule.digest is None:
        return head, body
    if secret is None:
        raise Usage("--secret-env names no variable that is set")
    p = Plan(
        webhook_id if webhook_id is not None else "msg_" + secrets.token_hex(8),
        timestamp if timestamp is not None else str(int(time.time())),
        body,
        secret,
        other_secret,
    )
    if bend.plan:
        bend.plan(p, rule)
    digest = rule.digest(p, p.signed_body if p.signed_body is not None else p.body)
    signature = rule.render(digest)
    if bend.signature:
        signature = bend.signature(signature, digest, rule)
    headers = rule.headers(p, signature)
    if bend.headers:
        headers = bend.headers(headers, digest)
    return head + headers, bend.sent(p.body) if bend.sent else p.body


# The command line -----------------------------------------------------------------------------------------------------


def post(url, headers, body):
    target = urlsplit(url)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    sent = [["Host", target.netloc], *headers, ["Content-Length", str(len(body))], ["Connection", "close"]]
    connection = http.client.HTTPConnection(target.hostname, target.port or 80)
    # putheader one by one: order, spelling and duplicates kept, nothing added.
    connection.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
    for name, value in sent:
        connection.putheader(name, value.encode("latin-1"))
    connection.endheaders(body)
    response = connection.getresponse()
    answer = response.read().decode("utf-8", "replace")
    connection.close()
    return {"status": response.status, "body": answer, "headers_sent": sent}


def line(value):
    print(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def batch():
    for text in sys.stdin.buffer:
        try:
            job = json.loads(text)
            optional = [job.get(name) for name in ["id", "timestamp", "damage", "other_secret"]]
            headers, body = build(job["provider"], job.get("secret"), job["body"].encode("utf-8"), *optional)
            answer = post(job["url"], headers, body)
            line({"status": answer["status"], "body": answer["body"]})
        except (Usage, OSError, ValueError, KeyError, http.client.HTTPException) as error:
            line({"error": f"{type(error).__name__}: {error}"})
        sys.stdout.flush()


def main(argv):
    parser = argparse.ArgumentParser(prog="send.py", allow_abbrev=False)
    for name in ["provider", "url", "secret-env", "other-secret-env", "body", "id", "timestamp", "damage"]:
        parser.add_argument(f"--{name}")
    parser.add_argument("--print", action="store_true")
    parser.add_argument("--list-damages", action="store_true")
    parser.add_argument("--batch", action="store_true")
    options = parser.parse_args(argv)
    if options.batch:
        return batch()
    if options.list_damages:
        return line({provider: damages_of(provider) for provider in RULES})
    if options.body is None:
        raise Usage("--body FILE|- is needed")
    if options.body == "-":
        body = sys.stdin.buffer.read()
    else:
        with open(options.body, "rb") as file:
            body = file.read()
    headers, body = build(
        options.provider,
        os.environ.get(options.secret_env) if options.secret_env else None,
        body,
        options.id,
        options.timestamp,
        options.damage,
        os.environ.get(options.other_secret_env) if options.other_secret_env else None,
    )
    if options.print:
        return line({"headers_sent": headers, "body_sent_base64": base64_text(body)})
    if options.url is None:
        raise Usage("--url is needed")
    return line(post(options.url, headers, body))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        main(sys.argv[1:])
    except Usage as error:
        print(f"send.py: {error}", file=sys.stderr)
        sys.exit(2)
    except (OSError, ValueError, http.client.HTTPException) as error:
        print(f"send.py: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(3)
