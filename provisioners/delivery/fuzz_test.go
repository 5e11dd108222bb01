package delivery_test

import (
	"errors"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
)

func FuzzNoRequestOpensASecretFromOutside(f *testing.F) {
	for _, c := range [][4]string{
		{"/001565112233.cfg", yealinkAgent, "", "h"}, {`\\y000000000066.cfg`, "", "mac=001565112233", "[::1]:80"}, {"/../x", polyAgent, "mac=%", ""},
		{"/firmware/fw.rom", snomAgent, "MAC=00-15-65-11-22-33", "a b"}, {"//firmware//..", ataAgent, "", "h:99999999"}, {"\x00", "\xff", "=&=", "\x00"},
	} {
		f.Add(c[0], c[1], c[2], c[3])
	}
	fixture := newFixture(f, nil)
	fixture.phone(f, "yealink", "00:15:65:11:22:33", "T46S")
	_, err := fixture.library.Add(f.Context(), files.File{Name: "fw.rom", Type: files.TypeFirmware}, strings.NewReader("firmware"))
	fatal(f, err)
	f.Fuzz(func(t *testing.T, path, agent, query, host string) {
		values, _ := url.ParseQuery(query)
		for _, from := range []string{"203.0.113.7", "192.168.1.50"} {
			opened, err := fixture.server.OpenRequest(t.Context(), files.Request{
				Protocol: "http", Method: "GET", Host: host, Path: path, Query: values, UserAgent: agent, Address: netip.MustParseAddr(from),
			})
			if err != nil {
				if !errors.Is(err, files.ErrNotFound) && !errors.Is(err, files.ErrForbidden) {
					t.Fatalf("%v", err)
				}
				continue
			}
			content, err := io.ReadAll(opened.Content)
			if err != nil || int64(len(content)) != opened.Size || strings.ContainsAny(opened.Name, `/\`) {
				t.Fatalf("%+v, %v", opened, err)
			}
			if from == "203.0.113.7" && strings.Contains(string(content), "pass-yealink") {
				t.Fatal("a secret went to a public network")
			}
			fatal(t, opened.Content.Close())
			opened.Ended(files.Ended{Status: 200, Bytes: opened.Size, Complete: true})
		}
	})
}
