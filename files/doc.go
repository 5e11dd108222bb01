// Package files keeps the files that devices are given: firmware, vendor
// configuration, CA certificates.
//
// A Library joins two keepers: a Store, which knows what each file is, and a
// Content, which holds the bytes. Directory is the Content that keeps them in a
// folder on disk. No file is ever held in memory, and content has a random name
// of its own, so that no name given from outside reaches the file system.
//
// The order of the steps makes a crash harmless. Content is durable before its
// description is stored, and a description is removed before its content: what
// a crash leaves behind is content that nobody refers to, and Library.RunOnce
// sweeps it.
//
// A device fetches files without credentials from a folder that is made for one
// task (Library.Offer): the folder's name is a random token that is only stored
// as a hash, and holds exactly the file and its declared siblings until the
// grant expires. One file may be offered that the library does not hold: that with the
// device's own settings, which a ProfileOpener makes when the device fetches it.
//
// The other way round, a device that is asked for a file, such as its log, puts it
// to a place that is made for one task (Library.Receive, Library.Accept), without
// credentials either. What a device sent is a File of that Device, and of each
// device the newest are kept.
package files
