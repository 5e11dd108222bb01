// Package api is the REST interface of Dialtone: what people, scripts and other
// systems see. Its contract is docs/api.md, and the OpenAPI 3.1 description that
// it serves of itself at /api/openapi.json.
//
// A request walks through it like this:
//
//	echo      limits, request id, address of the client, recovery from panics
//	guard     bearer token or cookie → principal → permission of the operation → audit
//	huma      parameters and body, checked against the operation's schema
//	handler   one function per operation: scope, then the domain package
//	problem   errors to RFC 9457 documents, by one table (errors.go)
//
// Every operation names exactly one permission (permissions.go), or says that it
// is public, or for whoever is known. Every list and every look-up is limited to
// the principal's scope: a device outside of it does not exist. Every operation
// that writes leaves an audit entry, whatever came of it: what changed, its
// handler tells by change (exchange.go).
//
// To add an operation: one function with its input and output types, one call of
// register, one line in permissions.go. Tests fail for what is forgotten.
package api
