# frozen_string_literal: true

# Replays captured webhooks of {{ name }} against your handler.
# {{ about }}

require "base64"
require "json"
require "net/http"
{% if scheme %}
require "openssl"
{% endif %}
{% if scheme and scheme.time %}
require "time"
{% endif %}

RSpec.describe {{ ("webhooks of " ~ name)|lit }} do
  of_the_connection = %w[connection content-length host transfer-encoding]

  define_method(:captured) do |fixture|
    request = fixture["request"]
    headers = request["headers"].reject { |name, _| of_the_connection.include?(name.downcase) }
    headers.map! { |name, value| [name, value.is_a?(Hash) ? Base64.decode64(value["base64"]) : value] }
    raw = request["body_base64"] ? Base64.decode64(request["body_base64"]) : request["body"].to_s
    [headers, raw]
  end
{% if scheme %}

  def value(headers, wanted)
    headers.find { |name, _| name.downcase == wanted }&.last
  end

  def replaced(headers, wanted, value)
    headers.map { |name, old| [name, name.downcase == wanted ? value : old] }
  end

  def signature(headers, raw)
{% if scheme.base64_key %}
    key = Base64.decode64(ENV.fetch("{{ secret_env }}").tr("-_", "+/"))
{% else %}
    key = ENV.fetch("{{ secret_env }}")
{% endif %}
{% for header in scheme.headers %}
    {{ header.snake }} = value(headers, {{ header.lower|lit }})
{% endfor %}
    content = {% for text in signed %}{% if not loop.first %} + {% endif %}{{ "raw.b" if text is none else text ~ ".b" }}{% endfor %}

{% if scheme.hex %}
    {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}OpenSSL::HMAC.hexdigest("{{ scheme.hash }}", key, content)
{% else %}
    {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}Base64.strict_encode64(OpenSSL::HMAC.digest("{{ scheme.hash }}", key, content))
{% endif %}
  end

  def signed_now(headers, raw)
{% if scheme.time %}
    headers = replaced(headers, {{ scheme.time.header.lower|lit }}, Time.now.to_i.to_s)
{% endif %}
    replaced(headers, {{ scheme.header.lower|lit }}, signature(headers, raw))
  end
{% endif %}

  def post(fixture, headers, raw)
    url = URI(ENV.fetch("WEBHOOK_URL", {{ url|lit }}))
    kind = Net::HTTPGenericRequest.new(fixture["request"]["method"], true, true, url)
    headers.each { |name, value| kind.add_field(name, value) }
    kind.body = raw
    Net::HTTP.start(url.host, url.port, use_ssl: url.scheme == "https") { |http| http.request(kind) }.code.to_i
  end

  Dir[File.join(__dir__, "fixtures/*.json")].sort.each do |file|
    fixture = JSON.parse(File.read(file))
    next if fixture["provider"] != {{ provider|lit }}
{% if handshake %}
    next if fixture.dig("request", "body").to_s.include?('"{{ handshake.mark }}"')
{% endif %}
{% if scheme %}

    case fixture.dig("expect", "verdicts", "{{ scheme_id }}")
    when "pass"
      # What was masked may be signed anew, with a published secret.
      it "holds the signature of #{fixture["name"]}" do
        headers, raw = captured(fixture)
{% if scheme.several %}
        received = headers.select { |name, _| name.downcase == {{ scheme.header.lower|lit }} }.map(&:last)
        expect(received.join(",")).to include(signature(headers, raw))
{% else %}
        expect(value(headers, {{ scheme.header.lower|lit }})).to eq(signature(headers, raw))
{% endif %}
{% if scheme.time %}
        # The clock stands still at the capture.
        age = Time.iso8601(fixture["captured_at"]).to_i - Integer(value(headers, {{ scheme.time.header.lower|lit }}), 10)
        expect(age).to be_between(-{{ scheme.time.future }}, {{ scheme.time.past }})
{% endif %}
      end unless fixture.dig("redacted", "signed_with")

      it "accepts #{fixture["name"]}, signed anew" do
        headers, raw = captured(fixture)
        status = post(fixture, signed_now(headers, raw), raw)
        # What is signed rightly and no event may be refused, but is no reason to crash.
        due = fixture.dig("expect", "event_id") ? {{ "eq(200)" if exactly else "be_between(200, 299)" }} : be < 500
        expect(status).to due
      end
    when "fail", "malformed", "missing"
      it "refuses #{fixture["name"]}" do
        expect(post(fixture, *captured(fixture))).to be_between(400, 499)
      end
    end
{% else %}

    it "answers #{fixture["name"]}" do
      status = post(fixture, *captured(fixture))
      shape = fixture.dig("expect", "checks", "shape") != false
      # How much of the shape a handler asks for is its own choice; to crash is none.
      expect(status).to shape ? {{ "eq(200)" if exactly else "be_between(200, 299)" }} : be < 500
    end
{% endif %}
  end
end
