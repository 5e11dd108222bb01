//go:build e2e

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"github.com/dialtone-acs/dialtone/store"
)

// copyPatience bounds one copy of the large store.
const copyPatience = 3 * time.Minute

// emptyDatabase returns the address of an empty database that the test has for
// itself: the stand-in does one thing at a time, for all who use it.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	if mongotest.Real() {
		return mongotest.URI(t)
	}
	return mongotest.Own(t).URI("dialtone")
}

// withOption adds an option to the address of a database.
func withOption(address, option string) string {
	if strings.Contains(address, "?") {
		return address + "&" + option
	}
	return address + "?" + option
}

// patient gives a database more time than a server does: the stand-in reads and
// sorts all of a collection before it answers, and nobody else is answered
// meanwhile, also not who asks whether it lives.
func patient(address string) string {
	return withOption(withOption(address, "timeoutMS=120000"), "connectTimeoutMS=120000")
}

// copyStore runs the command that copies a store, and returns the counts that it
// prints.
func copyStore(t *testing.T, from, to folder) string {
	t.Helper()
	stages := &stages{t: t, since: time.Now()}
	result := runDialtoneFor(t, copyPatience, nil, stages, copyArguments(from, to)...)
	if result.Code != 0 || !strings.Contains(result.Stderr, "The copy is complete") {
		t.Fatalf("store copy: exit %d: %s", result.Code, result.Stderr)
	}
	return result.Stdout
}

func copyArguments(from, to folder) []string {
	return []string{"store", "copy", "--from", from.url(), "--to", to.url(), "--from-data-dir", from.DataDir, "--to-data-dir", to.DataDir}
}

// stages logs how long a command was at what it says that it does.
type stages struct {
	t     *testing.T
	since time.Time
	stage string
}

// Write implements io.Writer.
func (s *stages) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		if strings.HasPrefix(line, "copying") || strings.HasPrefix(line, "comparing") || strings.HasPrefix(line, "The copy") {
			if s.stage != "" {
				s.t.Logf("%s took %s", s.stage, time.Since(s.since).Round(100*time.Millisecond))
			}
			s.stage, s.since = strings.TrimSpace(line), time.Now()
		}
	}
	return len(p), nil
}

// populationFiles are the sizes of the files of the large store: none, a byte,
// and around what one part of a content holds.
func populationFiles() map[string]int64 {
	return map[string]int64{"empty.cfg": 0, "byte.cfg": 1, "part.bin": 256 << 10, "above.bin": 256<<10 + 1, "firmware.bin": 5*megabyte + 7}
}

// populate fills the folder's store with records and files.
func (f folder) populate(t *testing.T, devices int) {
	t.Helper()
	f.with(t, func(s store.Store) {
		keeper, err := openKeeper(t.Context(), s, f.dataOptions)
		must(t, err)
		_, err = store.Copy(t.Context(), population{t: t, keeper: keeper, devices: devices}, s.Copier(), nil)
		must(t, err)
		content, closer, err := openContent(f.dataOptions, s)
		must(t, err)
		library, err := files.NewLibrary(files.Options{Store: s.Files(), Content: content, Now: clock})
		must(t, err)
		for name, size := range populationFiles() {
			_, err := library.Add(t.Context(), files.File{Name: name, Type: firmwareType, Version: "é"}, noise(byte(size), size))
			must(t, err)
		}
		must(t, closer.Close())
	})
}

func TestAStoreOfTenThousandDevicesGoesToMongoDBAndBack(t *testing.T) {
	const devices = 10_000
	from, back := newFolder(t), newFolder(t)
	from.populate(t, devices)
	there := folder{dataOptions{DataDir: from.DataDir, Store: newStoreAddress(patient(emptyDatabase(t)))}}

	counts := copyStore(t, from, there)
	if again := copyStore(t, there, back); again != counts {
		t.Errorf("there were copied\n%s\nand back\n%s", counts, again)
	}
	for kind, want := range map[store.Kind]int{
		store.KindDevice: devices, store.KindParameters: devices*usualTree + devices/largeEvery*(largeTree-usualTree), store.KindCredential: devices / 2,
		store.KindModel: populationModels, store.KindTask: devices + devices/2, store.KindBulk: populationBulks, store.KindFile: len(populationFiles()),
		store.KindGrant: populationGrants, store.KindUser: populationUsers, store.KindToken: populationTokens, store.KindAudit: populationAudit,
		store.KindGroup: populationGroups, store.KindRole: populationRoles, store.KindSession: populationSessions, store.KindCounts: populationCounts,
	} {
		if got := countOf(counts, kind); got != fmt.Sprint(want) {
			t.Errorf("%s %s were copied, want %d", got, kind, want)
		}
	}
	from.with(t, func(a store.Store) {
		back.with(t, func(b store.Store) { must(t, store.Compare(t.Context(), a.Copier(), b.Copier())) })
	})
	for name, size := range populationFiles() {
		want := sha256.New()
		_, err := io.Copy(want, noise(byte(size), size))
		must(t, err)
		if got := sha256.Sum256([]byte(readAll(t, back, name))); hex.EncodeToString(got[:]) != hex.EncodeToString(want.Sum(nil)) {
			t.Errorf("%s came back with other content", name)
		}
	}
}

// countOf returns the number that the command prints for a kind.
func countOf(counts string, kind store.Kind) string {
	for line := range strings.Lines(counts) {
		if number, found := strings.CutPrefix(line, kind.String()+" "); found {
			return strings.TrimSpace(number)
		}
	}
	return "no"
}
