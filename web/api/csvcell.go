package api

import "strings"

const csvType = "text/csv"

// plainCell keeps text from being a formula: devices say of themselves what they
// like, and a spreadsheet would carry out what begins so.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
