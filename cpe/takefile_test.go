package cpe

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestAFileIsGivenWholeToWhoTakesFilesAndEndsAsTheySay(t *testing.T) {
	const firmware, other = cwmp.FileTypeFirmware, "X 000E08 Custom CA File"
	long := strings.Repeat("x", maxTaken+1)
	for name, test := range map[string]struct {
		fileType, content string
		fault             int
		taken             []string
		boots             bool
	}{
		"taken":                     {other, "a certificate", 0, []string{other + ": a certificate"}, false},
		"taken with a reboot":       {cwmp.FileTypeConfiguration, "reboot", 0, []string{cwmp.FileTypeConfiguration + ": reboot"}, true},
		"refused":                   {cwmp.FileTypeConfiguration, "refuse", cwmp.FaultTransferFileCorrupted, []string{cwmp.FileTypeConfiguration + ": refuse"}, false},
		"too long":                  {cwmp.FileTypeConfiguration, long, cwmp.FaultTransferFileCorrupted, nil, false},
		"firmware is not for those": {firmware, "version: 9\n", 0, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, test.content) }))
			defer files.Close()
			acs := newTestACS(t, &cwmp.Download{CommandKey: "d", FileType: test.fileType, URL: files.URL + "/file"})
			c := testConfig(acs)
			c.FileTypes = []string{other}
			var taken []string
			c.TakeFile = func(fileType string, content []byte) (bool, error) {
				taken = append(taken, fileType+": "+string(content))
				if string(content) == "refuse" {
					return false, errors.New("no")
				}
				return string(content) == "reboot", nil
			}
			d := start(t, c)
			r := waitEvent(t, d, "7 TRANSFER COMPLETE")
			complete, ok := acs.own[0].(*cwmp.TransferComplete)
			if !ok || complete.Fault.FaultCode != test.fault || r.HasEvent("1 BOOT") != test.boots {
				t.Errorf("%+v in the session %+v", acs.own[0], r.Events)
			}
			if !slices.Equal(taken, test.taken) {
				t.Errorf("was given %.60q", taken)
			}
			if version := d.SoftwareVersion(); (version == "9") != (test.fileType == firmware) {
				t.Errorf("runs %s", version)
			}
		})
	}
}
