// Package pack reads vendor packs: folders with a manifest (pack.yaml) and templates that
// make the files that a vendor's phones ask for. It renders them for one phone, checks
// them, and finds out which pack a request is meant for.
//
// A pack may be written by anybody who is allowed to upload one, so nothing in it is
// trusted: a template reaches no file, stops when its time, its output or its memory is
// used up, and cannot print a value that is not escaped for the file's format unless it
// says raw.
package pack
