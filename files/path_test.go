package files_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
)

func TestSplitPath(t *testing.T) {
	for _, test := range []struct {
		name, path, want string
	}{
		{"a token and a name", "/files/t/" + token + "/fw.bin", "fw.bin"},
		{"an escaped plus is a plus", "/files/t/" + token + "/a%2Bb", "a+b"},
		{"an escaped slash does not divide", "/files/t/" + token + "%2ffw.bin", ""},
		{"an escaped slash is in no name", "/files/t/" + token + "/a%2Ffw.bin", ""},
		{"escaped dots lead nowhere", "/files/t/" + token + "/%2e%2e", ""},
		{"escaping twice is not undone", "/files/t/" + token + "/%252e%252e", ""},
		{"dots lead nowhere", "/files/t/" + token + "/../fw.bin", ""},
		{"a doubled slash is not cleaned", "/files/t/" + token + "//fw.bin", ""},
		{"a doubled slash in front is not cleaned", "//files/t/" + token + "/fw.bin", ""},
		{"a backslash is in no name", "/files/t/" + token + `/..\fw.bin`, ""},
		{"an escaped backslash is in no name", "/files/t/" + token + "/..%5cfw.bin", ""},
		{"an escaped NUL is in no name", "/files/t/" + token + "/fw.bin%00", ""},
		{"a broken escape is refused", "/files/t/" + token + "/fw%2", ""},
		{"a folder has no listing", "/files/t/" + token + "/", ""},
		{"a token alone is no path", "/files/t/" + token, ""},
		{"a token in capitals is none", "/files/t/" + strings.ToUpper(token) + "/fw.bin", ""},
		{"a short token is none", "/files/t/abc/fw.bin", ""},
		{"another prefix is refused", "/file/t/" + token + "/fw.bin", ""},
		{"the root is refused", "/", ""},
		{"nothing is refused", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			gotToken, name, ok := files.SplitPath(test.path)
			if ok != (test.want != "") || name != test.want || ok && gotToken != token {
				t.Fatalf("SplitPath(%q) = %q, %q, %v", test.path, gotToken, name, ok)
			}
		})
	}
}

func FuzzSplitPath(f *testing.F) {
	for _, rest := range []string{"/fw.bin", "/%2e%2e", "//x", "/..%2f", "/%00", `/\`, "/a/b", "/%2541"} {
		f.Add(files.PathPrefix + token + rest)
	}
	f.Fuzz(func(t *testing.T, path string) {
		gotToken, name, ok := files.SplitPath(path)
		if !ok {
			return
		}
		if files.CheckName(name) != nil {
			t.Fatalf("SplitPath(%q) lets through the name %q", path, name)
		}
		if strings.Trim(gotToken, "abcdefghijklmnopqrstuvwxyz234567") != "" || len(gotToken) != len(token) {
			t.Fatalf("SplitPath(%q) lets through the token %q", path, gotToken)
		}
	})
}

func TestOfferURL(t *testing.T) {
	offer := func(name string) files.Offer {
		return files.Offer{Token: token, Path: files.PathPrefix + token + "/" + name, File: files.File{Name: name}}
	}
	for _, test := range []struct {
		name, base string
		offer      files.Offer
		want       string
		fault      string
	}{
		{name: "an address and a port", base: "http://192.0.2.1:7567", offer: offer("fw.bin"), want: "http://192.0.2.1:7567/files/t/" + token + "/fw.bin"},
		{name: "a base with a slash at its end", base: "https://acs.example/", offer: offer("a+b"), want: "https://acs.example/files/t/" + token + "/a+b"},
		{name: "a base with a path", base: "https://acs.example/dialtone", offer: offer("fw.bin"), want: "https://acs.example/dialtone/files/t/" + token + "/fw.bin"},
		{name: "an IPv6 address", base: "http://[2001:db8::1]:7567", offer: offer("fw.bin"), want: "http://[2001:db8::1]:7567/files/t/" + token + "/fw.bin"},
		{name: "256 characters pass", base: "http://" + strings.Repeat("h", 85), offer: offer(strings.Repeat("n", 128)),
			want: "http://" + strings.Repeat("h", 85) + "/files/t/" + token + "/" + strings.Repeat("n", 128)},
		{name: "257 characters are refused", base: "http://" + strings.Repeat("h", 86), offer: offer(strings.Repeat("n", 128)), fault: "257 characters"},
		{name: "a password is refused", base: "http://user:hunter2@acs.example", offer: offer("fw.bin"), fault: "must not hold a user name"},
		{name: "a query is refused", base: "http://acs.example?x=1", offer: offer("fw.bin"), fault: "query"},
		{name: "a fragment is refused", base: "http://acs.example#x", offer: offer("fw.bin"), fault: "fragment"},
		{name: "ftp is refused", base: "ftp://acs.example", offer: offer("fw.bin"), fault: "http or https"},
		{name: "a path alone is refused", base: "/files", offer: offer("fw.bin"), fault: "must be absolute"},
	} {
		t.Run(test.name, func(t *testing.T) {
			base, err := url.Parse(test.base)
			if err != nil {
				t.Fatal(err)
			}
			got, err := files.OfferURL(base, test.offer)
			if test.fault == "" {
				if err != nil || got != test.want {
					t.Fatalf("OfferURL = %q, %v, want %q", got, err, test.want)
				}
				if len(got) > files.MaxURLLength {
					t.Fatalf("%d characters", len(got))
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.fault) {
				t.Fatalf("OfferURL = %q, %v, want an error with %q", got, err, test.fault)
			}
			if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "hunter2") {
				t.Fatalf("the error shows a secret: %v", err)
			}
		})
	}
	if _, err := files.OfferURL(nil, offer("fw.bin")); err == nil {
		t.Fatal("no base was accepted")
	}
}
