# frozen_string_literal: true

require "json"
{% if scheme %}
require "openssl"
{% endif %}
require "set"

{% if scheme %}
{% if scheme.base64_key %}
KEY = ENV.fetch("{{ secret_env }}").tr("-_", "+/").unpack1("m") @@key
{% else %}
KEY = ENV.fetch("{{ secret_env }}") @@key
{% endif %}
abort "{{ secret_env }} is empty" if KEY.empty? @@key
{% else %}
# Nothing is signed: an event counts where its id is one that you wait for.
EXPECTED = ENV.fetch("{{ expected_env }}", "").split(",").to_set @@bad_input
{% endif %}

# Keep these in your database, under a unique key: they must outlive a restart. @@duplicate
SEEN = Set.new @@duplicate
LOCK = Mutex.new @@duplicate

def webhook(env)
{% if scheme %}
  # The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
  raw = env["rack.input"]&.read.to_s.b @@raw_body
{% if handshake %}
  event = parse(raw) @@handshake,bad_input
  if challenge?(event) @@handshake
    answer = JSON.generate({{ handshake.field|lit }} => {{ handshake.from }}) @@handshake
    return [200, {"content-type" => "application/json"}, [answer]] @@handshake
  end @@handshake
{% endif %}
{% if scheme %}
  return [401, {}, []] unless signed?(env, raw) @@missing

{% endif %}
{% if not handshake %}
  event = parse(raw) @@bad_input
{% endif %}
{{ names|row("  names = [", "]", 100, "bad_input,duplicate") }}
  return [400, {}, []] unless names.all? { |name| text?(name) } @@bad_input
{% for choice in choices %}
  return [400, {}, []] unless [{{ choice.list|lits }}].include?({{ choice.value }}) @@bad_input
{% endfor %}
{% if not scheme %}
  return [403, {}, []] unless EXPECTED.include?({{ id }}) @@bad_input
{% endif %}

  # What was here before is delivered, and nothing is done twice. @@duplicate
  is_new = LOCK.synchronize { SEEN.add?(names.join(":")) } @@duplicate
  Thread.new { work(event) } if is_new # the answer does not wait for it @@duplicate,answer_first

  # {{ success }} @@success
  [200, {"content-type" => "text/plain"}, ["OK"]] @@success
end

def work(event) @@answer_first
  puts "received #{event}" @@answer_first
end @@answer_first
{% if scheme %}

def signed?(env, raw)
{% for header in scheme.headers %}
  {{ header.snake }} = env["{{ header.cgi }}"].to_s.b @@missing
{% endfor %}
  received = env["{{ scheme.header.cgi }}"].to_s.b @@missing
  return false if {% for header in scheme.headers %}{{ header.snake }}.empty? || {% endfor %}received.empty? @@missing
{% if scheme.time %}

  # {{ tolerance }} @@timestamp
  return false unless {{ scheme.time.header.snake }}.match?(/\A\d{1,12}\z/) @@timestamp,missing
  age = Time.now.to_i - {{ scheme.time.header.snake }}.to_i @@timestamp
  return false if age > {{ scheme.time.past }} || age < -{{ scheme.time.future }} @@timestamp
{% endif %}

  content = {% for text in signed %}{% if not loop.first %} + {% endif %}{{ "raw" if text is none else text }}{% endfor %} @@signed_content
{% if scheme.hex %}
  due = {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}OpenSSL::HMAC.hexdigest("{{ scheme.hash }}", KEY, content) @@signed_content,encoding
{% else %}
  digest = OpenSSL::HMAC.digest("{{ scheme.hash }}", KEY, content) @@signed_content
  due = {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}[digest].pack("m0") @@encoding
{% endif %}
  # In constant time; texts of unequal length are unequal. @@compare
{% if scheme.several %}
  signatures(received).any? { |one| OpenSSL.secure_compare(due, one) } @@compare,several_signatures
end

# Several may be there, divided by spaces or commas, each with or without "v1,". @@several_signatures
def signatures(header) @@several_signatures
  pieces = header.split(/[\s,]+/) @@several_signatures
  other_version = /\Av(?!1\z)\d+a?\z/ @@several_signatures
  before = ["", *pieces] @@several_signatures
  pieces.reject.with_index { |_, at| before[at].match?(other_version) } @@several_signatures
end @@several_signatures
{% else %}
  OpenSSL.secure_compare(due, received) @@compare
end
{% endif %}
{% endif %}

def parse(raw) @@bad_input
  JSON.parse(raw) @@bad_input
rescue JSON::ParserError, EncodingError @@bad_input
  nil @@bad_input
end @@bad_input

# What stands in the event; nothing where it has another shape. @@bad_input
def at(event, *path) @@bad_input
  path.reduce(event) { |value, key| value[key] if value.is_a?(Hash) } @@bad_input
end @@bad_input

def text?(value) @@bad_input
  value.is_a?(String) && !value.empty? @@bad_input
end @@bad_input
{% if handshake %}

# The provider's check that the endpoint is yours; it may come unsigned. @@handshake
def challenge?(event) @@handshake
{% for mark in handshake.marks %}
  return false unless [{{ mark.list|lits }}].include?({{ mark.value }}) @@handshake

{% endfor %}
  text?({{ handshake.from }}) @@handshake
end @@handshake
{% endif %}

run ->(env) { env["REQUEST_METHOD"] == "POST" ? webhook(env) : [405, {}, []] }
