// Package users knows who may use Dialtone, and for what: users with their
// passwords and second factors, the browser sessions in which they are signed in,
// tokens of integrations, roles and their permissions, and the audit log.
//
// Directory makes users and tokens and proves who somebody is; what comes of it
// is a Principal, which goes with the context of a request. Its permissions are
// those of its role at that moment. What is secret is kept as a hash: passwords as
// Argon2id in PHC string form; tokens, cookies and recovery codes, which are random
// and long, as SHA-256. The key of a second factor is sealed.
//
// What one process changes counts at once there, and within two seconds in the
// others: so long is believed what was read of a token, a browser session with its
// user, or a role.
//
// AuditLog writes who did what as a hash chain.
package users
