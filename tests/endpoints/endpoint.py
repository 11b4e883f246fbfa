"""Reference endpoints for the endpoint check, in Python without a package.

    python3 endpoint.py PROVIDER documented|careful [MISTAKE]

As endpoint.mjs: `documented` is the provider's own example; what it throws is answered 500, as frameworks answer it.
Where an example reads no more than Content-Length, so does this one. A MISTAKE is on top of `careful`, for I Hate PPT.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROVIDER, MANNER = sys.argv[1:3]
MISTAKE = sys.argv[3] if len(sys.argv) > 3 else "none"
SECRET = os.environ["SECRET"]
DONE = {}


class Answer(Exception):
    def __init__(self, status, body=b""):
        super().__init__(status)
        self.status, self.body = status, body


def work(key):
    DONE[key] = DONE.get(key, 0) + 1


def three_headers(headers, body):
    webhook_id = headers.get("X-Webhook-Id", "")
    webhook_ts = headers.get("X-Webhook-Timestamp", "")
    signed = f"{webhook_id}.{webhook_ts}.{body}"
    digest = hmac.new(base64.b64decode(SECRET), signed.encode("utf-8"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("utf-8")


def pptvideo(headers, raw):
    body = raw.decode("utf-8")
    if not hmac.compare_digest(headers.get("X-Webhook-Signature", ""), three_headers(headers, body)):
        raise Answer(400, b"invalid signature")
    work(json.loads(body)["id"])
    raise Answer(200, b"ok")


def videopilot(headers, raw):
    expected = "sha256=" + hmac.new(SECRET.encode("utf-8"), raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(headers.get("X-VideoPilot-Signature"), expected):
        raise Answer(401, b"Invalid signature")
    try:
        event = json.loads(raw)
    except ValueError:
        # Flask's get_json answers this itself.
        raise Answer(400) from None
    if event["event"] == "render.completed":
        work(event["data"]["render_job_id"])
    raise Answer(200, b"OK")


def ihateppt(headers, raw):
    payload = raw.decode("utf-8", "replace")
    # "Your server needs to return the challenge value", before anything is signed.
    if b"webhook.verification" in raw:
        raise Answer(200, json.dumps({"challenge": json.loads(payload)["data"]["challenge"]}).encode())
    message = f"{headers.get('X-Webhook-Timestamp')}.{payload}"
    expected = hmac.new(SECRET.encode("utf-8"), message.encode("utf-8"), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"sha256={expected}", headers.get("X-Webhook-Signature")):
        raise Answer(400, b'{"error":"Invalid signature"}')
    if headers.get_content_type() != "application/json":
        raise Answer(415)
    try:
        event = json.loads(payload)
    except ValueError:
        raise Answer(400) from None
    if headers.get("X-Webhook-Event") == "ppt.generation.completed":
        work(event["data"]["ppt_id"])
    raise Answer(200, b'{"status":"success"}')


def pollo(headers, raw):
    # It answers 200 whatever it thinks.
    body = raw.decode("utf-8")
    if hmac.compare_digest(headers["X-Webhook-Signature"], three_headers(headers, body)):
        work(json.loads(body)["taskId"])
    raise Answer(200)


def firebirdgen(headers, raw):
    if headers.get_content_type() != "application/json":
        raise Answer(415)
    try:
        data = json.loads(raw)
    except ValueError:
        raise Answer(400) from None
    data.get("requestParams", {})
    work(data.get("taskId"))
    raise Answer(200, b'{"status":"ok"}')


def hashed(raw):
    if MISTAKE == "reserialises":
        return json.dumps(json.loads(raw)).encode()
    if MISTAKE == "ascii":
        return raw.decode("ascii").encode()
    return raw


def careful(headers, raw):
    try:
        event = json.loads(raw)
    except ValueError:
        event = None
    if isinstance(event, dict) and event.get("type") == "webhook.verification":
        raise Answer(200, json.dumps({"challenge": event["data"]["challenge"]}).encode())
    stamp = headers.get("X-Webhook-Timestamp", "")
    content = stamp.encode() + b"." + hashed(raw)
    expected = "sha256=" + hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()
    have = headers.get("X-Webhook-Signature", "")
    if not hmac.compare_digest(have.encode(), expected.encode()):
        raise Answer(401)
    if MISTAKE != "number_throws" and not stamp.isdigit():
        raise Answer(401)
    if abs(time.time() - int(stamp)) > 300:
        raise Answer(401)
    if event is None:
        raise Answer(400)
    key = event.get("id") if isinstance(event, dict) else None
    if key and key not in DONE:
        work(key)
    raise Answer(200, b"ok")


def body_of(handler):
    length = int(handler.headers.get("Content-Length", 0))
    if handler.headers.get("Transfer-Encoding", "") != "chunked":
        return handler.rfile.read(length)
    if MANNER == "documented" and PROVIDER in ("pptvideo", "pollo") or MISTAKE == "content_length":
        return b""
    whole = b""
    while size := int(handler.rfile.readline(), 16):
        whole += handler.rfile.read(size)
        handler.rfile.readline()
    return whole


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(200, json.dumps(DONE).encode())

    def do_POST(self):
        try:
            raw = body_of(self)
            globals()[PROVIDER](self.headers, raw) if MANNER == "documented" else careful(self.headers, raw)
        except Answer as answer:
            self.reply(answer.status, answer.body)
        except Exception as error:
            self.reply(500, repr(error).encode())

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(SERVER.server_address[1], flush=True)
SERVER.serve_forever()
