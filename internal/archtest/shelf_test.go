package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// testName is a package, a test of it, and what the name of a subtest begins with.
var testName = regexp.MustCompile(`^([a-z0-9/]+)\.((?:Test|Fuzz)\w+)(?:/(.+))?$`)

// function is a test: the literal texts of its file, among which are the names
// of its subtests.
type function struct{ texts []string }

// shelf holds the tests of packages, read once.
type shelf struct {
	root     string
	packages map[string]map[string]function
}

// missing says why a test or a document does not exist, or "".
func (s *shelf) missing(proof string) string {
	if strings.HasSuffix(proof, ".md") {
		if _, err := os.Stat(filepath.Join(s.root, proof)); err != nil {
			return "is no document"
		}
		return ""
	}
	parts := testName.FindStringSubmatch(proof)
	if parts == nil {
		return "is not the name of a test"
	}
	tests, err := s.of(parts[1])
	if err != nil {
		return err.Error()
	}
	test, ok := tests[parts[2]]
	if !ok {
		return "does not exist"
	}
	if sub := parts[3]; sub != "" && !slices.ContainsFunc(test.texts, func(text string) bool { return strings.HasPrefix(text, sub) }) {
		return "has no such subtest in its file"
	}
	return ""
}

// of returns the tests of a package, whatever tags they are built with.
func (s *shelf) of(name string) (map[string]function, error) {
	if tests, ok := s.packages[name]; ok {
		return tests, nil
	}
	files, err := filepath.Glob(filepath.Join(s.root, name, "*_test.go"))
	if err != nil {
		return nil, err
	}
	tests := map[string]function{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		texts := texts(file)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				tests[f.Name.Name] = function{texts: texts}
			}
		}
	}
	s.packages[name] = tests
	return tests, nil
}

func texts(file *ast.File) []string {
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				all = append(all, text)
			}
		}
		return true
	})
	return all
}
