package ciscophone

import (
	"encoding/hex"
	"strings"
	"testing"
)

func TestThePhoneSaysInDHCPWhoItIs(t *testing.T) {
	p, err := New(Config{MAC: mac, SerialNumber: "FCH24010001"})
	if err != nil {
		t.Fatal(err)
	}
	want := "00000de9" + "23" + "0106" + hex.EncodeToString([]byte("D0EC35")) + "020b" + hex.EncodeToString([]byte("FCH24010001")) +
		"030c" + hex.EncodeToString([]byte("CP-8851-3PCC"))
	for forum, class := range map[bool]string{false: "Cisco Systems, Inc. IP Phone CP-8851-3PCC\x00", true: "dslforum.org"} {
		options := p.Options(forum)
		if got := string(options[60]); got != class {
			t.Errorf("option 60 is %q", got)
		}
		if got := hex.EncodeToString(options[125]); got != want {
			t.Errorf("option 125 is %s, want %s", got, want)
		}
		for _, code := range []string{"B", "\xa0", "\x9f", "\x96", "+", "}"} {
			if !strings.Contains(string(options[55]), code) {
				t.Errorf("option %d is not asked for", code[0])
			}
		}
	}
}
