import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
{% if scheme %}
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
{% endif %}
{% if scheme and scheme.time %}
import java.time.Instant;
{% endif %}
{% if scheme and (scheme.base64_key or not scheme.hex) %}
import java.util.Base64;
{% endif %}
{% if scheme and scheme.hex %}
import java.util.HexFormat;
{% endif %}
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
{% if scheme %}
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
{% endif %}

public class Webhook {
{% if scheme %}
  static final byte[] KEY = key(); @@key
{% else %}
  // Nothing is signed: an event counts where its id is one that you wait for.
  static final Set<String> EXPECTED = @@bad_input
      Set.of(System.getenv().getOrDefault("{{ expected_env }}", "").split(",")); @@bad_input
{% endif %}
  // Keep these in your database, under a unique key: they must outlive a restart. @@duplicate
  static final Set<String> SEEN = ConcurrentHashMap.newKeySet(); @@duplicate
  static final ExecutorService WORKERS = Executors.newFixedThreadPool(4); @@answer_first
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext("/webhook", Webhook::handle);
    server.start();
    System.out.println("listening on port " + server.getAddress().getPort());
  }

  static void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
{% if scheme %}
      // The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
      byte[] raw = exchange.getRequestBody().readAllBytes(); @@raw_body
      JsonNode event = parse(raw); @@bad_input{{ ",handshake" if handshake }}
{% if handshake %}
      if (isChallenge(event)) { @@handshake
        byte[] answer = JSON.writeValueAsBytes(Map.of({{ handshake.field|lit }}, {{ handshake.from }})); @@handshake
        exchange.getResponseHeaders().set("Content-Type", "application/json"); @@handshake
        exchange.sendResponseHeaders(200, answer.length); @@handshake
        exchange.getResponseBody().write(answer); @@handshake
        return; @@handshake
      } @@handshake
{% endif %}
      int status = receive(exchange{{ ", raw" if scheme }}, event);
      exchange.sendResponseHeaders(status, -1);
    }
  }

  static int receive(HttpExchange exchange{{ ", byte[] raw" if scheme }}, JsonNode event) {
    if (!exchange.getRequestMethod().equals("POST")) return 405;
{% if scheme %}
    if (!isSigned(exchange.getRequestHeaders(), raw)) return 401; @@missing
{% endif %}

{{ names|row("    List<String> names = List.of(", ");", 100, "bad_input,duplicate") }}
    if (names.contains("")) return 400; @@bad_input
{% for choice in choices %}
    if (!List.of({{ choice.list|lits }}).contains({{ choice.value }})) return 400; @@bad_input
{% endfor %}
{% if not scheme %}
    if (!EXPECTED.contains({{ id }})) return 403; @@bad_input
{% endif %}

    // What was here before is delivered, and nothing is done twice. @@duplicate
    boolean isNew = SEEN.add(String.join(":", names)); @@duplicate
    if (isNew) WORKERS.execute(() -> work(event)); // the answer does not wait for it @@duplicate,answer_first

    // {{ success }} @@success
    return 200; @@success
  }

  static void work(JsonNode event) { @@answer_first
    System.out.println("received " + event); @@answer_first
  } @@answer_first
{% if scheme %}

  static byte[] key() { @@key
    String secret = System.getenv().getOrDefault("{{ secret_env }}", ""); @@key
    if (secret.isEmpty()) throw new IllegalStateException("{{ secret_env }} is not set"); @@key
{% if scheme.base64_key %}
    return Base64.getMimeDecoder().decode(secret.replace('-', '+').replace('_', '/')); @@key
{% else %}
    return secret.getBytes(StandardCharsets.UTF_8); @@key
{% endif %}
  } @@key

  static boolean isSigned(Headers headers, byte[] raw) {
{% for header in scheme.headers %}
    String {{ header.camel }} = only(headers, {{ header.name|lit }}); @@missing
{% endfor %}
{% if scheme.several %}
    String received = String.join(",", headers.getOrDefault({{ scheme.header.name|lit }}, List.of())); @@missing,several_signatures
{% else %}
    String received = only(headers, {{ scheme.header.name|lit }}); @@missing
{% endif %}
    if ({% for header in scheme.headers %}{{ header.camel }}.isEmpty() || {% endfor %}received.isEmpty()) return false; @@missing
{% if scheme.time %}

    // {{ tolerance }} @@timestamp
    if (!{{ scheme.time.header.camel }}.matches("[0-9]{1,12}")) return false; @@timestamp,missing
    long age = Instant.now().getEpochSecond() - Long.parseLong({{ scheme.time.header.camel }}); @@timestamp
    if (age > {{ scheme.time.past }} || age < -{{ scheme.time.future }}) return false; @@timestamp
{% endif %}

    byte[] digest;
    try { @@signed_content
      Mac mac = Mac.getInstance("Hmac{{ scheme.hash|upper }}"); @@signed_content
      mac.init(new SecretKeySpec(KEY, "Hmac{{ scheme.hash|upper }}")); @@signed_content
{% for text in signed %}
      mac.update({{ "raw" if text is none else "(" ~ text ~ ").getBytes(StandardCharsets.UTF_8)" }}); @@signed_content
{% endfor %}
      digest = mac.doFinal(); @@signed_content
    } catch (GeneralSecurityException e) { @@signed_content
      throw new IllegalStateException(e); @@signed_content
    } @@signed_content
    String due = {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}{{ "HexFormat.of().formatHex(digest)" if scheme.hex else "Base64.getEncoder().encodeToString(digest)" }}; @@encoding
{% if scheme.several %}
    return isAnyEqual(received, due); @@compare,several_signatures
  }

  // Several may be there, divided by spaces or commas, each with or without "v1,". @@several_signatures
  static boolean isAnyEqual(String received, String due) { @@several_signatures,compare
    String before = ""; @@several_signatures
    for (String one : received.split("[\\s,]+")) { @@several_signatures
      boolean otherVersion = before.matches("v(?!1$)\\d+a?"); @@several_signatures
      if (!otherVersion && isEqual(one, due)) return true; @@several_signatures,compare
      before = one; @@several_signatures
    } @@several_signatures
    return false; @@several_signatures
  } @@several_signatures
{% else %}
    return isEqual(received, due); @@compare
  }
{% endif %}

  // In constant time; texts of unequal length are unequal. @@compare
  static boolean isEqual(String received, String due) { @@compare
    return MessageDigest.isEqual( @@compare
        received.getBytes(StandardCharsets.UTF_8), due.getBytes(StandardCharsets.UTF_8)); @@compare
  } @@compare
{% if scheme.headers or not scheme.several %}

  // The value of a header; nothing where it is missing or doubled. @@missing
  static String only(Headers headers, String name) { @@missing
    List<String> values = headers.getOrDefault(name, List.of()); @@missing
    return values.size() == 1 ? values.get(0) : ""; @@missing
  } @@missing
{% endif %}
{% endif %}

  static JsonNode parse(byte[] raw) { @@bad_input
    try { @@bad_input
      return JSON.readTree(raw); @@bad_input
    } catch (IOException e) { @@bad_input
      return JSON.nullNode(); @@bad_input
    } @@bad_input
  } @@bad_input

  // The first text that stands at one of these places; nothing where the event has another shape. @@bad_input
  static String text(JsonNode event, String... places) { @@bad_input
    for (String place : places) { @@bad_input
      JsonNode found = event.at(place); @@bad_input
      if (found.isTextual() && !found.textValue().isEmpty()) return found.textValue(); @@bad_input
    } @@bad_input
    return ""; @@bad_input
  } @@bad_input
{% if handshake %}

  // The provider's check that the endpoint is yours; it may come unsigned. @@handshake
  static boolean isChallenge(JsonNode event) { @@handshake
{% for mark in handshake.marks %}
    if (!List.of({{ mark.list|lits }}).contains({{ mark.value }})) return false; @@handshake
{% endfor %}
    return !{{ handshake.from }}.isEmpty(); @@handshake
  } @@handshake
{% endif %}
}
