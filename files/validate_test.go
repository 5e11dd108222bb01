package files_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
)

func TestValidateNamesTheFieldThatIsWrong(t *testing.T) {
	many := make([]string, files.MaxSiblings+1)
	for i := range many {
		many[i] = fmt.Sprintf("s%d", i)
	}
	for _, test := range []struct {
		name string
		file files.File
		// field is empty for what passes.
		field string
		kind  error
	}{
		{name: "a name is enough", file: files.File{Name: "a"}},
		{name: "everything given", file: files.File{Name: "a", Type: files.TypeFirmware, OUI: "00087B", ProductClass: "CP-8851-3PCC", Version: "12.0(3) β", Siblings: []string{"b", "c"}}},
		{name: "64 characters of version pass, whatever their bytes", file: files.File{Name: "a", Version: strings.Repeat("ü", 64)}},
		{name: "as many siblings as allowed", file: files.File{Name: "a", Siblings: many[1:]}},
		{name: "no name", field: "name", kind: files.ErrName},
		{name: "a name with a slash", file: files.File{Name: "a/b"}, field: "name", kind: files.ErrName},
		{name: "a type without number", file: files.File{Name: "a", Type: "Firmware"}, field: "type", kind: files.ErrInvalid},
		{name: "an OUI with a wrong digit", file: files.File{Name: "a", OUI: "00087G"}, field: "oui", kind: files.ErrInvalid},
		{name: "an OUI with colons", file: files.File{Name: "a", OUI: "00:08:7B"}, field: "oui", kind: files.ErrInvalid},
		{name: "a product class that is too long", file: files.File{Name: "a", ProductClass: strings.Repeat("x", 65)}, field: "productClass", kind: files.ErrInvalid},
		{name: "a version with a control character", file: files.File{Name: "a", Version: "1\n2"}, field: "version", kind: files.ErrInvalid},
		{name: "a version that is not UTF-8", file: files.File{Name: "a", Version: "1\xff"}, field: "version", kind: files.ErrInvalid},
		{name: "a sibling that leads elsewhere", file: files.File{Name: "a", Siblings: []string{"b", "../c"}}, field: "siblings[1]", kind: files.ErrName},
		{name: "a sibling named twice", file: files.File{Name: "a", Siblings: []string{"b", "b"}}, field: "siblings[1]", kind: files.ErrName},
		{name: "a file that is its own sibling", file: files.File{Name: "a", Siblings: []string{"a"}}, field: "siblings[0]", kind: files.ErrName},
		{name: "too many siblings", file: files.File{Name: "a", Siblings: many}, field: "siblings", kind: files.ErrInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.file.Validate()
			if test.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var fault *files.FieldError
			if !errors.As(err, &fault) || fault.Field != test.field || !errors.Is(err, test.kind) {
				t.Fatalf("Validate() = %v, want field %s and %v", err, test.field, test.kind)
			}
		})
	}
}

func TestCheckType(t *testing.T) {
	for _, test := range []struct {
		text string
		ok   bool
	}{
		{files.TypeFirmware, true},
		{files.TypeVendorConfiguration, true},
		{"12 Anything", true},
		{"X 00087B Custom CA", true},
		{"X CISCO Custom_CA", true},
		{"1 " + strings.Repeat("x", 62), true},
		{"1 " + strings.Repeat("x", 63), false},
		{"X CA", true},
		{"X", false},
		{"X", false},
		{"1", false},
		{"01 Firmware", false},
		{"0 Firmware", false},
		{"1  Firmware", false},
		{"1 Firmware ", false},
		{" 1 Firmware", false},
		{"1 Firm\tware", false},
		{"1 Firmware\n", false},
		{"1 Firm\u00a0ware", false},
		{"1 Firm\x00ware", false},
		{"1 Firm\xffware", false},
		{"Firmware", false},
		{"", false},
	} {
		t.Run(fmt.Sprintf("%q", test.text), func(t *testing.T) {
			err := files.CheckType(test.text)
			var fault *files.FieldError
			switch {
			case test.ok && err != nil:
				t.Fatal(err)
			case !test.ok && (!errors.As(err, &fault) || fault.Field != "type"):
				t.Fatalf("CheckType = %v, want an error of the field type", err)
			}
		})
	}
}
