package acs

// FileTypes translate the FileType of a file or a task into the string that a
// model wants (TR-069 A.3.2.8: vendors name their own types "X <OUI> <name>").
// A key is a FileType, or a FileType, "@" and a ProductClass; the latter wins.
type FileTypes map[string]string

// For returns what a device of the ProductClass is to be told.
func (f FileTypes) For(fileType, productClass string) string {
	if own, ok := f[fileType+"@"+productClass]; ok {
		return own
	}
	if general, ok := f[fileType]; ok {
		return general
	}
	return fileType
}
