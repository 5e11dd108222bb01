package secret

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const plain = "correct horse: battery"

func TestNoWayOfPrintingShowsAText(t *testing.T) {
	text := NewText(plain)
	type holder struct {
		Shown  Text
		hidden Text
		deep   []map[string]*Text
	}
	values := map[string]any{
		"the text":            text,
		"a pointer to it":     &text,
		"a slice of it":       []Text{text},
		"a map of it":         map[string]Text{"k": text},
		"a struct around it":  holder{text, text, []map[string]*Text{{"k": &text}}},
		"a pointer to struct": &holder{Shown: text, hidden: text},
		"an error about it":   fmt.Errorf("login with %v: %w", text, fmt.Errorf("%s", text)),
	}
	for name, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %[1]v", "%10.3s"} {
			if out := fmt.Sprintf(verb, value); leaks(out) {
				t.Errorf("fmt %s of %s shows the secret: %s", verb, name, out)
			}
		}
		if out := logged(value); leaks(out) {
			t.Errorf("slog of %s shows the secret: %s", name, out)
		}
		if out, _ := json.Marshal(value); leaks(string(out)) {
			t.Errorf("JSON of %s shows the secret: %s", name, out)
		}
		if out, err := yaml.Marshal(map[string]any{"v": text}); err != nil || leaks(string(out)) {
			t.Errorf("YAML of %s: %s, %v", name, out, err)
		}
	}
}

func leaks(out string) bool {
	hex := fmt.Sprintf("%x", plain)
	return strings.Contains(out, plain) || strings.Contains(strings.ToLower(out), hex) || strings.Contains(out, plain[:3])
}

func logged(value any) string {
	var out bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("message", "value", value)
	}
	return out.String()
}

func TestTextIsMaskedInTextAndNullInJSON(t *testing.T) {
	for _, text := range []Text{NewText(plain), {}} {
		out, err := json.Marshal(struct{ P Text }{text})
		if err != nil || string(out) != `{"P":null}` {
			t.Errorf("JSON is %s, %v; want null", out, err)
		}
		masked, err := encoding.TextMarshaler(text).MarshalText()
		if err != nil || string(masked) != Mask {
			t.Errorf("MarshalText gave %q, %v; want %q", masked, err, Mask)
		}
		if got := text.String(); got != Mask {
			t.Errorf("String gave %q, want %q", got, Mask)
		}
	}
}

func TestTextIsReadFromJSONAndRevealed(t *testing.T) {
	var got struct{ P, Q Text }
	if err := json.Unmarshal([]byte(`{"P":"pä:ss","Q":null}`), &got); err != nil {
		t.Fatal(err)
	}
	if got.P.Reveal() != "pä:ss" || !got.Q.IsZero() || got.Q.Reveal() != "" {
		t.Errorf("read %q and %q", got.P.Reveal(), got.Q.Reveal())
	}
}

func TestTextsAreEqualByContent(t *testing.T) {
	if !NewText("a").Equal(NewText("a")) || NewText("a").Equal(NewText("b")) || NewText("a").Equal(Text{}) {
		t.Error("Equal does not compare content")
	}
	if !NewText("").IsZero() || !NewText("").Equal(Text{}) || NewText(" ").IsZero() {
		t.Error("only the empty text is zero")
	}
	if !reflect.DeepEqual(NewText("a"), NewText("a")) {
		t.Error("DeepEqual does not compare content")
	}
}
