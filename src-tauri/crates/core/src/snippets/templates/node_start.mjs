{% if not scheme %}
// Nothing is signed: an event counts where its id is one that you wait for.
const ids = process.env.{{ expected_env }} ?? ""; @@bad_input
const expected = new Set(ids.split(",")); @@bad_input
{% else %}
{% if scheme.base64_key %}
const key = Buffer.from(process.env.{{ secret_env }} ?? "", "base64"); @@key
{% else %}
const key = Buffer.from(process.env.{{ secret_env }} ?? ""); @@key
{% endif %}
if (key.length === 0) throw new Error("{{ secret_env }} is not set"); @@key
{% endif %}

// Keep these in your database, under a unique key: they must outlive a restart. @@duplicate
const seen = new Set(); @@duplicate
