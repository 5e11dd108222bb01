// Package users knows who may use Dialtone, and for what: users with their
// passwords, tokens of integrations, roles and their permissions, and the audit
// log.
//
// Directory makes users and tokens and proves who somebody is; what comes of it
// is a Principal, which goes with the context of a request. What is secret is
// kept as a hash: passwords as Argon2id in PHC string form, tokens, which are
// random and long, as SHA-256.
package users
