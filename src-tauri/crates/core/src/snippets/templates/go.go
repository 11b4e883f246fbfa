package main

import (
{% if scheme %}
	"crypto/hmac"
	"crypto/{{ scheme.hash }}"
{% if scheme.base64_key or not scheme.hex %}
	"encoding/base64"
{% endif %}
{% if scheme.hex %}
	"encoding/hex"
{% endif %}
{% endif %}
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"os"
{% if scheme and scheme.time %}
	"strconv"
{% endif %}
	"strings"
	"sync"
{% if scheme and scheme.time %}
	"time"
{% endif %}
)

{% if scheme %}
var key = readKey() @@key

{% else %}
// Nothing is signed: an event counts where its id is one that you wait for.
var expected = map[string]bool{} @@bad_input

func init() { @@bad_input
	for _, id := range strings.Split(os.Getenv("{{ expected_env }}"), ",") { @@bad_input
		expected[id] = true @@bad_input
	} @@bad_input
} @@bad_input

{% endif %}
// Keep these in your database, under a unique key: they must outlive a restart. @@duplicate
var seen sync.Map @@duplicate

func main() {
	http.HandleFunc("/webhook", handle)
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		log.Fatal(err)
	}
	log.Println("listening on", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

func handle(w http.ResponseWriter, r *http.Request) {
{% if scheme %}
	// The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 25<<20)) @@raw_body
	if err != nil || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
{% if handshake %}
	var event any @@handshake
	_ = json.Unmarshal(raw, &event) // what is not JSON stays nil @@handshake,bad_input
	if isChallenge(event) { @@handshake
		w.Header().Set("Content-Type", "application/json") @@handshake
		answer := map[string]string{ {{- handshake.field|lit }}: {{ handshake.from -}} } @@handshake
		_ = json.NewEncoder(w).Encode(answer) @@handshake
		return @@handshake
	} @@handshake
{% endif %}
{% if scheme %}
	if !isSigned(r.Header, raw) { @@missing
		w.WriteHeader(http.StatusUnauthorized) @@missing
		return @@missing
	} @@missing
{% endif %}

{% if not handshake %}
	var event any @@bad_input
	_ = json.Unmarshal(raw, &event) // what is not JSON stays nil @@bad_input
{% endif %}
{{ names|row("	names := []string{", "}", 100, "bad_input,duplicate") }}
	for _, name := range names { @@bad_input
		if name == "" { @@bad_input
			w.WriteHeader(http.StatusBadRequest) @@bad_input
			return @@bad_input
		} @@bad_input
	} @@bad_input
{% for choice in choices %}
	switch {{ choice.value }} { @@bad_input
	case {{ choice.list|lits }}: @@bad_input
	default: @@bad_input
		w.WriteHeader(http.StatusBadRequest) @@bad_input
		return @@bad_input
	} @@bad_input
{% endfor %}
{% if not scheme %}
	if !expected[{{ id }}] { @@bad_input
		w.WriteHeader(http.StatusForbidden) @@bad_input
		return @@bad_input
	} @@bad_input
{% endif %}

	// What was here before is delivered, and nothing is done twice. @@duplicate
	_, known := seen.LoadOrStore(strings.Join(names, ":"), true) @@duplicate
	if !known { @@duplicate
		go work(event) // the answer does not wait for it @@answer_first
	}
	// {{ success }} @@success
	w.WriteHeader(http.StatusOK) @@success
}

func work(event any) { @@answer_first
	log.Println("received", event) @@answer_first
} @@answer_first
{% if scheme %}

func readKey() []byte { @@key
{% if scheme.base64_key %}
	secret := strings.NewReplacer("-", "+", "_", "/").Replace(os.Getenv("{{ secret_env }}")) @@key
	secret = strings.TrimRight(secret, "=\r\n ") // with or without its padding @@key
	key, err := base64.RawStdEncoding.DecodeString(secret) @@key
	if err != nil || len(key) == 0 { @@key
		log.Fatal("{{ secret_env }} is not set, or not base64") @@key
	} @@key
	return key @@key
{% else %}
	secret := os.Getenv("{{ secret_env }}") @@key
	if secret == "" { @@key
		log.Fatal("{{ secret_env }} is not set") @@key
	} @@key
	return []byte(secret) @@key
{% endif %}
} @@key

func isSigned(header http.Header, raw []byte) bool {
{% for name in scheme.headers %}
	{{ name.go }} := only(header, {{ name.name|lit }}) @@missing
{% endfor %}
{% if scheme.several %}
	received := strings.Join(header.Values({{ scheme.header.name|lit }}), ",") @@missing,several_signatures
{% else %}
	received := only(header, {{ scheme.header.name|lit }}) @@missing
{% endif %}
	if {% for name in scheme.headers %}{{ name.go }} == "" || {% endfor %}received == "" { @@missing
		return false @@missing
	} @@missing
{% if scheme.time %}

	// {{ tolerance }} @@timestamp
	sent, err := strconv.ParseUint({{ scheme.time.header.go }}, 10, 40) @@timestamp,missing
	age := time.Now().Unix() - int64(sent) @@timestamp
	if err != nil || age > {{ scheme.time.past }} || age < -{{ scheme.time.future }} { @@timestamp,missing
		return false @@timestamp,missing
	} @@timestamp,missing
{% endif %}

	mac := hmac.New({{ scheme.hash }}.New, key) @@signed_content
{% for text in signed %}
	mac.Write({{ "raw" if text is none else "[]byte(" ~ text ~ ")" }}) @@signed_content
{% endfor %}
	due := {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}{{ "hex.EncodeToString" if scheme.hex else "base64.StdEncoding.EncodeToString" }}(mac.Sum(nil)) @@encoding
	// In constant time; texts of unequal length are unequal. @@compare
{% if scheme.several %}
	for _, one := range signatures(received) { @@compare,several_signatures
		if hmac.Equal([]byte(one), []byte(due)) { @@compare,several_signatures
			return true @@compare,several_signatures
		} @@compare,several_signatures
	} @@compare,several_signatures
	return false @@compare,several_signatures
}

// Several may be there, divided by spaces or commas, each with or without "v1,". @@several_signatures
func signatures(header string) []string { @@several_signatures
	var found []string @@several_signatures
	before := "" @@several_signatures
	for _, piece := range strings.Fields(strings.ReplaceAll(header, ",", " ")) { @@several_signatures
		otherVersion := strings.HasPrefix(before, "v") && len(before) < 4 && before != "v1" @@several_signatures
		if !otherVersion { @@several_signatures
			found = append(found, piece) @@several_signatures
		} @@several_signatures
		before = piece @@several_signatures
	} @@several_signatures
	return found @@several_signatures
} @@several_signatures
{% else %}
	return hmac.Equal([]byte(received), []byte(due)) @@compare
}
{% endif %}
{% if scheme.headers or not scheme.several %}

// The value of a header; nothing where it is missing or doubled. @@missing
func only(header http.Header, name string) string { @@missing
	values := header.Values(name) @@missing
	if len(values) != 1 { @@missing
		return "" @@missing
	} @@missing
	return values[0] @@missing
} @@missing
{% endif %}
{% endif %}

// The first text that stands at one of these places; nothing where the event has another shape. @@bad_input
func text(event any, places ...string) string { @@bad_input
	for _, place := range places { @@bad_input
		found := event @@bad_input
		for _, key := range strings.Split(place, "/")[1:] { @@bad_input
			object, _ := found.(map[string]any) @@bad_input
			found = object[key] @@bad_input
		} @@bad_input
		if value, _ := found.(string); value != "" { @@bad_input
			return value @@bad_input
		} @@bad_input
	} @@bad_input
	return "" @@bad_input
} @@bad_input
{% if handshake %}

// The provider's check that the endpoint is yours; it may come unsigned. @@handshake
func isChallenge(event any) bool { @@handshake
{% for mark in handshake.marks %}
	switch {{ mark.value }} { @@handshake
	case {{ mark.list|lits }}: @@handshake
	default: @@handshake
		return false @@handshake
	} @@handshake
{% endfor %}
	return {{ handshake.from }} != "" @@handshake
} @@handshake
{% endif %}
