// Package declared keeps the small documents that operators write for the server
// itself: quirk profiles, rules of who may speak, credentials for first contact,
// orders to trace, the choice of vendor packs. A document is JSON whose shape its kind
// knows; a store keeps it without looking inside.
//
// Every node reads the documents of a kind again every few seconds (Watch), so that
// a change reaches all of them without a word between them.
package declared
