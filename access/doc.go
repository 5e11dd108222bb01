// Package access says who may speak for which device: the rules by which devices
// prove who they are (TR-069 3.4.4), credentials that many devices share for their
// first contact, and identities in client certificates.
//
// Rules and shared credentials are documents of package declared. A Set is all of
// them, ready to decide: Set.Offer says what a request without credentials is asked
// for, Set.Decide whether what a request has shown is enough to speak as the device
// that its Inform names. Deciding changes nothing and asks nobody.
package access
