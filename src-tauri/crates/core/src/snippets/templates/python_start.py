{% if not scheme %}
# Nothing is signed: an event counts where its id is one that you wait for.
expected = set(os.environ.get("{{ expected_env }}", "").split(",")) @@bad_input
{% else %}
{% if scheme.base64_key %}
secret = os.environ["{{ secret_env }}"].translate(str.maketrans("-_", "+/")) @@key
key = base64.b64decode(secret + "==")  # with or without its padding @@key
{% else %}
key = os.environ["{{ secret_env }}"].encode() @@key
{% endif %}
if not key: @@key
    raise SystemExit("{{ secret_env }} is empty") @@key
{% endif %}

# Keep these in your database, under a unique key: they must outlive a restart. @@duplicate
seen = set() @@duplicate
