// Package querytest generates filters, orders and records for property tests of
// package query and of the stores that compile its expressions. Constants and
// values come from the same small pools, so that filters match often.
package querytest
