package delivery_test

import (
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// give stores a credential of the phone.
func (f *fixture) give(t testing.TB, username, password string, issued bool, at time.Time) {
	t.Helper()
	sealed, err := f.keeper.Seal(secret.NewText(password), device.CredentialOwner(username))
	fatal(t, err)
	fatal(t, f.credentials.PutCredential(t.Context(), device.Credential{Username: username, Device: "mapped", Password: sealed, CreatedAt: at, Issued: issued}))
}

func TestThePhonesFileCarriesTheACSAndACredentialOfItsOwn(t *testing.T) {
	f := newMapped(t, split, nil)
	content := f.profile(t)
	username, password := login(content)
	if !strings.Contains(content, "acs=http://files.example:7547/ ") {
		t.Errorf("%s", content)
	}
	if !regexp.MustCompile(`^mapped-[0-9a-z]{6}$`).MatchString(username) || len(password) != 24 {
		t.Errorf("as %q with a password of %d characters", username, len(password))
	}
	stored := f.credentials.of(t, "mapped")
	if len(stored) != 1 || !stored[0].Issued || stored[0].Username != username || !stored[0].CreatedAt.Equal(f.now) || !stored[0].SeenAt.IsZero() {
		t.Fatalf("stored %+v", stored)
	}
	opened, err := f.keeper.Open(stored[0].Password, device.CredentialOwner(username))
	fatal(t, err)
	if opened.Reveal() != password {
		t.Error("the stored password is not the one in the file")
	}
	for range 3 {
		if again := f.profile(t); again != content {
			t.Errorf("asked again it is %s", again)
		}
	}
	if n := f.rendered(t); n != 1 {
		t.Errorf("it was rendered %v times", n)
	}
	if n := len(f.credentials.of(t, "mapped")); n != 1 {
		t.Errorf("%d credentials", n)
	}
}

func TestAFileCarriesTheNewestCredentialThatWasIssued(t *testing.T) {
	f := newMapped(t, split, nil)
	f.give(t, "first", "old", true, f.now.Add(-2*time.Hour))
	f.give(t, "second", "new", true, f.now.Add(-time.Hour))
	f.give(t, "entered", "operator", false, f.now)
	if username, password := login(f.profile(t)); username != "second" || password != "new" {
		t.Errorf("as %s:%s", username, password)
	}
	fatal(t, f.credentials.DeleteCredential(t.Context(), "second"))
	if username, _ := login(f.profile(t)); username != "first" {
		t.Errorf("after the newest was withdrawn: as %s", username)
	}
	fatal(t, f.credentials.DeleteCredential(t.Context(), "first"))
	if username, _ := login(f.profile(t)); !strings.HasPrefix(username, "mapped-") {
		t.Errorf("after all were withdrawn: as %s", username)
	}
}

func TestACredentialIsMadeOnlyWhereItIsOfUse(t *testing.T) {
	for name, c := range map[string]struct {
		settings map[string]string
		change   func(*device.Device)
		request  files.Request
		unmapped bool
		want     string
	}{
		"not where TR-069 is off":           {settings: map[string]string{"cwmp.enabled": "false"}, want: "acs= as=:\n"},
		"not beside the operator's name":    {settings: map[string]string{"cwmp.username": "operator"}, want: "acs=http://files.example:7547/ as=operator:\n"},
		"not beside the operator's":         {settings: map[string]string{"cwmp.username": "operator", "cwmp.password": "entered"}, want: "acs=http://files.example:7547/ as=operator:entered\n"},
		"not for a pack without a mapping":  {unmapped: true, want: "acs= as=:\n"},
		"not in a file for everybody":       {request: files.Request{Path: "/0a0b0c000001.boot"}, want: "acs=http://files.example:7547/ as=:\n"},
		"not where the ACS is not known":    {request: files.Request{Host: "\x00"}, want: "acs= as=:\n"},
		"not over TFTP of an unknown host":  {request: files.Request{Protocol: "tftp", Host: " "}, want: "acs= as=:\n"},
		"but beside the operator's address": {settings: map[string]string{"cwmp.url": "http://other.example/"}, request: files.Request{Host: " "}, want: "acs=http://other.example/ as=mapped-"},
	} {
		t.Run(name, func(t *testing.T) {
			mapping := split
			if c.unmapped {
				mapping = noMapping
			}
			f := newMapped(t, mapping, nil)
			if c.settings != nil {
				f.set(t, deviceKey("mapped"), c.settings)
			}
			if c.request.Path == "" {
				c.request.Path = "/0a0b0c000001.mapped"
			}
			content := f.take(t, c.request)
			if !strings.HasPrefix(content, c.want) {
				t.Errorf("%q, want %q first", content, c.want)
			}
			if n := len(f.credentials.of(t, "mapped")); (n == 1) != strings.HasSuffix(c.want, "mapped-") {
				t.Errorf("%d credentials were made", n)
			}
		})
	}
}

func TestAPhoneInQuarantineIsMadeNoCredential(t *testing.T) {
	f := newMapped(t, split, nil)
	d := f.devices.get("mapped")
	d.Quarantined = true
	f.devices.put(d)
	if _, _, err := f.ask(t, files.Request{Path: "/0a0b0c000001.mapped"}); !errors.Is(err, files.ErrForbidden) {
		t.Errorf("its file: %v", err)
	}
	if content := f.take(t, files.Request{Path: "/0a0b0c000001.boot"}); !strings.HasSuffix(content, "as=:\n") {
		t.Errorf("%q", content)
	}
	if n := len(f.credentials.of(t, "mapped")); n != 0 {
		t.Errorf("%d credentials", n)
	}
}

func TestRequestsAtOnceMakeOneCredential(t *testing.T) {
	f := newMapped(t, split, nil)
	var all sync.WaitGroup
	var mu sync.Mutex
	names := map[string]bool{}
	for range 20 {
		all.Go(func() {
			username, _ := login(f.profile(t))
			mu.Lock()
			defer mu.Unlock()
			names[username] = true
		})
	}
	all.Wait()
	if n := len(f.credentials.of(t, "mapped")); n != 1 || len(names) != 1 || names[""] {
		t.Errorf("%d credentials, given as %v", n, names)
	}
}

func TestOfTwoNodesThatMakeACredentialTheOlderCounts(t *testing.T) {
	f := newMapped(t, split, nil)
	f.credentials.putting = func(device.Credential) {
		f.credentials.putting = nil
		f.give(t, "other", "of-another-node", true, f.now.Add(-time.Millisecond))
	}
	if username, password := login(f.profile(t)); username != "other" || password != "of-another-node" {
		t.Errorf("as %s:%s", username, password)
	}
	if all := f.credentials.of(t, "mapped"); len(all) != 1 || all[0].Username != "other" {
		t.Errorf("left are %+v", all)
	}
}

func TestAPhoneWithTooManyCredentialsGetsItsFileWithoutOne(t *testing.T) {
	f := newMapped(t, split, nil)
	for i := range device.MaxCredentials {
		f.give(t, "entered"+string(rune('a'+i)), "p", false, f.now)
	}
	if username, _ := login(f.profile(t)); username != "" {
		t.Errorf("as %s", username)
	}
	if n := len(f.credentials.of(t, "mapped")); n != device.MaxCredentials {
		t.Errorf("%d credentials", n)
	}
	if !strings.Contains(f.log.String(), "too many credentials") {
		t.Errorf("log: %s", f.log)
	}
}

func TestAFileIsNotGivenWithoutTheCredentialThatItShouldCarry(t *testing.T) {
	f := newMapped(t, split, nil)
	f.credentials.err = errors.New("the store is away")
	if _, _, err := f.ask(t, files.Request{Path: "/0a0b0c000001.mapped"}); err == nil || errors.Is(err, files.ErrNotFound) {
		t.Errorf("%v", err)
	}
	f.credentials.err = nil
	fatal(t, f.credentials.PutCredential(t.Context(), device.Credential{Username: "broken", Device: "mapped", Password: "v1.broken", Issued: true, CreatedAt: f.now}))
	if _, _, err := f.ask(t, files.Request{Path: "/0a0b0c000001.mapped"}); !errors.Is(err, secret.ErrTampered) {
		t.Errorf("%v", err)
	}
}

func TestNothingThatIsRecordedOrLoggedHoldsThePhonesCredential(t *testing.T) {
	f := newMapped(t, split, nil)
	username, password := login(f.profile(t))
	for _, fetch := range f.history(t) {
		if text := fetch.Path + fetch.Detail + fetch.UserAgent + fetch.Digest; strings.Contains(text, password) || strings.Contains(text, username) {
			t.Errorf("recorded %+v", fetch)
		}
	}
	if log := f.log.String(); strings.Contains(log, password) || strings.Contains(log, username) {
		t.Errorf("log: %s", log)
	}
}

func TestAnotherCredentialMakesAnotherFile(t *testing.T) {
	f := newMapped(t, split, nil)
	before := f.profile(t)
	f.give(t, "newer", "password", true, f.now.Add(time.Second))
	if after := f.profile(t); after == before || !strings.Contains(after, "as=newer:password") {
		t.Errorf("%s", after)
	}
}
