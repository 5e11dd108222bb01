// Package httpd gives devices the files that they were offered, over HTTP: GET
// and HEAD of the paths that files.PathPrefix describes, with byte ranges and
// conditions (RFC 9110 sections 13 and 14), so that a phone resumes a broken
// download. What is not there is answered 404 with an empty body, whatever the
// reason.
//
// Every other path is asked of Options.Opener, which makes the files of phones: the
// path is given on as the phone sent it, with doubled or turned slashes and in any
// case, and nothing is ever redirected. What may not go to who asks is answered 403.
// An answer carries an ETag, and a phone that sends it back is answered 304. Without
// an Opener those paths are answered 404.
//
// Devices put files, too: PUT or POST of the paths that files.UploadPathPrefix
// describes is answered 201 once the file is stored, as a whole or not at all.
//
// A transfer may take hours: what ends it is not its length but that no bytes
// move for Options.IdleTimeout. Content goes from the disk to the socket without
// passing through memory of ours where the system can do that (sendfile).
//
// The token in a path is a secret and is in no log record; the device, the task
// and the name of the file are.
package httpd
