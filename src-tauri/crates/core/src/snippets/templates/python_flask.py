{% include "python_imports" %}
import threading
{% if scheme and scheme.time %}
import time
{% endif %}

from flask import Flask, abort, request

{% include "python_start" %}
lock = threading.Lock() @@duplicate

app = Flask(__name__)


@app.post("/webhook")
def webhook():
{% if scheme %}
    # The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
    raw = request.get_data() @@raw_body
{% if handshake %}
    event = parse(raw) @@handshake
    if is_challenge(event): @@handshake
        return { {{- handshake.field|lit }}: {{ handshake.from -}} } @@handshake
{% endif %}
{% if scheme %}
    if not is_signed(request.headers, raw): @@missing
        abort(401) @@missing
{% endif %}

{% if not handshake %}
    event = parse(raw) @@bad_input
{% endif %}
{{ names|row("    names = [", "]", 88, "bad_input,duplicate") }}
    if not all(map(is_text, names)): @@bad_input
        abort(400) @@bad_input
{% for choice in choices %}
    if {{ choice.value }} not in [{{ choice.list|lits }}]: @@bad_input
        abort(400) @@bad_input
{% endfor %}
{% if not scheme %}
    if {{ id }} not in expected: @@bad_input
        abort(403) @@bad_input
{% endif %}

    # What was here before is delivered, and nothing is done twice. @@duplicate
    name = ":".join(names) @@duplicate
    with lock: @@duplicate
        is_new = name not in seen @@duplicate
        seen.add(name) @@duplicate
    if is_new: @@duplicate,answer_first
        # The answer does not wait for the work. @@answer_first
        threading.Thread(target=work, args=(event,)).start() @@answer_first

    # {{ success }} @@success
    return "OK", 200 @@success


def work(event): @@answer_first
    print(f"received {event}") @@answer_first


{% include "python_verify" %}
