<?php

// Replays captured webhooks of {{ name }} against your handler.
// {{ about }}

declare(strict_types=1);

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class {{ class }} extends TestCase
{
    private const OF_THE_CONNECTION = ['connection', 'content-length', 'host', 'transfer-encoding'];

    public static function fixtures(): array
    {
        $all = [];
        foreach (glob(__DIR__ . '/fixtures/*.json') as $file) {
            $fixture = json_decode(file_get_contents($file), true, 512, JSON_THROW_ON_ERROR);
            if ($fixture['provider'] === '{{ provider }}') {
                $all[$fixture['name']] = [$fixture];
            }
        }

        return $all;
    }
{% if scheme %}

    /** @dataProvider fixtures */
    #[DataProvider('fixtures')]
    public function testSignatureAsCaptured(array $fixture): void
    {
        if (self::outcome($fixture) !== 'pass') {
            self::markTestSkipped('captured as ' . self::outcome($fixture));
        }
        if (isset($fixture['redacted']['signed_with'])) {
            self::markTestSkipped('masked, and signed anew with a published secret');
        }
        [$headers, $raw] = self::captured($fixture);
{% if scheme.several %}
        $own = array_filter($headers, fn (array $field) => strtolower($field[0]) === {{ scheme.header.lower|lit }});
        $received = implode(',', array_column($own, 1));
{% else %}
        $received = self::value($headers, {{ scheme.header.lower|lit }});
{% endif %}
{% if scheme.several %}
        self::assertStringContainsString(self::signature($headers, $raw), $received);
{% else %}
        self::assertSame(self::signature($headers, $raw), $received);
{% endif %}
{% if scheme.time %}
        // The clock stands still at the capture.
        $age = strtotime($fixture['captured_at']) - (int) self::value($headers, {{ scheme.time.header.lower|lit }});
        self::assertGreaterThanOrEqual(-{{ scheme.time.future }}, $age);
        self::assertLessThanOrEqual({{ scheme.time.past }}, $age);
{% endif %}
    }
{% endif %}

    /** @dataProvider fixtures */
    #[DataProvider('fixtures')]
    public function testHandlerAnswers(array $fixture): void
    {
        [$headers, $raw] = self::captured($fixture);
{% if handshake %}
        if (str_contains($raw, '"{{ handshake.mark }}"')) {
            self::markTestSkipped('a check that the endpoint is yours');
        }
{% endif %}
{% if scheme %}
        $outcome = self::outcome($fixture);
        if ($outcome === 'pass') {
            // Signed anew: a handler that looks at the time refuses a recording.
            $status = self::post($fixture, self::signedNow($headers, $raw), $raw);
            if (!isset($fixture['expect']['event_id'])) {
                // What is signed rightly and no event may be refused, but is no reason to crash.
                self::assertLessThan(500, $status);

                return;
            }
            self::assert{{ "Same(200, $status)" if exactly else "Same(2, intdiv($status, 100), (string) $status)" }};
        } elseif (in_array($outcome, ['fail', 'malformed', 'missing'], true)) {
            $status = self::post($fixture, $headers, $raw);
            self::assertSame(4, intdiv($status, 100), (string) $status);
        } else {
            self::markTestSkipped("captured as $outcome");
        }
{% else %}
        $status = self::post($fixture, $headers, $raw);
        if ($fixture['expect']['checks']['shape'] ?? true) {
            self::assert{{ "Same(200, $status)" if exactly else "Same(2, intdiv($status, 100), (string) $status)" }};
        } else {
            // How much of the shape a handler asks for is its own choice; to crash is none.
            self::assertLessThan(500, $status);
        }
{% endif %}
    }

    private static function captured(array $fixture): array
    {
        $request = $fixture['request'];
        $headers = [];
        foreach ($request['headers'] as [$name, $value]) {
            if (!in_array(strtolower($name), self::OF_THE_CONNECTION, true)) {
                $headers[] = [$name, is_string($value) ? $value : base64_decode($value['base64'])];
            }
        }
        $raw = isset($request['body_base64']) ? base64_decode($request['body_base64']) : $request['body'] ?? '';

        return [$headers, $raw];
    }
{% if scheme %}

    private static function outcome(array $fixture): string
    {
        return $fixture['expect']['verdicts']['{{ scheme_id }}'] ?? '';
    }

    private static function value(array $headers, string $wanted): string
    {
        foreach ($headers as [$name, $value]) {
            if (strtolower($name) === $wanted) {
                return $value;
            }
        }

        return '';
    }

    private static function replaced(array $headers, string $wanted, string $value): array
    {
        return array_map(
            fn (array $field) => strtolower($field[0]) === $wanted ? [$field[0], $value] : $field,
            $headers,
        );
    }

    private static function signature(array $headers, string $raw): string
    {
        $secret = getenv('{{ secret_env }}') ?: throw new RuntimeException('{{ secret_env }} is not set');
{% for header in scheme.headers %}
        ${{ header.camel }} = self::value($headers, {{ header.lower|lit }});
{% endfor %}
        $content = {% for text in signed %}{% if not loop.first %} . {% endif %}{{ "$raw" if text is none else text }}{% endfor %};
        $key = {{ "base64_decode(strtr($secret, '-_', '+/'))" if scheme.base64_key else "$secret" }};

{% if scheme.hex %}
        return {% if scheme.prefix %}{{ scheme.prefix|lit }} . {% endif %}hash_hmac('{{ scheme.hash }}', $content, $key);
{% else %}
        return {% if scheme.prefix %}{{ scheme.prefix|lit }} . {% endif %}base64_encode(hash_hmac('{{ scheme.hash }}', $content, $key, true));
{% endif %}
    }

    private static function signedNow(array $headers, string $raw): array
    {
{% if scheme.time %}
        $headers = self::replaced($headers, {{ scheme.time.header.lower|lit }}, (string) time());

{% endif %}
        return self::replaced($headers, {{ scheme.header.lower|lit }}, self::signature($headers, $raw));
    }
{% endif %}

    private static function post(array $fixture, array $headers, string $raw): int
    {
        $context = stream_context_create(['http' => [
            'method' => $fixture['request']['method'],
            'header' => array_map(fn (array $field) => "$field[0]: $field[1]", $headers),
            'content' => $raw,
            'ignore_errors' => true,
            'follow_location' => 0,
        ]]);
        file_get_contents(getenv('WEBHOOK_URL') ?: {{ url|lit }}, false, $context);

        return (int) explode(' ', $http_response_header[0])[1];
    }
}
