package cpe

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// fileFetched takes a file: firmware is installed by a reboot. The caller holds mu.
func (d *Device) fileFetched(t *transfer, got fetched) {
	name := fileName(&t.request)
	if len(d.applied) >= maxApplied {
		d.applied = slices.Delete(d.applied, 0, len(d.applied)-maxApplied+1)
	}
	d.applied = append(d.applied, AppliedFile{
		CommandKey: t.request.CommandKey, FileType: t.request.FileType, Name: name,
		Size: got.size, SHA256: got.sum, Resumed: got.resumed, StartTime: t.start, CompleteTime: t.complete,
	})
	if t.request.FileType != cwmp.FileTypeFirmware {
		if got.reboot {
			t.state = transferInstalling
			d.restart()
		}
		return
	}
	t.version = firmwareVersion(got.head, name)
	t.state = transferInstalling
	d.restart()
}

// install makes the firmware run that was fetched, and ends what waited for the reboot. The caller holds mu.
func (d *Device) install() {
	for _, t := range slices.Clone(d.transfers) {
		if t.state != transferInstalling {
			continue
		}
		t.state = transferDone
		if d.config.Quirks.NoTransferComplete {
			d.drop(t)
		}
		if t.request.FileType != cwmp.FileTypeFirmware || t.version == d.software {
			continue
		}
		d.software = t.version
		if e, ok := d.tree.parameter(d.config.Root + "DeviceInfo.SoftwareVersion"); ok {
			d.noteChange(e)
		}
	}
}

func fileName(m *cwmp.Download) string {
	if m.TargetFileName != "" {
		return m.TargetFileName
	}
	u, err := url.Parse(m.URL)
	if err != nil {
		return ""
	}
	return path.Base(u.Path)
}

// versionLine is how a firmware file for simulated phones may begin.
const versionLine = "version:"

// firmwareVersion is what the file says of itself in a leading line, else the
// file's name without its extension, which is what a Cisco phone shows.
func firmwareVersion(head []byte, name string) string {
	line, _, _ := strings.Cut(string(head), "\n")
	if version, ok := strings.CutPrefix(line, versionLine); ok {
		if version = strings.TrimSpace(version); version != "" && len(version) <= 64 && cwmp.ValidText(version) == nil {
			return version
		}
	}
	name = strings.TrimSuffix(name, path.Ext(name))
	if len(name) > 64 {
		name = name[:64]
	}
	return strings.ToValidUTF8(name, "")
}
