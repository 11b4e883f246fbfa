#!/usr/bin/env python3
"""What the receiving code in the providers' own documents makes of a fixture. Python 3.9 or newer, standard library.

    python3 verify.py --secret-env SECRET FIXTURE…
    python3 verify.py --secrets fixtures/secrets.json FIXTURE…      each fixture's secret by its name
    python3 verify.py --secret-env SECRET --serve                  an endpoint: POST /PROVIDER is answered {handler: result},
                                                                   with 200 where all accept, else 401; prints its port

One JSON line per fixture: {fixture, provider, handlers: {name: "accept" | "refuse" | "throws …"}}. The handlers are the
documents' code with the server around them taken away: headers come as http.server (the first of a name) and Flask
(repeated fields joined by ",") hand them out. FirebirdGen's document verifies no signature: its `handlers` are empty.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import sys


def http_server_headers(pairs):
    """As http.server: the first field of a name, in any case."""
    out = {}
    for name, value in pairs:
        out.setdefault(name.lower(), value)
    return out


def flask_headers(pairs):
    """As Werkzeug's server: repeated fields joined by a comma."""
    out = {}
    for name, value in pairs:
        out[name.lower()] = f"{out[name.lower()]},{value}" if name.lower() in out else value
    return out


def pptvideo(pairs, raw, env):
    """ppt.video, "Python example"."""
    headers = http_server_headers(pairs)
    webhook_id = headers.get("x-webhook-id", "")
    webhook_ts = headers.get("x-webhook-timestamp", "")
    signature = headers.get("x-webhook-signature", "")
    body = raw.decode("utf-8")
    secret = base64.b64decode(env)
    signed_content = f"{webhook_id}.{webhook_ts}.{body}"
    computed = hmac.new(secret, signed_content.encode("utf-8"), hashlib.sha256).digest()
    computed_b64 = base64.b64encode(computed).decode("utf-8")
    return hmac.compare_digest(signature, computed_b64)


def videopilot(pairs, raw, env):
    """VideoPilot, "Python/Flask Example"."""

    def verify_webhook(payload, signature, secret):
        expected_signature = "sha256=" + hmac.new(secret.encode("utf-8"), payload, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature, expected_signature)

    return verify_webhook(raw, flask_headers(pairs).get("x-videopilot-signature"), env)


def ihateppt(pairs, raw, env):
    """I Hate PPT, "Calculate Signature" and "Verification Example"."""

    def verify_webhook_signature(payload, signature, secret, timestamp):
        message = f"{timestamp}.{payload}"
        expected_signature = hmac.new(secret.encode("utf-8"), message.encode("utf-8"), hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"sha256={expected_signature}", signature)

    headers = flask_headers(pairs)
    signature = headers.get("x-webhook-signature")
    timestamp = headers.get("x-webhook-timestamp")
    payload = raw.decode("utf-8", "replace")  # Flask's get_data(as_text=True)
    return verify_webhook_signature(payload, signature, env, timestamp)


def pollo(pairs, raw, env):
    """Pollo.ai, "3.2 Using Python to Integrate Webhook"."""
    headers = http_server_headers(pairs)
    webhook_id = headers.get("x-webhook-id")
    webhook_timestamp = headers.get("x-webhook-timestamp")
    signature = headers.get("x-webhook-signature")
    body = raw.decode("utf-8")
    signed_content = f"{webhook_id}.{webhook_timestamp}.{body}"
    secret_bytes = base64.b64decode(env)
    computed_sig_base64 = base64.b64encode(
        hmac.new(secret_bytes, signed_content.encode("utf-8"), hashlib.sha256).digest()
    ).decode("utf-8")
    return hmac.compare_digest(signature, computed_sig_base64)


HANDLERS = {
    "pptvideo": {"python": pptvideo},
    "videopilot": {"python": videopilot},
    "ihateppt": {"python": ihateppt},
    "pollo": {"python": pollo},
    "firebirdgen": {},
}


def attempt(handler, pairs, body, secret):
    try:
        return "accept" if handler(pairs, body, secret) else "refuse"
    except Exception as error:  # noqa: BLE001 - whatever the document's code raises is the answer
        return f"throws {type(error).__name__}"


def value_text(value):
    raw = base64.b64decode(value["base64"]) if isinstance(value, dict) else value.encode("utf-8")
    return raw.decode("latin-1")


def check(path, secret_of):
    with open(path, encoding="utf-8") as file:
        fixture = json.load(file)
    request = fixture["request"]
    pairs = [(name, value_text(value)) for name, value in request["headers"]]
    body = base64.b64decode(request["body_base64"]) if "body_base64" in request else request["body"].encode("utf-8")
    secret = secret_of(fixture)
    results = {}
    if secret is not None:
        for name, handler in HANDLERS[fixture["provider"]].items():
            results[name] = attempt(handler, pairs, body, secret)
    return {
        "fixture": f"{fixture['provider']}/{fixture['name']}",
        "provider": fixture["provider"],
        "handlers": results,
    }


def serve(secret):
    """The same handlers behind a real server. Its secret is the same for every provider."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802 - the library's name
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            handlers = HANDLERS.get(self.path[1:], {})
            results = {name: attempt(handler, self.headers.items(), body, secret) for name, handler in handlers.items()}
            answer = json.dumps(results, separators=(",", ":")).encode("utf-8")
            self.send_response(200 if all(result == "accept" for result in results.values()) else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def main(argv):
    if len(argv) < 3 or argv[0] not in ("--secret-env", "--secrets"):
        print("verify.py: --secret-env VAR FIXTURE… or --secrets FILE FIXTURE…", file=sys.stderr)
        return 2
    how, source, *files = argv
    if files[0] == "--serve":
        serve(os.environ.get(source))
    if how == "--secrets":
        with open(source, encoding="utf-8") as file:
            known = json.load(file)["secrets"]

        def secret_of(fixture):
            return None if fixture["secret"] is None else known[fixture["provider"]][fixture["secret"]]
    else:

        def secret_of(fixture):
            return os.environ.get(source)

    for path in files:
        print(json.dumps(check(path, secret_of), separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
