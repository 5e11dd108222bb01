// Package console serves the web console: the files that Vite built of this
// directory, which the binary holds. They only show what the REST interface
// answers; nothing here reads or changes anything.
//
// Without Node at build time there are no such files, and a page in their place
// says so.
package console
