// Command build builds the stand-in for MongoDB, with one change to FerretDB
// that the tests need to be quick: where a filter names the text of a field that
// is known to be no list, SQLite looks for it, by the index that FerretDB made,
// and does not hand every document over to be decoded. What it finds is filtered
// as before, so that answers are the same.
//
// The change is made to a copy of the module, by which the build replaces it for
// this once.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	output := flag.String("o", "", "file to write")
	flag.Parse()
	if err := run(*output); err != nil {
		fmt.Fprintln(os.Stderr, "build the stand-in:", err)
		os.Exit(1)
	}
}

func run(output string) error {
	folder, err := os.MkdirTemp("", "standin-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	modfile, err := replace(folder)
	if err != nil {
		return err
	}
	build := exec.Command("go", "build", "-trimpath", "-modfile", modfile, "-o", output, ".")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	return build.Run()
}

// module is what is changed.
const module = "github.com/FerretDB/FerretDB"

// replace writes the changed module, and a go.mod that takes it.
func replace(folder string) (modfile string, err error) {
	if err := exec.Command("go", "mod", "download", module).Run(); err != nil {
		return "", fmt.Errorf("download FerretDB: %w", err)
	}
	found, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("find FerretDB: %w", err)
	}
	copied := filepath.Join(folder, "ferretdb")
	if err := os.CopyFS(copied, os.DirFS(strings.TrimSpace(string(found)))); err != nil {
		return "", fmt.Errorf("copy FerretDB: %w", err)
	}
	for _, c := range changes() {
		if err := c.make(copied); err != nil {
			return "", err
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		raw, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), raw, 0o600)
		}
		if err != nil {
			return "", err
		}
	}
	modfile = filepath.Join(folder, "go.mod")
	return modfile, exec.Command("go", "mod", "edit", "-replace", module+"="+copied, modfile).Run()
}

// change is one place of one file.
type change struct{ file, before, after string }

// make makes the change at the first place that there is.
func (c change) make(folder string) error {
	path := filepath.Join(folder, filepath.FromSlash(c.file))
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !strings.Contains(string(source), c.before) {
		return fmt.Errorf("%s: it has not what is to be changed", c.file)
	}
	if err := os.Chmod(path, 0o600); err != nil { // The module cache is read-only.
		return err
	}
	return os.WriteFile(path, []byte(strings.Replace(string(source), c.before, c.after, 1)), 0o600)
}

// changes are the places. SQLite takes an index only for the expression that it
// was made for, so both name fields as FerretDB's indexes do.
func changes() []change {
	const backend = "internal/backends/sqlite/"
	return []change{
		{backend + "metadata/metadata.go", `DefaultColumn + "->'$._id'"`, `DefaultColumn + "->\"_id\""`},
		{backend + "collection.go", "	var whereClause string\n	var args []any\n\n	// that logic", `	var whereClause string
	var args []any

	for _, field := range []string{"_id", "cwmpKey", "macKey", "device", "slot"} {
		if v, _ := params.Filter.Get(field); params.Filter.Len() > 1 || field != "_id" {
			if text, ok := v.(string); ok {
				whereClause = fmt.Sprintf(" WHERE %s->%q = ?", metadata.DefaultColumn, field)
				args = []any{string(must.NotFail(sjson.MarshalSingleValue(text)))}
				break
			}
		}
	}

	// that logic`},
	}
}
