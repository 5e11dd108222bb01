package api_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestAChangeOfADeviceIsToldAsItWasAndAsItIs(t *testing.T) {
	h := newHouse(t)
	id := as[api.Device](h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"001565aabb01","tags":["a"]}`).want(http.StatusCreated)).ID
	if e := h.newest(); len(e.Before) != 0 || !strings.Contains(string(e.After), `"mac":"00:15:65:aa:bb:01"`) {
		t.Errorf("adding it leaves %+v", e)
	}
	for _, c := range []struct{ body, before, after string }{
		{`{"tags":["a","b"]}`, `{"tags":["a"]}`, `{"tags":["a","b"]}`},
		{`{"tags":["a","b"]}`, ``, ``},
		{`{"group":"acme","model":"T46"}`, `{"group":"","model":""}`, `{"group":"acme","model":"T46"}`},
		{`{"cwmpUsername":"u","cwmpPassword":"hunter2hunter2"}`, ``, `{"cwmpPassword":"•••","cwmpUsername":"u"}`},
		{`{"cwmpUsername":null,"cwmpPassword":null}`, `{"cwmpPassword":"•••"}`, ``},
		{`{"tags":[""]}`, ``, ``},
	} {
		h.do(http.MethodPatch, "/api/v1/devices/"+id, h.operator, c.body)
		if e := h.newest(); string(e.Before) != c.before || string(e.After) != c.after {
			t.Errorf("%s leaves %s and %s", c.body, e.Before, e.After)
		}
	}
	h.do(http.MethodDelete, "/api/v1/devices/"+id, h.operator, "").want(http.StatusNoContent)
	if e := h.newest(); len(e.After) != 0 || !strings.Contains(string(e.Before), `"tags":["a","b"]`) {
		t.Errorf("deleting it leaves %+v", e)
	}
	if strings.Contains(h.trail()+h.log.String(), "hunter2") {
		t.Error("the password is in the audit log or the log")
	}
}

func TestTheAuditLogIsFilteredAndComesInPages(t *testing.T) {
	h := newHouse(t)
	for range 3 {
		h.do(http.MethodPost, "/api/v1/groups", h.operator, `{"path":"acme"}`)
		h.do(http.MethodPost, "/api/v1/groups", h.viewer, `{"path":"acme"}`).want(http.StatusForbidden)
		h.clock.advance(time.Second)
	}
	list := func(filter, more string) api.Page[api.AuditEntry] {
		return as[api.Page[api.AuditEntry]](h.do(http.MethodGet, "/api/v1/audit?filter="+url.QueryEscape(filter)+more, h.admin, "").want(http.StatusOK))
	}
	if all := list("", "").Items; len(all) != 6 || all[0].Sequence != 6 || all[0].ID != "6" || all[0].Previous != all[1].Hash || all[5].Previous != "" {
		t.Errorf("lists %+v", all)
	}
	if refused := list(`outcome = 403 AND actor:"viewer"`, "").Items; len(refused) != 3 || refused[0].Outcome != http.StatusForbidden {
		t.Errorf("refused were %+v", refused)
	}
	first := list("outcome >= 400", "&pageSize=3")
	second := list("outcome >= 400", "&pageSize=3&pageToken="+first.NextPageToken)
	if len(first.Items) != 3 || len(second.Items) != 2 || second.NextPageToken != "" || second.Items[0].Sequence >= first.Items[2].Sequence {
		t.Errorf("pages of %d and %d", len(first.Items), len(second.Items))
	}
	h.do(http.MethodGet, "/api/v1/audit?filter=colour%3Dred", h.admin, "").invalid("query.filter")
}

func TestTheAuditLogIsExportedWithoutFormulas(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodPost, "/api/v1/tokens", h.admin, `{"name":"=1+1","role":"viewer"}`).want(http.StatusCreated)
	check(t, h.audit.Append(t.Context(), users.AuditEntry{Actor: "=cmd|' /C calc'!A0", Address: "@x", Action: "+x", Target: "-x", Detail: "\tx"}))
	a := h.do(http.MethodGet, "/api/v1/audit/export", h.admin, "").want(http.StatusOK)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="audit.csv"` {
		t.Errorf("Content-Disposition is %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
	check(t, err)
	if len(rows) != 3 || rows[0][0] != "sequence" || rows[1][0] != "1" {
		t.Fatalf("the rows are %q", rows)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet would carry out %q", cell)
			}
		}
	}
	h.do(http.MethodGet, "/api/v1/audit/export?format=xml", h.admin, "").invalid("query.format")
	h.do(http.MethodGet, "/api/v1/audit/export?filter=colour%3Dred", h.admin, "").invalid("query.filter")
}

func TestALongAuditLogIsExportedWhole(t *testing.T) {
	h := newHouse(t)
	const entries = 1203
	for i := range entries {
		check(t, h.audit.Append(t.Context(), users.AuditEntry{Actor: "system", Action: "test", Target: fmt.Sprint("x/", i)}))
	}
	lines := strings.Split(strings.TrimSpace(h.trail()), "\n")
	if len(lines) != entries || !strings.Contains(lines[0], `"target":"x/0"`) || !strings.Contains(lines[entries-1], `"target":"x/1202"`) {
		t.Errorf("%d lines, from %s to %s", len(lines), lines[0], lines[len(lines)-1])
	}
	filtered := h.do(http.MethodGet, "/api/v1/audit/export?format=jsonl&filter="+url.QueryEscape("sequence > 600 AND sequence <= 1200"), h.admin, "").want(http.StatusOK)
	if got := strings.Count(string(filtered.body), "\n"); got != 600 {
		t.Errorf("%d lines of 600", got)
	}
}

func TestAnExportThatFailsHalfwayBreaksOff(t *testing.T) {
	broken := &breakingAudit{after: 1}
	h := newHouse(t, func(o *api.Options) {
		broken.Audit = o.Audit
		o.Audit = broken
	})
	for range 600 {
		check(t, h.audit.Append(t.Context(), users.AuditEntry{Actor: "system", Action: "test"}))
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+"/api/v1/audit/export", nil)
	check(t, err)
	request.Header.Set("Authorization", "Bearer "+h.admin)
	response, err := h.server.Client().Do(request)
	check(t, err)
	defer response.Body.Close()
	if _, err := csv.NewReader(response.Body).ReadAll(); err == nil {
		t.Error("the half of an audit log looks like all of it")
	}
}

// breakingAudit is an audit log whose lists fail after some.
type breakingAudit struct {
	api.Audit
	after int
}

func (b *breakingAudit) List(ctx context.Context, l users.AuditList) ([]users.AuditEntry, error) {
	if b.after == 0 {
		return nil, errBroken
	}
	b.after--
	return b.Audit.List(ctx, l)
}

func TestTheAuditLogIsVerified(t *testing.T) {
	h := newHouse(t)
	h.group("acme")
	h.group("zeta")
	v := as[api.AuditVerification](h.do(http.MethodGet, "/api/v1/audit/verification", h.admin, "").want(http.StatusOK))
	want := api.AuditVerification{OK: true, First: 1, Last: 2, Hash: h.newest().Hash, Checked: 2}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Error(diff)
	}
	// Somebody with the database in hand adds an entry that was never written.
	forged := users.AuditEntry{Sequence: 3, At: h.clock.Now(), Actor: "user:anna", Action: "x", Previous: v.Hash, Hash: strings.Repeat("0", 64)}
	_, err := h.store.Audit().AppendAudit(t.Context(), []users.AuditEntry{forged})
	check(t, err)
	v = as[api.AuditVerification](h.do(http.MethodGet, "/api/v1/audit/verification", h.admin, "").want(http.StatusOK))
	if v.OK || v.BrokenAt != 3 || v.Problem == "" {
		t.Errorf("the forged entry is found as %+v", v)
	}
}

func TestOneCheckOfTheAuditLogGoesOnAtATime(t *testing.T) {
	slow := &slowAudit{begun: make(chan struct{}), end: make(chan struct{})}
	h := newHouse(t, func(o *api.Options) {
		slow.Audit = o.Audit
		o.Audit = slow
	})
	done := make(chan answer)
	go func() { done <- h.do(http.MethodGet, "/api/v1/audit/verification", h.admin, "") }()
	<-slow.begun
	h.do(http.MethodGet, "/api/v1/audit/verification", h.admin, "").problem(http.StatusTooManyRequests, "limit")
	close(slow.end)
	(<-done).want(http.StatusOK)
}

// slowAudit is an audit log whose check takes as long as the test wants.
type slowAudit struct {
	api.Audit
	begun, end chan struct{}
}

func (s *slowAudit) Verify(ctx context.Context) (users.Chain, error) {
	close(s.begun)
	<-s.end
	return s.Audit.Verify(ctx)
}

func TestAFileThatIsDeletedIsToldAsItWas(t *testing.T) {
	h := newHouse(t)
	body, contentType := form(t, "name", "a.bin", "type", "1 Firmware Upgrade Image", "file", "content")
	h.do(http.MethodPost, "/api/v1/files", h.operator, body, "Content-Type", contentType).want(http.StatusCreated)
	if e := h.newest(); len(e.Before) != 0 || !strings.Contains(string(e.After), `"size":7`) {
		t.Errorf("the upload leaves %+v", e)
	}
	h.do(http.MethodDelete, "/api/v1/files/a.bin", h.operator, "").want(http.StatusNoContent)
	if e := h.newest(); len(e.After) != 0 || !strings.Contains(string(e.Before), `"size":7`) {
		t.Errorf("deleting leaves %+v", e)
	}
}
