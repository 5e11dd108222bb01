// Package trace keeps the HTTP messages of CWMP sessions that an operator asked
// for: of one device or of those that a filter matches, for a bounded time, with
// secrets masked before anything is stored, and never more than fits.
package trace
