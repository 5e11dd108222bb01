package filephone

import (
	"context"
	"strings"
)

// poly is a VVX 410: the updater asks for a master file, which names the others.
type poly struct {
	// device are the parameters device.*, which outlive a restart.
	device settings
	// files are all others: they are what the files say, and nothing else.
	files     settings
	directory map[int]polyContact
	firmware  string
	updating  bool
}

// polyContact is an entry of the directory with a speed dial.
type polyContact struct{ number, name string }

const (
	polyUpdater  = "5.9.5.0614"
	polyFirmware = "5.9.5.0614"
	polyPart     = "3111-46162-001"
	polyModel    = "VVX410"
)

func newPoly() *poly { return &poly{device: settings{}, files: settings{}} }

func (p *poly) userAgent(string) string {
	if p.updating {
		return "FileTransport PolycomVVX-VVX_410-UA/" + polyUpdater + " Type/Updater"
	}
	return "FileTransport PolycomVVX-VVX_410-UA/" + polyFirmware + " Type/Application"
}

func (p *poly) start(ctx context.Context, v *visit) error {
	p.updating = true
	err := v.image(ctx, "bootrom.ld")
	if err != nil {
		return err
	}
	master, err := p.master(ctx, v)
	if err != nil {
		return err
	}
	if err := p.image(ctx, v, master); err != nil {
		return err
	}
	p.updating = false
	fresh, err := p.configuration(ctx, v, master)
	if err != nil {
		return err
	}
	p.take(fresh)
	p.firmware = master.application
	for _, name := range []string{v.mac() + "-license.cfg", "000000000000-license.cfg"} {
		if _, _, err := v.get(ctx, name); err != nil {
			return err
		}
	}
	return p.contacts(ctx, v)
}

// master asks for the phone's own master file, or else for everybody's.
func (p *poly) master(ctx context.Context, v *visit) (polyMaster, error) {
	for _, name := range []string{v.mac() + ".cfg", "000000000000.cfg"} {
		f, found, err := v.get(ctx, name)
		if err != nil {
			return polyMaster{}, err
		}
		if found {
			return parsePolyMaster(f, v.mac())
		}
	}
	return polyMaster{}, ErrNoFile
}

// image asks for the firmware: an image of this part number first, if the master file
// names one that stands for all.
func (p *poly) image(ctx context.Context, v *visit, m polyMaster) error {
	switch {
	case m.application == "":
		return nil
	case strings.Contains(m.application, "://"):
		return v.image(ctx, m.application)
	}
	if err := v.image(ctx, polyPart+"."+m.application); err != nil {
		return err
	}
	last := v.outcome.Requests[len(v.outcome.Requests)-1]
	if last.Status == 200 {
		return nil
	}
	return v.image(ctx, m.application)
}

// configuration reads the files that the master file names, of which the first to say
// something counts, and the overrides of phone and web pages, which outrank them.
func (p *poly) configuration(ctx context.Context, v *visit, m polyMaster) (settings, error) {
	all := settings{}
	for _, name := range m.files {
		f, found, err := v.get(ctx, name)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, &RefusedError{File: m.name, Reason: "it names " + name + ", which is not there"}
		}
		if err := readPoly(f, all, false); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{v.mac() + "-phone.cfg", v.mac() + "-web.cfg"} {
		f, found, err := v.get(ctx, m.overrides+name)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		if err := readPoly(f, all, true); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// take keeps what device.* may be set, and replaces all else.
func (p *poly) take(fresh settings) {
	p.files = settings{}
	for name, value := range fresh {
		if !strings.HasPrefix(name, "device.") {
			p.files[name] = value
			continue
		}
		if fresh["device.set"] == "1" && fresh[name+".set"] == "1" {
			p.device[name] = value
		}
	}
}

// contacts asks for the phone's own directory, or else for the one to begin with.
func (p *poly) contacts(ctx context.Context, v *visit) error {
	p.directory = nil
	for _, name := range []string{v.mac() + "-directory.xml", "000000000000-directory.xml"} {
		f, found, err := v.get(ctx, name)
		if err != nil {
			return err
		}
		if found {
			p.directory, err = parsePolyDirectory(f)
			return err
		}
	}
	return nil
}
