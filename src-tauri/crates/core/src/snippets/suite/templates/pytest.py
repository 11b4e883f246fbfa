"""Replays captured webhooks of {{ name }} against your handler.

{{ about }}
"""

import base64
{% if scheme %}
import hashlib
import hmac
{% endif %}
{% if url %}
import http.client
{% endif %}
import json
{% if scheme or url %}
import os
{% endif %}
{% if scheme and scheme.time %}
import time
from datetime import datetime
{% endif %}
from pathlib import Path
{% if url %}
from urllib.parse import urlsplit
{% endif %}

import pytest
{% if framework == "fastapi" %}
from fastapi.testclient import TestClient
{% endif %}
{% if app %}

from {{ app.module }} import {{ app.name }}
{% endif %}

EVERY = sorted(Path(__file__).parent.glob("fixtures/*.json"))
FIXTURES = [json.loads(path.read_text(encoding="utf-8")) for path in EVERY]
FIXTURES = [one for one in FIXTURES if one["provider"] == {{ provider|lit }}]
{% if scheme %}
{% if scheme.base64_key %}
SECRET = os.environ["{{ secret_env }}"].translate(str.maketrans("-_", "+/"))
KEY = base64.b64decode(SECRET + "==")  # with or without its padding
{% else %}
KEY = os.environ["{{ secret_env }}"].encode()
{% endif %}
{% endif %}
OF_THE_CONNECTION = {"connection", "content-length", "host", "transfer-encoding"}


def value(text):
    return base64.b64decode(text["base64"]) if isinstance(text, dict) else text.encode()


def body_of(fixture):
    request = fixture["request"]
    if "body_base64" in request:
        return base64.b64decode(request["body_base64"])
    return request.get("body", "").encode()


def headers_of(fixture):
    headers = [(name, value(text)) for name, text in fixture["request"]["headers"]]
    return [one for one in headers if one[0].lower() not in OF_THE_CONNECTION]


def outcome(fixture):
    return fixture["expect"]["verdicts"].get("{{ scheme_id }}")
{% if scheme %}


def signature(headers, raw):
    one = {name.lower(): text.decode("latin-1") for name, text in headers}
{% for header in scheme.headers %}
    {{ header.snake }} = one[{{ header.lower|lit }}]
{% endfor %}
    content = {% for text in signed %}{% if not loop.first %} + {% endif %}{{ "raw" if text is none else text ~ ".encode()" }}{% endfor %}

    digest = hmac.new(KEY, content, hashlib.{{ scheme.hash }})
{% if scheme.hex %}
    return {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}digest.hexdigest()
{% else %}
    return {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}base64.b64encode(digest.digest()).decode()
{% endif %}


def signed_now(headers, raw):
{% if scheme.time %}
    now = str(int(time.time())).encode()
    time_header = {{ scheme.time.header.lower|lit }}
    headers = [(n, now if n.lower() == time_header else v) for n, v in headers]
{% endif %}
    new = signature(headers, raw).encode()
    header = {{ scheme.header.lower|lit }}
    return [(n, new if n.lower() == header else v) for n, v in headers]


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f["name"])
def test_signature_as_captured(fixture):
    if outcome(fixture) != "pass":
        pytest.skip(f"captured as {outcome(fixture)}")
    if fixture.get("redacted", {}).get("signed_with"):
        pytest.skip("masked, and signed anew with a published secret")
    headers = headers_of(fixture)
    received = [v.decode() for n, v in headers if n.lower() == {{ scheme.header.lower|lit }}]
{% if scheme.several %}
    assert signature(headers, body_of(fixture)) in ",".join(received)
{% else %}
    assert received == [signature(headers, body_of(fixture))]
{% endif %}
{% if scheme.time %}
    # The clock stands still at the capture.
    captured_at = datetime.fromisoformat(fixture["captured_at"].replace("Z", "+00:00"))
    one = {n.lower(): v for n, v in headers}
    age = captured_at.timestamp() - int(one[{{ scheme.time.header.lower|lit }}])
    assert -{{ scheme.time.future }} <= age <= {{ scheme.time.past }}
{% endif %}
{% endif %}


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f["name"])
def test_handler_answers(fixture):
    headers, raw = headers_of(fixture), body_of(fixture)
{% if handshake %}
    if b'"{{ handshake.mark }}"' in raw:
        pytest.skip("a check that the endpoint is yours")
{% endif %}
{% if scheme %}
    if outcome(fixture) == "pass":
        # Signed anew: a handler that looks at the time refuses a recording.
        status = post(fixture, signed_now(headers, raw), raw)
        # What is signed rightly and no event may be refused, but is no reason to crash.
        if fixture["expect"].get("event_id"):
            assert {{ success_check }}
        else:
            assert status < 500
    elif outcome(fixture) in ("fail", "malformed", "missing"):
        assert 400 <= post(fixture, headers, raw) < 500
    else:
        pytest.skip(f"captured as {outcome(fixture)}")
{% else %}
    status = post(fixture, headers, raw)
    if fixture["expect"].get("checks", {}).get("shape", True):
        assert {{ success_check }}
    else:
        # How much of the shape a handler asks for is its own choice; to crash is none.
        assert status < 500
{% endif %}


def post(fixture, headers, raw):
{% if url %}
    url = urlsplit(os.environ.get("WEBHOOK_URL", {{ url|lit }}))
    https = url.scheme == "https"
    kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
    connection = kind(url.netloc, timeout={{ timeout }})
    path = url.path + (f"?{url.query}" if url.query else "")
    connection.putrequest(fixture["request"]["method"], path or "/")
    for name, text in headers:
        connection.putheader(name, text)
    connection.putheader("Content-Length", str(len(raw)))
    connection.endheaders(raw)
    status = connection.getresponse().status
    connection.close()
    return status
{% elif framework == "flask" %}
    headers = [(name, text.decode("latin-1")) for name, text in headers]
    method = fixture["request"]["method"]
    client = {{ app.name }}.test_client()
    path = {{ app.path|lit }}
    answer = client.open(path, method=method, headers=headers, data=raw)
    return answer.status_code
{% else %}
    method = fixture["request"]["method"]
    client = TestClient({{ app.name }})
    path = {{ app.path|lit }}
    answer = client.request(method, path, headers=headers, content=raw)
    return answer.status_code
{% endif %}
