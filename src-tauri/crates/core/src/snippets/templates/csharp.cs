using System.Collections.Concurrent;
{% if scheme and scheme.time %}
using System.Globalization;
{% endif %}
{% if scheme %}
using System.Security.Cryptography;
using System.Text;
{% endif %}
using System.Text.Json;

{% if scheme %}
var secret = Environment.GetEnvironmentVariable("{{ secret_env }}") ?? ""; @@key
{% if scheme.base64_key %}
secret = secret.Trim().TrimEnd('=').Replace('-', '+').Replace('_', '/'); @@key
var key = Convert.FromBase64String(secret.PadRight((secret.Length + 3) / 4 * 4, '=')); @@key
{% else %}
var key = Encoding.UTF8.GetBytes(secret); @@key
{% endif %}
if (key.Length == 0) throw new InvalidOperationException("{{ secret_env }} is not set"); @@key
{% else %}
// Nothing is signed: an event counts where its id is one that you wait for.
var ids = Environment.GetEnvironmentVariable("{{ expected_env }}") ?? ""; @@bad_input
var expected = ids.Split(',').ToHashSet(); @@bad_input
{% endif %}

// Keep these in your database, under a unique key: they must outlive a restart. @@duplicate
var seen = new ConcurrentDictionary<string, bool>(); @@duplicate

var app = WebApplication.CreateBuilder(args).Build();
app.MapPost("/webhook", async (HttpRequest request) =>
{
{% if scheme %}
    // The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
    using var buffer = new MemoryStream(); @@raw_body
    await request.Body.CopyToAsync(buffer); @@raw_body
    var raw = buffer.ToArray(); @@raw_body
    var body = Parse(raw); @@bad_input{{ ",handshake" if handshake }}
{% if handshake %}
    if (IsChallenge(body)) @@handshake
    { @@handshake
        var answer = new Dictionary<string, string> { [{{ handshake.field|lit }}] = {{ handshake.from }} }; @@handshake
        return Results.Json(answer); @@handshake
    } @@handshake
{% endif %}
{% if scheme %}
    if (!IsSigned(request.Headers, raw)) return Results.StatusCode(401); @@missing
{% endif %}

{{ names|row("    string[] names = [", "];", 100, "bad_input,duplicate") }}
    if (names.Contains("")) return Results.StatusCode(400); @@bad_input
{% for choice in choices %}
    string[] choices{{ loop.index }} = [{{ choice.list|lits }}]; @@bad_input
    if (!choices{{ loop.index }}.Contains({{ choice.value }})) return Results.StatusCode(400); @@bad_input
{% endfor %}
{% if not scheme %}
    if (!expected.Contains({{ id }})) return Results.StatusCode(403); @@bad_input
{% endif %}

    // What was here before is delivered, and nothing is done twice. @@duplicate
    var isNew = seen.TryAdd(string.Join(":", names), true); @@duplicate
    if (isNew) _ = Task.Run(() => Work(body)); // the answer does not wait for it @@duplicate,answer_first

    // {{ success }} @@success
    return Results.StatusCode(200); @@success
});
app.Run();

void Work(JsonElement body) => Console.WriteLine($"received {body}"); @@answer_first
{% if scheme %}

bool IsSigned(IHeaderDictionary headers, byte[] raw)
{
{% for header in scheme.headers %}
    var {{ header.camel }} = Only(headers, {{ header.name|lit }}); @@missing
{% endfor %}
{% if scheme.several %}
    var received = string.Join(',', headers[{{ scheme.header.name|lit }}].ToArray()); @@missing,several_signatures
{% else %}
    var received = Only(headers, {{ scheme.header.name|lit }}); @@missing
{% endif %}
    if ({% for header in scheme.headers %}{{ header.camel }} == "" || {% endfor %}received == "") return false; @@missing
{% if scheme.time %}

    // {{ tolerance }} @@timestamp
    if (!long.TryParse({{ scheme.time.header.camel }}, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)) @@timestamp,missing
        return false; @@timestamp,missing
    var age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sent; @@timestamp
    if (age > {{ scheme.time.past }} || age < -{{ scheme.time.future }}) return false; @@timestamp
{% endif %}

    byte[] content = [{% for text in signed %}{% if not loop.first %}, {% endif %}{{ ".. raw" if text is none else ".. Encoding.UTF8.GetBytes(" ~ text ~ ")" }}{% endfor %}]; @@signed_content
    var digest = HMAC{{ scheme.hash|upper }}.HashData(key, content); @@signed_content
    var due = {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}{{ "Convert.ToHexString(digest).ToLowerInvariant()" if scheme.hex else "Convert.ToBase64String(digest)" }}; @@encoding
{% if scheme.several %}
    return Signatures(received).Any(one => IsEqual(one, due)); @@compare,several_signatures
}

// Several may be there, divided by spaces or commas, each with or without "v1,". @@several_signatures
IEnumerable<string> Signatures(string header) @@several_signatures
{ @@several_signatures
    var before = ""; @@several_signatures
    foreach (var piece in header.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)) @@several_signatures
    { @@several_signatures
        var otherVersion = before.StartsWith('v') && before.Length < 4 && before != "v1"; @@several_signatures
        if (!otherVersion) yield return piece; @@several_signatures
        before = piece; @@several_signatures
    } @@several_signatures
} @@several_signatures
{% else %}
    return IsEqual(received, due); @@compare
}
{% endif %}

// In constant time; texts of unequal length are unequal. @@compare
bool IsEqual(string received, string due) => CryptographicOperations.FixedTimeEquals( @@compare
    Encoding.UTF8.GetBytes(received), Encoding.UTF8.GetBytes(due)); @@compare
{% if scheme.headers or not scheme.several %}

// The value of a header; nothing where it is missing or doubled. @@missing
string Only(IHeaderDictionary headers, string name) => @@missing
    headers[name].Count == 1 ? headers[name].ToString() : ""; @@missing
{% endif %}
{% endif %}

JsonElement Parse(byte[] raw) @@bad_input
{ @@bad_input
    try @@bad_input
    { @@bad_input
        return JsonSerializer.Deserialize<JsonElement>(raw); @@bad_input
    } @@bad_input
    catch (JsonException) @@bad_input
    { @@bad_input
        return default; @@bad_input
    } @@bad_input
} @@bad_input

// The first text that stands at one of these places; nothing where the event has another shape. @@bad_input
string Text(JsonElement body, params string[] places) @@bad_input
{ @@bad_input
    foreach (var place in places) @@bad_input
    { @@bad_input
        try @@bad_input
        { @@bad_input
            var found = place.Split('/').Skip(1).Aggregate(body, (at, key) => at.GetProperty(key)); @@bad_input
            if (found.GetString() is { Length: > 0 } text) return text; @@bad_input
        } @@bad_input
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException) @@bad_input
        { @@bad_input
            // No object, no such field, or no text: the next place. @@bad_input
        } @@bad_input
    } @@bad_input
    return ""; @@bad_input
} @@bad_input
{% if handshake %}

// The provider's check that the endpoint is yours; it may come unsigned. @@handshake
bool IsChallenge(JsonElement body) @@handshake
{ @@handshake
{% for mark in handshake.marks %}
    string[] marks{{ loop.index }} = [{{ mark.list|lits }}]; @@handshake
    if (!marks{{ loop.index }}.Contains({{ mark.value }})) return false; @@handshake
{% endfor %}
    return {{ handshake.from }} != ""; @@handshake
} @@handshake
{% endif %}
