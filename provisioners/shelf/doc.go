// Package shelf keeps the vendor packs in force: those that came with the program, and
// those that operators uploaded in their place.
//
// An upload is a zip in the library of files, and is never changed. Which one is in
// force is a small document (declared.VendorPack) that every node reads.
package shelf
