<?php

declare(strict_types=1);

{% if scheme %}
{% if scheme.base64_key %}
$key = base64_decode(strtr((string) getenv('{{ secret_env }}'), '-_', '+/')); @@key
{% else %}
$key = (string) getenv('{{ secret_env }}'); @@key
{% endif %}
if ($key === '') { @@key
    throw new RuntimeException('{{ secret_env }} is not set'); @@key
} @@key

// The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% else %}
// Nothing is signed: an event counts where its id is one that you wait for.
$expected = explode(',', (string) getenv('{{ expected_env }}')); @@bad_input

{% endif %}
$raw = (string) file_get_contents('php://input'); @@raw_body
{% if handshake %}
$event = json_decode($raw, true); @@handshake,bad_input
if (isChallenge($event)) { @@handshake
    header('Content-Type: application/json'); @@handshake
    exit(json_encode([{{ handshake.field|lit }} => {{ handshake.from|replace(" ?? null", "") }}])); @@handshake
} @@handshake
{% endif %}
{% if scheme %}
if (!isSigned($raw, $key)) { @@missing
    http_response_code(401); @@missing
    exit; @@missing
} @@missing

{% endif %}
{% if not handshake %}
$event = json_decode($raw, true); @@bad_input
{% endif %}
{{ names|row("$names = [", "];", 100, "bad_input,duplicate") }}
if (count(array_filter($names, 'isText')) < count($names)) { @@bad_input
    http_response_code(400); @@bad_input
    exit; @@bad_input
} @@bad_input
{% for choice in choices %}
if (!in_array({{ choice.value }}, [{{ choice.list|lits }}], true)) { @@bad_input
    http_response_code(400); @@bad_input
    exit; @@bad_input
} @@bad_input
{% endfor %}
{% if not scheme %}
if (!in_array({{ id }}, $expected, true)) { @@bad_input
    http_response_code(403); @@bad_input
    exit; @@bad_input
} @@bad_input
{% endif %}

// What was here before is delivered, and nothing is done twice. A file stands for each event @@duplicate
// here; keep them in your database, under a unique key. @@duplicate
$name = hash('sha256', implode(':', $names)); @@duplicate
$isNew = @fopen(sys_get_temp_dir() . "/webhook-$name", 'x') !== false; @@duplicate

// {{ success }} Answer first, then work. @@success,answer_first
http_response_code(200); @@success
header('Content-Length: 2'); @@answer_first
echo 'OK'; @@success,answer_first
function_exists('fastcgi_finish_request') ? fastcgi_finish_request() : flush(); @@answer_first
if ($isNew) { @@duplicate,answer_first
    work($event); @@answer_first
}

function work(array $event): void @@answer_first
{ @@answer_first
    error_log('received ' . json_encode($event)); @@answer_first
} @@answer_first
{% if scheme %}

function isSigned(string $raw, string $key): bool
{
{% for header in scheme.headers %}
    ${{ header.camel }} = $_SERVER['{{ header.cgi }}'] ?? ''; @@missing
{% endfor %}
    $received = $_SERVER['{{ scheme.header.cgi }}'] ?? ''; @@missing
    if ({% for header in scheme.headers %}${{ header.camel }} === '' || {% endfor %}$received === '') { @@missing
        return false; @@missing
    } @@missing
{% if scheme.time %}

    // {{ tolerance }} @@timestamp
    if (!preg_match('/^\d{1,12}\z/', ${{ scheme.time.header.camel }})) { @@timestamp,missing
        return false; @@timestamp,missing
    } @@timestamp,missing
    $age = time() - (int) ${{ scheme.time.header.camel }}; @@timestamp
    if ($age > {{ scheme.time.past }} || $age < -{{ scheme.time.future }}) { @@timestamp
        return false; @@timestamp
    } @@timestamp
{% endif %}

    $content = {% for text in signed %}{% if not loop.first %} . {% endif %}{{ "$raw" if text is none else text }}{% endfor %}; @@signed_content
{% if scheme.hex %}
    $due = {% if scheme.prefix %}{{ scheme.prefix|lit }} . {% endif %}hash_hmac('{{ scheme.hash }}', $content, $key); @@signed_content,encoding
{% else %}
    $due = {% if scheme.prefix %}{{ scheme.prefix|lit }} . {% endif %}base64_encode(hash_hmac('{{ scheme.hash }}', $content, $key, true)); @@signed_content,encoding
{% endif %}

    // In constant time; texts of unequal length are unequal. @@compare
{% if scheme.several %}
    foreach (signatures($received) as $one) { @@compare,several_signatures
        if (hash_equals($due, $one)) { @@compare,several_signatures
            return true; @@compare,several_signatures
        } @@compare,several_signatures
    } @@compare,several_signatures
    return false; @@compare,several_signatures
}

// Several may be there, divided by spaces or commas, each with or without "v1,". @@several_signatures
function signatures(string $header): array @@several_signatures
{ @@several_signatures
    $found = []; @@several_signatures
    $before = ''; @@several_signatures
    foreach (preg_split('/[\s,]+/', $header) as $piece) { @@several_signatures
        if (!preg_match('/^v(?!1$)\d+a?$/', $before)) { @@several_signatures
            $found[] = $piece; @@several_signatures
        } @@several_signatures
        $before = $piece; @@several_signatures
    } @@several_signatures
    return $found; @@several_signatures
} @@several_signatures
{% else %}
    return hash_equals($due, $received); @@compare
}
{% endif %}
{% endif %}

function isText(mixed $value): bool @@bad_input
{ @@bad_input
    return is_string($value) && $value !== ''; @@bad_input
} @@bad_input
{% if handshake %}

// The provider's check that the endpoint is yours; it may come unsigned. @@handshake
function isChallenge(mixed $event): bool @@handshake
{ @@handshake
{% for mark in handshake.marks %}
    if (!in_array({{ mark.value }}, [{{ mark.list|lits }}], true)) { @@handshake
        return false; @@handshake
    } @@handshake
{% endfor %}
    return isText({{ handshake.from }}); @@handshake
} @@handshake
{% endif %}
