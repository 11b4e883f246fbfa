// Replays captured webhooks of {{ name }} against your handler.
//
// {{ about }}
package {{ package }}

import (
	"bytes"
{% if scheme %}
	"crypto/hmac"
	"crypto/{{ scheme.hash }}"
{% endif %}
	"encoding/base64"
{% if scheme and scheme.hex %}
	"encoding/hex"
{% endif %}
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
{% if scheme and scheme.time %}
	"strconv"
{% endif %}
	"strings"
	"testing"
{% if scheme and scheme.time %}
	"time"
{% endif %}
)

type fixture struct {
	Name     string
	Provider *string
{% if scheme %}
	Redacted struct {
		SignedWith string `json:"signed_with"`
	}
{% endif %}
	Request{{ "" if scheme else " " }} struct {
		Method     string
		Headers    [][2]any
		Body       string
		BodyBase64 *string `json:"body_base64"`
	}
	Expect struct {
		EventID  *string `json:"event_id"`
		Verdicts map[string]string
		Checks   map[string]bool
	}
{% if scheme and scheme.time %}
	CapturedAt string `json:"captured_at"`
{% endif %}
}

type field struct{ name, value string }

func fixtures(t *testing.T) []fixture {
	t.Helper()
	files, err := filepath.Glob("../fixtures/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no fixtures")
	}
	var own []fixture
	for _, file := range files {
		var one fixture
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &one)
		}
		if err != nil {
			t.Fatal(file, err)
		}
		if one.Provider != nil && *one.Provider == {{ provider|lit }} {
			own = append(own, one)
		}
	}
	return own
}

func decoded(t *testing.T, text string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (f fixture) captured(t *testing.T) (headers []field, raw string) {
	t.Helper()
	for _, one := range f.Request.Headers {
		name := one[0].(string)
		switch strings.ToLower(name) {
		case "connection", "content-length", "host", "transfer-encoding":
			continue
		}
		value, isText := one[1].(string)
		if !isText {
			value = decoded(t, one[1].(map[string]any)["base64"].(string))
		}
		headers = append(headers, field{name, value})
	}
	if f.Request.BodyBase64 != nil {
		return headers, decoded(t, *f.Request.BodyBase64)
	}
	return headers, f.Request.Body
}
{% if scheme %}

func key(t *testing.T) []byte {
	t.Helper()
	secret := os.Getenv("{{ secret_env }}")
	if secret == "" {
		t.Fatal("{{ secret_env }} is not set")
	}
{% if scheme.base64_key %}
	return []byte(decoded(t, secret))
{% else %}
	return []byte(secret)
{% endif %}
}

func value(headers []field, name string) string {
	for _, one := range headers {
		if strings.EqualFold(one.name, name) {
			return one.value
		}
	}
	return ""
}

func signature(t *testing.T, headers []field, raw string) string {
	t.Helper()
{% for header in scheme.headers %}
	{{ header.go }} := value(headers, {{ header.name|lit }})
{% endfor %}
	mac := hmac.New({{ "sha256.New" if scheme.hash == "sha256" else "sha1.New" if scheme.hash == "sha1" else "sha512.New" }}, key(t))
{% for text in signed %}
	mac.Write([]byte({{ "raw" if text is none else text }}))
{% endfor %}
{% if scheme.hex %}
	return {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}hex.EncodeToString(mac.Sum(nil))
{% else %}
	return {% if scheme.prefix %}{{ scheme.prefix|lit }} + {% endif %}base64.StdEncoding.EncodeToString(mac.Sum(nil))
{% endif %}
}

func signedNow(t *testing.T, headers []field, raw string) []field {
	t.Helper()
	replace := func(name, value string) {
		for at := range headers {
			if strings.EqualFold(headers[at].name, name) {
				headers[at].value = value
			}
		}
	}
{% if scheme.time %}
	replace({{ scheme.time.header.name|lit }}, strconv.FormatInt(time.Now().Unix(), 10))
{% endif %}
	replace({{ scheme.header.name|lit }}, signature(t, headers, raw))
	return headers
}

func TestSignatureAsCaptured(t *testing.T) {
	for _, f := range fixtures(t) {
		if f.Expect.Verdicts["{{ scheme_id }}"] != "pass" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			if f.Redacted.SignedWith != "" {
				t.Skip("masked, and signed anew with a published secret")
			}
			headers, raw := f.captured(t)
			due := signature(t, headers, raw)
{% if scheme.several %}
			received := ""
			for _, one := range headers {
				if strings.EqualFold(one.name, {{ scheme.header.name|lit }}) {
					received += "," + one.value
				}
			}
			if !strings.Contains(received, due) {
{% else %}
			received := value(headers, {{ scheme.header.name|lit }})
			if received != due {
{% endif %}
				t.Errorf("received %q, computed %q", received, due)
			}
{% if scheme.time %}
			// The clock stands still at the capture.
			capturedAt, err := time.Parse(time.RFC3339, f.CapturedAt)
			if err != nil {
				t.Fatal(err)
			}
			signedAt, err := strconv.ParseInt(value(headers, {{ scheme.time.header.name|lit }}), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			age := capturedAt.Unix() - signedAt
			if age < -{{ scheme.time.future }} || age > {{ scheme.time.past }} {
				t.Errorf("it was captured %d s after it was signed", age)
			}
{% endif %}
		})
	}
}
{% endif %}

func TestHandlerAnswers(t *testing.T) {
	for _, f := range fixtures(t) {
		t.Run(f.Name, func(t *testing.T) {
			headers, raw := f.captured(t)
{% if handshake %}
			if strings.Contains(raw, `"{{ handshake.mark }}"`) {
				t.Skip("a check that the endpoint is yours")
			}
{% endif %}
{% if scheme %}
			switch f.Expect.Verdicts["{{ scheme_id }}"] {
			case "pass":
				// Signed anew: a handler that looks at the time refuses a recording.
				status := post(t, f, signedNow(t, headers, raw), raw)
				// What is signed rightly and no event may be refused, but is no reason to crash.
				if {{ failure_go }} && (f.Expect.EventID != nil || status >= 500) {
					t.Errorf("it was answered %d", status)
				}
			case "fail", "malformed", "missing":
				if status := post(t, f, headers, raw); status/100 != 4 {
					t.Errorf("it was answered %d", status)
				}
			default:
				t.Skip("captured as", f.Expect.Verdicts["{{ scheme_id }}"])
			}
{% else %}
			status := post(t, f, headers, raw)
			shape, known := f.Expect.Checks["shape"]
			// How much of the shape a handler asks for is its own choice; to crash is none.
			if (shape || !known) && {{ failure_go }} || status >= 500 {
				t.Errorf("it was answered %d", status)
			}
{% endif %}
		})
	}
}

func post(t *testing.T, f fixture, headers []field, raw string) int {
	t.Helper()
	url := os.Getenv("WEBHOOK_URL")
	if url == "" {
		url = {{ url|lit }}
	}
	request, err := http.NewRequest(f.Request.Method, url, bytes.NewBufferString(raw))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range headers {
		request.Header.Add(one.name, one.value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}
