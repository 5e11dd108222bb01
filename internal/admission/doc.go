// Package admission keeps a server from taking on more than it can do: it bounds
// what is worked on at once and what waits for that (Gate), how often each of many
// may come (Rates), how many connections are open (Connections), and how much
// memory requests hold (Budget).
//
// Whoever is turned away is turned away early, before work was spent on it.
package admission
