// Package query is the filter language of Dialtone: the syntax of AIP-160 over
// a schema of named, typed fields. Parse turns text into an Expr, a small
// closed tree whose constants are typed and folded, so that a store compiles it
// with one type switch. Match evaluates the same tree in memory and is the
// oracle that every store must agree with.
//
// The logic has two values: a comparison with a missing field is false, never
// unknown, and Not turns exactly that around. An empty string, a zero time and
// an empty list count as missing; a missing Bool counts as false.
//
// Strings compare without regard to the case of the letters A to Z (Fold), byte
// by byte otherwise.
//
// https://google.aip.dev/160 and https://google.aip.dev/132#ordering describe
// the syntax of filters and of orders.
package query
