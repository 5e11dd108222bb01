package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/filestest"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
	"github.com/dialtone-acs/dialtone/tasks"
)

// oneProfile is that of the device "phone".
type oneProfile struct{}

func (oneProfile) Of(_ context.Context, id device.ID) (delivery.Profile, error) {
	if id != "phone" {
		return delivery.Profile{}, files.ErrNotFound
	}
	return delivery.Profile{Name: "00562b112233.xml", FileType: "3 Vendor Configuration File"}, nil
}

func newOffers(t *testing.T) (*fileOffers, *files.Library) {
	t.Helper()
	content, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = content.Close() })
	library, err := files.NewLibrary(files.Options{Store: filestest.NewStore(), Content: content})
	if err != nil {
		t.Fatal(err)
	}
	return &fileOffers{library: library, profiles: oneProfile{}, address: ":7567"}, library
}

func TestADeviceIsOfferedItsProfileUnderItsOwnName(t *testing.T) {
	offers, library := newOffers(t)
	request := acs.FileRequest{Device: "phone", Task: "task1", Name: tasks.ProfileFile, Until: time.Now().Add(time.Hour), Host: "files.example.net"}
	offer, err := offers.Offer(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	path, ok := strings.CutPrefix(offer.URL, "http://files.example.net:7567")
	token, name, isOffer := files.SplitPath(path)
	if !ok || !isOffer || name != "00562b112233.xml" || offer.FileType != "3 Vendor Configuration File" || offer.Size != 0 {
		t.Errorf("offered %+v", offer)
	}
	if found, err := library.Resolve(t.Context(), token, name); err != nil || !found.Profile || found.Device != "phone" || found.Task != "task1" {
		t.Errorf("%+v, %v", found, err)
	}
	request.Device = "other"
	if _, err := offers.Offer(t.Context(), request); !errors.Is(err, acs.ErrNoFile) {
		t.Errorf("a device without a profile: %v", err)
	}
}
