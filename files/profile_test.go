package files_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/files"
)

// offerProfile offers the phone the file with its own settings.
func (f fixture) offerProfile(t *testing.T, name string, valid time.Duration) files.Offer {
	t.Helper()
	offer, err := f.Offer(t.Context(), files.OfferRequest{Device: phone, Task: "task1", Name: name, Profile: true, Expires: time.Now().Add(valid)})
	if err != nil {
		t.Fatal(err)
	}
	return offer
}

func TestAProfileIsOfferedWithoutAFileOfTheLibrary(t *testing.T) {
	l := newFixture(t, nil)
	offer := l.offerProfile(t, "00562b112233.xml", time.Hour)
	if want := files.PathPrefix + offer.Token + "/00562b112233.xml"; offer.Path != want || offer.File.Name != "00562b112233.xml" {
		t.Errorf("%q of %q, want %q", offer.Path, offer.File.Name, want)
	}
	found, err := l.Resolve(t.Context(), offer.Token, "00562b112233.xml")
	if err != nil || !found.Profile || found.File.Name != "00562b112233.xml" || found.Device != phone || found.Task != "task1" || found.Expires.IsZero() {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestAProfileIsNotTheFileOfItsName(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "phone.xml"}, "of the library")
	profile, file := l.offerProfile(t, "phone.xml", time.Hour), l.offer(t, "phone.xml", time.Hour)
	if found, err := l.Resolve(t.Context(), profile.Token, "phone.xml"); err != nil || !found.Profile || found.File.Content != "" {
		t.Errorf("of the profile: %+v, %v", found, err)
	}
	if found, err := l.Resolve(t.Context(), file.Token, "phone.xml"); err != nil || found.Profile || found.File.Content == "" {
		t.Errorf("of the file: %+v, %v", found, err)
	}
}

func TestNothingButItsNameLeadsToAProfile(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "other.xml"}, "other")
	offer, short := l.offerProfile(t, "phone.xml", 3*time.Hour), l.offerProfile(t, "phone.xml", time.Hour)
	l.pass(2 * time.Hour)
	for name, c := range map[string]struct{ token, file string }{
		"another name":           {offer.Token, "other.xml"},
		"the mark of the grant":  {offer.Token, "@profile"},
		"an offer that expired":  {short.Token, "phone.xml"},
		"a token that is not it": {token, "phone.xml"},
	} {
		if found, err := l.Resolve(t.Context(), c.token, c.file); err != files.ErrNotFound {
			t.Errorf("%s: %+v, %v, want exactly ErrNotFound", name, found, err)
		}
	}
}

func TestAProfileHasANameThatPhonesCanAskFor(t *testing.T) {
	l := newFixture(t, nil)
	for _, name := range []string{"", "@profile", "a/b.xml", ".xml"} {
		_, err := l.Offer(t.Context(), files.OfferRequest{Device: phone, Name: name, Profile: true, Expires: time.Now().Add(time.Hour)})
		if !errors.Is(err, files.ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if n := len(l.store.Grants()); n != 0 {
		t.Errorf("%d grants are stored", n)
	}
}
