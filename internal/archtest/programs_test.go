package archtest

import (
	"slices"
	"strings"
	"testing"
)

// startPrograms may start other programs: they build or run what tests need, and
// provisioners/pbx runs the one command of the server's own configuration, to which
// nothing is added.
func startPrograms() []string {
	return []string{"internal/mongotest", "store/mongo/standin/build", "provisioners/pbx"}
}

// No argument of a request can become a command where no command is run that anybody
// but the operator of the machine named.
func TestTheServerStartsNoProgram(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if slices.Contains(startPrograms(), name) {
			continue
		}
		for _, imported := range p.Imports {
			if imported == "os/exec" || imported == "plugin" {
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
}

// What reads messages cannot fetch anything that they point at.
func TestTheReaderOfMessagesKnowsNeitherNetworkNorFiles(t *testing.T) {
	for _, p := range packages(t) {
		if strings.TrimPrefix(p.ImportPath, module) != "cwmp" {
			continue
		}
		for _, imported := range p.Imports {
			if imported == "net" || strings.HasPrefix(imported, "net/") || imported == "os" || strings.HasPrefix(imported, "os/") || imported == "syscall" {
				t.Errorf("cwmp imports %s", imported)
			}
		}
	}
}

// A profile of the process is for who debugs it, and on no listener.
func TestNoListenerServesProfiles(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if imported == "net/http/pprof" || imported == "expvar" {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}
