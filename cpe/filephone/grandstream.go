package filephone

import (
	"context"
	"strings"
)

// grandstream is a GRP2614: the old binary file if there is one, then the first XML
// file that is there.
type grandstream struct {
	// kept are P values ("P271") and aliases, in lower case.
	kept settings
}

const (
	grandstreamModel    = "GRP2614"
	grandstreamFirmware = "1.0.5.15"
)

func newGrandstream() *grandstream { return &grandstream{kept: settings{}} }

func (g *grandstream) userAgent(mac string) string {
	return "Grandstream Model HW " + grandstreamModel + " SW " + grandstreamFirmware + " DevId " + mac
}

func (g *grandstream) start(ctx context.Context, v *visit) error {
	binary, found, err := v.get(ctx, "cfg"+v.mac())
	if err != nil {
		return err
	}
	if found {
		if err := g.takeBinary(binary, v.mac()); err != nil {
			return err
		}
	}
	for _, name := range []string{"cfg" + v.mac() + ".xml", "cfg" + strings.ToLower(grandstreamModel) + ".xml", "cfg.xml"} {
		f, xmlFound, err := v.get(ctx, name)
		if err != nil {
			return err
		}
		if xmlFound {
			// The first that is there is the last that is asked for.
			return g.take(f, v.mac())
		}
	}
	if !found {
		return ErrNoFile
	}
	return nil
}
