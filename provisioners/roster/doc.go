// Package roster brings phones, lines and settings in and out in bulk: from CSV, JSON
// and the lists of AstLinux (package massdeployment), with a dry run that says of every
// row what would become of it.
package roster
