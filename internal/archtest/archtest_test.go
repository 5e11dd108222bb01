// Package archtest holds the test of import directions: which room of the house
// may call which.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/dialtone-acs/dialtone/"

// allowed is the table: a package may import these of ours, beside internal/*. A
// package that is not in the table may not exist.
func allowed() map[string][]string {
	domain := []string{"device", "device/query", "tasks", "files", "users", "nodes", "history", "declared", "trace", "quirks", "access", "provisioners"}
	return map[string][]string{
		"cwmp":                   {},
		"device/query":           {},
		"device/query/querytest": {"device/query"},
		"files/filestest":        {"files", "device", "device/query"},
		"device":                 {"device/query"},
		"nodes":                  {},
		"declared":               {},
		"trace":                  {"declared", "device", "device/query"},
		"quirks":                 {"declared", "device"},
		"tasks":                  {"device", "device/query"},
		"files":                  {"device", "device/query"},
		"users":                  {"device", "device/query"},
		"users/openid":           {"users", "device"},
		"history":                {"device"},
		"web/console":            {},
		"dhcp":                   {},
		"access":                 {"declared", "device", "device/query"},
		"provisioners":           {"device", "device/query"},
		"provisioners/zone":      {},
		"provisioners/mapping":   {"provisioners", "provisioners/zone"},
		"provisioners/pack":      {"provisioners", "provisioners/mapping", "provisioners/zone", "device"},
		"provisioners/packs":     {"provisioners", "provisioners/pack"},
		"provisioners/delivery":  {"provisioners", "provisioners/pack", "device", "device/query", "files"},
		"acs":                    {"access", "cwmp", "device", "tasks", "quirks", "trace"},
		"acs/connreq":            {"device", "files"},
		"provisioners/converge":  {"cwmp", "device", "files", "tasks", "provisioners", "provisioners/mapping", "provisioners/pack"},
		"files/httpd":            {"device", "files"},
		"files/tftpd":            {"files"},
		"provisioners/shelf":     {"declared", "device", "device/query", "files", "provisioners", "provisioners/pack"},
		"provisioners/plan":      {"device", "provisioners", "provisioners/pack"},
		"web/api":                append([]string{"dhcp", "provisioners/massdeployment", "provisioners/pack", "provisioners/pbx", "provisioners/plan", "provisioners/roster", "provisioners/shelf"}, domain...),
		"store":                  domain,
		"store/sqlite":           append([]string{"store"}, domain...),
		"store/mongo":            append([]string{"store"}, domain...),
		"cpe":                    {"cwmp"},
		"cpe/filephone":          {},
		"cpe/ciscophone":         {"cpe", "cpe/filephone", "cwmp"},
		"store/storetest":        append([]string{"store", "device/query/querytest"}, domain...),
		"cmd/dialtone":           {"*"},

		"provisioners/massdeployment":   {"device"},
		"provisioners/pbx":              {},
		"provisioners/roster":           {"provisioners", "provisioners/massdeployment", "device"},
		"provisioners/provisionerstest": {"provisioners", "device"},

		// Only the tests of the console run it.
		"web/console/e2e/populate": {"store", "store/sqlite", "device", "provisioners", "tasks", "files", "history"},
	}
}

// suites are imported by tests only.
func suites() []string {
	return []string{"store/storetest", "device/query/querytest", "files/filestest", "provisioners/provisionerstest"}
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	command.Dir = "../.."
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	decoder := json.NewDecoder(strings.NewReader(string(output)))
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, p)
	}
}

func TestEveryPackageImportsOnlyWhatItsRoomMay(t *testing.T) {
	table := allowed()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		internal := strings.HasPrefix(name, "internal/")
		may, known := table[name]
		if !known && !internal {
			t.Errorf("%s is in no room: add it to the table", name)
			continue
		}
		for _, imported := range p.Imports {
			ours, ok := strings.CutPrefix(imported, module)
			if !ok || slices.Contains(may, "*") || !internal && strings.HasPrefix(ours, "internal/") {
				continue
			}
			if !slices.Contains(may, ours) {
				t.Errorf("%s imports %s, which its room may not", name, ours)
			}
		}
	}
}

func TestNoPackageImportsATestSuiteOutsideTests(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			ours := strings.TrimPrefix(imported, module)
			if slices.Contains(suites(), ours) && !slices.Contains(suites(), name) {
				t.Errorf("%s imports the suite %s", name, ours)
			}
		}
	}
}

func TestTheTableNamesNoPackageThatDoesNotExist(t *testing.T) {
	var exist []string
	for _, p := range packages(t) {
		exist = append(exist, strings.TrimPrefix(p.ImportPath, module))
	}
	for name := range allowed() {
		if !slices.Contains(exist, name) {
			t.Errorf("the table names %s, which does not exist", name)
		}
	}
}
