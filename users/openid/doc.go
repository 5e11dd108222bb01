// Package openid signs people on with OpenID Connect: the authorization code flow
// with PKCE (S256), a nonce and a state.
//
// A Provider keeps nothing of a sign-in that is under way: all of it is in a
// cookie, sealed, so that any node can finish what another began, and only the
// browser that began it. A second sign-in of the same browser replaces the first.
//
// Who somebody is rests on the provider's issuer and its subject, which it never
// gives to anybody else. What it says besides, such as an e-mail address, only
// suggests the name of a new user, so that it does not matter whether the address
// was verified (email_verified): an address of somebody else gives nobody their
// user.
//
// No error holds a token, a code, a secret, or what a provider says of a person.
package openid
