// Package nodes is what lets several servers on one store act as one: which of
// them are alive, which one does the work that must be done once, and what they
// tell each other.
//
// Nothing here compares the clocks of two nodes. A node is alive while its beat
// goes on, and a lease is held while its revision goes on, both measured by the
// clock of whoever looks.
package nodes
