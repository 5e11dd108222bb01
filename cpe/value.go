package cpe

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// ParameterError says why a value cannot be set, in the words of CWMP.
type ParameterError struct {
	Path string
	// Code is the CWMP fault code: 9005, 9006, 9007 or 9008.
	Code int
}

// Error names the parameter and the fault, never the value.
func (e *ParameterError) Error() string {
	return fmt.Sprintf("cpe: %s: fault %d: %s", e.Path, e.Code, cwmp.FaultText(e.Code))
}

// constraint is what values a parameter takes.
type constraint struct {
	// kind is one of the cwmp.Type constants.
	kind        string
	enumeration []string
	// maxLength is in characters; 0 is no limit.
	maxLength        int
	ranged           bool
	minimum, maximum int64
}

// check returns the canonical form of a value, or a fault code.
func (c *constraint) check(value string) (canonical string, code int) {
	switch c.kind {
	case cwmp.TypeBoolean:
		switch strings.ToLower(value) {
		case "1", "true":
			return "1", 0
		case "0", "false":
			return "0", 0
		}
		return "", cwmp.FaultInvalidParameterValue
	case cwmp.TypeInt:
		return c.checkInteger(value, 32)
	case cwmp.TypeLong:
		return c.checkInteger(value, 64)
	case cwmp.TypeUnsignedInt:
		return c.checkUnsigned(value, 32)
	case cwmp.TypeUnsignedLong:
		return c.checkUnsigned(value, 64)
	}
	if !c.fits(value) {
		return "", cwmp.FaultInvalidParameterValue
	}
	return value, 0
}

func (c *constraint) checkInteger(value string, bits int) (string, int) {
	n, err := strconv.ParseInt(value, 10, bits)
	if err != nil || c.ranged && (n < c.minimum || n > c.maximum) {
		return "", cwmp.FaultInvalidParameterValue
	}
	return strconv.FormatInt(n, 10), 0
}

func (c *constraint) checkUnsigned(value string, bits int) (string, int) {
	n, err := strconv.ParseUint(value, 10, bits)
	if err != nil || c.ranged && (n < uint64(c.minimum) || n > uint64(c.maximum)) {
		return "", cwmp.FaultInvalidParameterValue
	}
	return strconv.FormatUint(n, 10), 0
}

// fits checks the types that are kept as they are.
func (c *constraint) fits(value string) bool {
	switch c.kind {
	case cwmp.TypeDateTime:
		return value == cwmp.UnknownTime || cwmp.ParseDateTime(value).Known()
	case cwmp.TypeBase64:
		_, err := base64.StdEncoding.DecodeString(value)
		return err == nil
	case cwmp.TypeHexBinary:
		_, err := hex.DecodeString(value)
		return err == nil
	case cwmp.TypeDecimal:
		_, err := strconv.ParseFloat(value, 64)
		return err == nil
	}
	if c.maxLength > 0 && utf8.RuneCountInString(value) > c.maxLength {
		return false
	}
	return len(c.enumeration) == 0 || slices.Contains(c.enumeration, value)
}
