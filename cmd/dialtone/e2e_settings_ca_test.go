//go:build e2e

package main

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/ciscophone"
)

// siteCA stands in for a file with the certificate of a site's own authority: phones take
// it as it is.
var siteCA = []byte("-----BEGIN CERTIFICATE-----\nc2l0ZQ==\n-----END CERTIFICATE-----\n")

// downloads are the files that the phone took of a type.
func (p *managedPhone) downloads(fileType string) (taken []cpe.AppliedFile) {
	for _, f := range p.phone.Files() {
		if f.FileType == fileType {
			taken = append(taken, f)
		}
	}
	return taken
}

// TestTheFileOfAnAuthorityIsDeliveredOnce has a site with an authority of its own, and a
// pack that does not know under which FileType a phone takes it.
func TestTheFileOfAnAuthorityIsDeliveredOnce(t *testing.T) {
	t.Parallel()
	const fileType = "X 0A0B0C Authority"
	s := serve(t, "--cwmp-auth", "digest", "--inform-interval", "0", "--file-type", fileType+"="+fileType)
	p := managePhone(t, s, "C1", func(c *cpe.Config) { c.FileTypes = []string{fileType} })
	p.reaches("converged")
	sum := p.upload("site-ca.pem", fileType, bytes.NewReader(siteCA))
	p.put("devices/"+p.id, declare("cwmp.ca.file", "site-ca.pem"))
	if c := p.reaches("failing"); c.Problem != "the setting cwmp.ca.fileType must say of which FileType the file is" {
		t.Errorf("the problem is %q", c.Problem)
	}
	p.quiet(3)
	p.put("devices/"+p.id, declare("cwmp.ca.fileType", fileType))
	p.Eventually("the phone has the file", func() bool { return len(p.downloads(fileType)) > 0 })
	if c := p.reaches("converged"); c.Roads.CA == nil || c.Roads.CA.State != "held" {
		t.Errorf("the device is %+v", c)
	}
	p.quiet(10)
	if got := p.downloads(fileType); len(got) != 1 || got[0].SHA256 != sum || p.phone.Counters()["Download"] != 1 {
		t.Errorf("the phone took %+v by %d downloads, want the file once", got, p.phone.Counters()["Download"])
	}
	t.Run("and not again when something else changes", func(t *testing.T) {
		p.put("devices/"+p.id, declare("account.*.registrar", "new.example.net"))
		p.has(registrarPath, "new.example.net")
		p.reaches("converged")
		if n := p.phone.Counters()["Download"]; n != 1 {
			t.Errorf("%d downloads, want 1", n)
		}
	})
}

// TestTheFileOfAnAuthorityGoesToACiscoPhoneUnderTheTypeOfItsPack needs no setting that says
// so.
func TestTheFileOfAnAuthorityGoesToACiscoPhoneUnderTheTypeOfItsPack(t *testing.T) {
	t.Parallel()
	const fileType = "X 00000C Custom CA File"
	s := driftingServer(t)
	c := s.Client("operator")
	c.upload("site-ca.pem", "3 Vendor Configuration File", bytes.NewReader(siteCA))
	var added fileDevice
	settings := append(ciscoSettings(), declare("cwmp.ca.file", "site-ca.pem"))
	c.Post("devices", object{"mac": "d0:ec:35:00:00:03", "model": "8851", "settings": settings}).Want(http.StatusCreated).Decode(&added)
	phone := startCisco(t, "d0ec35000003", ciscophone.Answer{66: []byte(s.FilesURL() + "$PSN.xml")}, fileType)
	p := &managedPhone{client: c, phone: phone.Device(), id: added.ID}
	p.Eventually("the phone has the file, and is converged", func() bool {
		return phone.Counts().Downloads[fileType] > 0 && phone.Device().Up() && p.convergence(p.id).State == "converged"
	})
	p.quiet(5)
	if n := phone.Counts().Downloads; n[fileType] != 1 {
		t.Errorf("the phone took %v, want the file once", n)
	}
	if got := p.downloads(fileType); len(got) != 1 || got[0].Size != int64(len(siteCA)) {
		t.Errorf("the phone took %+v", got)
	}
}

func TestAPhoneThatRefusesTheFileOfAnAuthorityIsTriedTwice(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	p := managePhone(t, s, "C2", nil)
	p.reaches("converged")
	p.upload("site-ca.pem", "3 Vendor Configuration File", bytes.NewReader(siteCA))
	p.put("devices/"+p.id, declare("cwmp.ca.file", "site-ca.pem"), declare("cwmp.ca.fileType", "X 0A0B0C Unknown"))
	if c := p.reaches("failing"); c.Problem != "the file site-ca.pem was not taken: Invalid arguments" || c.NextTry == nil || c.Roads.CA == nil || c.Roads.CA.State != "failed" {
		t.Errorf("the device is %+v", c)
	}
	p.holdsAccounts()
	p.quiet(10)
	if n := p.phone.FaultCounters()["Download"]; n != 2 {
		t.Errorf("%d downloads, want 2", n)
	}
}
