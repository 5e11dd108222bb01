package cpe

import (
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestAValueIsTakenInItsCanonicalFormOrRefused(t *testing.T) {
	tests := map[string]struct {
		constraint
		value string
		want  string
		code  int
	}{
		"boolean in words":               {constraint{kind: cwmp.TypeBoolean}, "True", "1", 0},
		"boolean in digits":              {constraint{kind: cwmp.TypeBoolean}, "0", "0", 0},
		"boolean that is none":           {constraint{kind: cwmp.TypeBoolean}, "yes", "", 9007},
		"unsigned with leading zeros":    {constraint{kind: cwmp.TypeUnsignedInt}, "007", "7", 0},
		"unsigned that is negative":      {constraint{kind: cwmp.TypeUnsignedInt}, "-1", "", 9007},
		"unsigned beyond 32 bits":        {constraint{kind: cwmp.TypeUnsignedInt}, "4294967296", "", 9007},
		"unsigned long beyond 53 bits":   {constraint{kind: cwmp.TypeUnsignedLong}, "18446744073709551615", "18446744073709551615", 0},
		"unsigned outside its range":     {constraint{kind: cwmp.TypeUnsignedInt, ranged: true, minimum: 1, maximum: 5}, "6", "", 9007},
		"int inside its range":           {constraint{kind: cwmp.TypeInt, ranged: true, minimum: -1, maximum: 5}, "-1", "-1", 0},
		"int that is text":               {constraint{kind: cwmp.TypeInt}, "one", "", 9007},
		"long":                           {constraint{kind: cwmp.TypeLong}, "-9223372036854775808", "-9223372036854775808", 0},
		"string of the longest length":   {constraint{kind: cwmp.TypeString, maxLength: 3}, "äöü", "äöü", 0},
		"string that is too long":        {constraint{kind: cwmp.TypeString, maxLength: 3}, "abcd", "", 9007},
		"word of an enumeration":         {constraint{kind: cwmp.TypeString, enumeration: []string{"UDP", "TLS"}}, "TLS", "TLS", 0},
		"word in the wrong case":         {constraint{kind: cwmp.TypeString, enumeration: []string{"UDP", "TLS"}}, "tls", "", 9007},
		"time":                           {constraint{kind: cwmp.TypeDateTime}, "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z", 0},
		"time that is not known":         {constraint{kind: cwmp.TypeDateTime}, cwmp.UnknownTime, cwmp.UnknownTime, 0},
		"time that cannot be":            {constraint{kind: cwmp.TypeDateTime}, "2023-02-29T00:00:00Z", "", 9007},
		"base64":                         {constraint{kind: cwmp.TypeBase64}, "aGk=", "aGk=", 0},
		"base64 without its padding":     {constraint{kind: cwmp.TypeBase64}, "aGk", "", 9007},
		"hexBinary of odd length":        {constraint{kind: cwmp.TypeHexBinary}, "abc", "", 9007},
		"decimal that is no number":      {constraint{kind: cwmp.TypeDecimal}, "1,5", "", 9007},
		"white space around an integer":  {constraint{kind: cwmp.TypeInt}, " 1", "", 9007},
		"white space in a string stays":  {constraint{kind: cwmp.TypeString}, " a ", " a ", 0},
		"empty string is not in an enum": {constraint{kind: cwmp.TypeString, enumeration: []string{"UDP"}}, "", "", 9007},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, code := test.check(test.value)
			if got != test.want || code != test.code {
				t.Errorf("check(%q) = %q, %d, want %q, %d", test.value, got, code, test.want, test.code)
			}
		})
	}
}
