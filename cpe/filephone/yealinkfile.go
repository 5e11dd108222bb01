package filephone

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// keyValue is a line of a configuration file.
type keyValue struct{ key, value string }

var (
	yealinkFirstLine = regexp.MustCompile(`^#!version:[0-9]+(\.[0-9]+){3}\s*$`)
	yealinkKey       = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.]*$`)
	yealinkInclude   = regexp.MustCompile(`^(?:\[([A-Za-z0-9_, -]+)\])?include:config\s*(?:<([^<>]+)>|"([^"]+)")$`)
)

// yealinkLines returns the lines of a file behind its first, which must tell the
// version of the format.
func yealinkLines(f file) ([]string, error) {
	if !utf8.Valid(f.content) {
		return nil, f.refuse(0, "it is not UTF-8")
	}
	lines := strings.Split(strings.ReplaceAll(string(f.content), "\r\n", "\n"), "\n")
	if !yealinkFirstLine.MatchString(lines[0]) {
		return nil, f.refuse(1, "the first line is not #!version:1.0.0.1")
	}
	return lines[1:], nil
}

// parseYealink reads a configuration file.
func parseYealink(f file) ([]keyValue, error) {
	lines, err := yealinkLines(f)
	if err != nil {
		return nil, err
	}
	var all []keyValue
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, found := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case !found || !yealinkKey.MatchString(key):
			return nil, f.refuse(i+2, "it is not of the form key = value")
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' }):
			return nil, f.refuse(i+2, "the value of %s has a control character", key)
		}
		all = append(all, keyValue{key, value})
	}
	return all, nil
}

// yealinkBoot is a boot file.
type yealinkBoot struct {
	includes  []string
	overwrite bool
}

// parseYealinkBoot reads a boot file, as far as it is for this model.
func parseYealinkBoot(f file) (yealinkBoot, error) {
	var boot yealinkBoot
	lines, err := yealinkLines(f)
	if err != nil {
		return boot, err
	}
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if include := yealinkInclude.FindStringSubmatch(line); include != nil {
			models := strings.FieldsFunc(include[1], func(r rune) bool { return r == ',' || r == ' ' })
			if len(models) == 0 || slices.Contains(models, yealinkModel) {
				boot.includes = append(boot.includes, include[2]+include[3])
			}
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if !found || !yealinkKey.MatchString(strings.TrimSpace(key)) {
			return boot, f.refuse(i+2, "it neither includes a file nor is it of the form key = value")
		}
		if strings.TrimSpace(key) == "overwrite_mode" {
			boot.overwrite = strings.TrimSpace(value) == "1"
		}
	}
	return boot, nil
}
