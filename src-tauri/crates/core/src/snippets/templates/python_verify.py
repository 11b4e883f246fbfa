{% if scheme %}
def is_signed(headers, raw):
{% for header in scheme.headers %}
    {{ header.snake }} = only(headers, {{ header.name|lit }}) @@missing
{% endfor %}
{% if scheme.several %}
    received = ",".join(headers.getlist({{ scheme.header.name|lit }})) @@missing,several_signatures
{% else %}
    received = only(headers, {{ scheme.header.name|lit }}) @@missing
{% endif %}
    if not {% if scheme.headers %}({% for header in scheme.headers %}{{ header.snake }} and {% endfor %}received){% else %}received{% endif %}: @@missing
        return False @@missing
{% if scheme.time %}

    # {{ tolerance }} @@timestamp
    if not re.fullmatch(r"[0-9]{1,12}", {{ scheme.time.header.snake }}): @@timestamp,missing
        return False @@timestamp,missing
    age = int(time.time()) - int({{ scheme.time.header.snake }}) @@timestamp
    if age > {{ scheme.time.past }} or age < -{{ scheme.time.future }}: @@timestamp
        return False @@timestamp
{% endif %}

    content = {% for text in signed %}{% if not loop.first %} + {% endif %}{{ "raw" if text is none else text ~ ".encode()" }}{% endfor %} @@signed_content
    digest = hmac.new(key, content, hashlib.{{ scheme.hash }}) @@signed_content
{% if scheme.hex %}
    due = {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}digest.hexdigest() @@encoding
{% else %}
    due = {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}base64.b64encode(digest.digest()).decode() @@encoding
{% endif %}
    # In constant time. As bytes: compare_digest raises on text outside ASCII. @@compare
{% if scheme.several %}
    return any( @@compare,several_signatures
        hmac.compare_digest(one.encode(), due.encode()) for one in signatures(received) @@compare,several_signatures
    ) @@compare,several_signatures


def signatures(header): @@several_signatures
    """Divided by spaces or commas, each with or without "v1,".""" @@several_signatures
    pieces = re.split(r"[\s,]+", header) @@several_signatures
    other_version = re.compile(r"v(?!1$)\d+a?") @@several_signatures
    return [ @@several_signatures
        piece @@several_signatures
        for before, piece in zip([""] + pieces, pieces) @@several_signatures
        if not other_version.fullmatch(before) @@several_signatures
    ] @@several_signatures
{% else %}
    return hmac.compare_digest(received.encode(), due.encode()) @@compare
{% endif %}
{% if scheme.headers or not scheme.several %}


def only(headers, name): @@missing
    """The value of a header; nothing where it is missing or doubled.""" @@missing
    values = headers.getlist(name) @@missing
    return values[0] if len(values) == 1 else "" @@missing
{% endif %}


{% endif %}
def parse(raw): @@bad_input
    try: @@bad_input
        return json.loads(raw) @@bad_input
    except (ValueError, RecursionError): @@bad_input
        return None @@bad_input


def at(event, *path): @@bad_input
    """What stands in the event; nothing where it has another shape.""" @@bad_input
    for key in path: @@bad_input
        event = event.get(key) if isinstance(event, dict) else None @@bad_input
    return event @@bad_input


def is_text(value): @@bad_input
    return isinstance(value, str) and value != "" @@bad_input
{% if handshake %}


# The provider's check that the endpoint is yours; it may come unsigned. @@handshake
def is_challenge(event): @@handshake
{% for mark in handshake.marks %}
    if {{ mark.value }} not in [{{ mark.list|lits }}]: @@handshake
        return False @@handshake
{% endfor %}
    return is_text({{ handshake.from }}) @@handshake
{% endif %}
