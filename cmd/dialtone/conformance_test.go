package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestCWMPIsServedOnPort7547UnlessToldOtherwise(t *testing.T) {
	for want, args := range map[string][]string{"cwmp-addr: :7547\n": nil, "cwmp-addr: 192.0.2.1:80\n": {"--cwmp-addr", "192.0.2.1:80"}} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), append([]string{"serve", "--print-config"}, args...), &out, &errs); code != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("exit %d, %s: %q is not in\n%s", code, errs.String(), want, out.String())
		}
	}
}
