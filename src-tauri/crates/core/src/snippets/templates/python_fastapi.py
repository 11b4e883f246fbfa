{% include "python_imports" %}
{% if scheme and scheme.time %}
import time
{% endif %}

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request

{% include "python_start" %}

app = FastAPI()


@app.post("/webhook")
async def webhook(request: Request, background: BackgroundTasks):
{% if scheme %}
    # The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
    raw = await request.body() @@raw_body
{% if handshake %}
    event = parse(raw) @@handshake
    if is_challenge(event): @@handshake
        return { {{- handshake.field|lit }}: {{ handshake.from -}} } @@handshake
{% endif %}
{% if scheme %}
    if not is_signed(request.headers, raw): @@missing
        raise HTTPException(401) @@missing
{% endif %}

{% if not handshake %}
    event = parse(raw) @@bad_input
{% endif %}
{{ names|row("    names = [", "]", 88, "bad_input,duplicate") }}
    if not all(map(is_text, names)): @@bad_input
        raise HTTPException(400) @@bad_input
{% for choice in choices %}
    if {{ choice.value }} not in [{{ choice.list|lits }}]: @@bad_input
        raise HTTPException(400) @@bad_input
{% endfor %}
{% if not scheme %}
    if {{ id }} not in expected: @@bad_input
        raise HTTPException(403) @@bad_input
{% endif %}

    # What was here before is delivered, and nothing is done twice. @@duplicate
    name = ":".join(names) @@duplicate
    if name not in seen: @@duplicate
        seen.add(name) @@duplicate
        background.add_task(work, event)  # runs once the answer is out @@answer_first

    # {{ success }} @@success
    return "OK"  # with status 200 @@success


def work(event): @@answer_first
    print(f"received {event}") @@answer_first


{% include "python_verify" %}
