package main

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// root is the folder of the module, seen from this package.
const root = "../.."

// options returns the names of all flags and of their variables.
func options(t *testing.T) (flags, variables []string) {
	t.Helper()
	parser, err := newParser(io.Discard, io.Discard, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			flags = append(flags, flag.Name)
			if flag.Tag.Negatable != "" {
				flags = append(flags, "no-"+flag.Name)
			}
			variables = append(variables, flag.Envs...)
			if flag.Name != "help" && len(flag.Envs) != 1 {
				t.Errorf("--%s has the variables %v, want one", flag.Name, flag.Envs)
			}
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return flags, variables
}

func TestEveryOptionHasAVariableOfItsName(t *testing.T) {
	flags, variables := options(t)
	for _, flag := range flags {
		want := "DIALTONE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
		if flag != "help" && !strings.HasPrefix(flag, "no-") && !slices.Contains(variables, want) {
			t.Errorf("--%s cannot be set by %s", flag, want)
		}
	}
}

func TestTheConfigurationFileCanBeNamedInTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dialtone.yaml")
	if err := os.WriteFile(file, []byte("cwmp-addr: ':17547'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DIALTONE_CONFIG", file)
	if out, errs, code := printed(t); code != 0 || !strings.Contains(out, "cwmp-addr: :17547") {
		t.Errorf("exit code %d: %s%s", code, errs, out)
	}
}

// deploymentFiles returns the content of every file that is about running the
// program, by its path from the root.
func deploymentFiles(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, start := range []string{"Dockerfile", "docker-compose.yml", "deploy"} {
		err := filepath.WalkDir(filepath.Join(root, start), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			found[strings.TrimPrefix(filepath.ToSlash(path), root+"/")] = string(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func TestDeploymentFilesNameOnlyOptionsThatExist(t *testing.T) {
	flags, variables := options(t)
	variable, call, flag := regexp.MustCompile(`DIALTONE_[A-Z_]+`), regexp.MustCompile(`dialtone"?,? (serve|token|user|store|doctor|export|healthcheck|"serve"|"healthcheck").*`), regexp.MustCompile(`--([a-z][a-z-]+)`)
	seen := 0
	for path, content := range deploymentFiles(t) {
		for _, name := range variable.FindAllString(content, -1) {
			seen++
			if !slices.Contains(variables, name) {
				t.Errorf("%s names %s, which is no option", path, name)
			}
		}
		for _, line := range call.FindAllString(content, -1) {
			for _, name := range flag.FindAllStringSubmatch(line, -1) {
				seen++
				if !slices.Contains(flags, name[1]) {
					t.Errorf("%s calls the program with --%s, which is no option", path, name[1])
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d options were found in the files: this test looks at the wrong place", seen)
	}
}

func TestTheOperatorsGuideNamesOnlyOptionsThatExist(t *testing.T) {
	flags, variables := options(t)
	for _, name := range []string{"README.md", "docs/operations.md"} {
		raw, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile("`--([a-z-]+)").FindAllStringSubmatch(string(raw), -1) {
			if !strings.HasSuffix(found[1], "-") && !slices.Contains(flags, found[1]) {
				t.Errorf("%s names --%s, which is no option", name, found[1])
			}
		}
		for _, found := range regexp.MustCompile(`DIALTONE_[A-Z_]+`).FindAllString(string(raw), -1) {
			if !strings.HasPrefix(found, "DIALTONE_TEST_") && !slices.Contains(variables, found) {
				t.Errorf("%s names %s, which is no option", name, found)
			}
		}
	}
}

// tool returns the path of a program that checks a file. Where it is missing, the
// test is skipped; under CI it fails.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is needed under CI: %v", name, err)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func TestTheBalancersConfigurationIsValid(t *testing.T) {
	output, err := exec.Command(tool(t, "haproxy"), "-c", "-f", filepath.Join(root, "deploy/haproxy/haproxy.cfg")).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

func TestTheUnitIsValid(t *testing.T) {
	analyze := tool(t, "systemd-analyze")
	unit, err := os.ReadFile(filepath.Join(root, "deploy/systemd/dialtone.service"))
	if err != nil {
		t.Fatal(err)
	}
	// The program is not installed where the unit wants it.
	there := strings.Replace(string(unit), "ExecStart=/usr/local/bin/dialtone", "ExecStart="+analyze, 1)
	path := filepath.Join(t.TempDir(), "dialtone.service")
	if err := os.WriteFile(path, []byte(there), 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(analyze, "verify", "--man=no", path).CombinedOutput()
	if err != nil || strings.Contains(string(output), "dialtone.service") {
		t.Errorf("%v\n%s", err, output)
	}
}

func TestTheSecretsOfComposeAreMadeOnceAndFitTheirReaders(t *testing.T) {
	script, folder := filepath.Join(root, "deploy/compose/make-secrets.sh"), filepath.Join(t.TempDir(), "secrets")
	output, err := exec.Command("sh", script, folder).CombinedOutput()
	if os.Getuid() != 0 {
		if err == nil || !strings.Contains(string(output), "sudo") {
			t.Errorf("without rights: %v\n%s", err, output)
		}
		return
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	before := map[string]string{}
	for _, name := range []string{"secrets.key", "mongodb-keyfile", "mongodb-root-password", "mongodb-dialtone-password"} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		before[name] = string(content)
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != 0o400 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if _, err := secret.LoadOrCreate(filepath.Join(folder, "secrets.key")); err != nil {
		t.Error(err)
	}
	// MongoDB takes 6 to 1024 characters of base64.
	if n := len(before["mongodb-keyfile"]); n < 6 || n > 1024 {
		t.Errorf("the key file of MongoDB has %d characters", n)
	}
	password := dataOptions{Store: newStoreAddress("mongodb://u@h/"), StorePasswordFile: filepath.Join(folder, "mongodb-dialtone-password")}
	if got, err := password.storePassword(); err != nil || got.IsZero() {
		t.Errorf("the password of the store: %v", err)
	}
	if output, err := exec.Command("sh", script, folder).CombinedOutput(); err != nil {
		t.Fatalf("again: %v\n%s", err, output)
	}
	for name, content := range before {
		if again, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(again) != content {
			t.Errorf("%s was made anew: %v", name, err)
		}
	}
}
