// Package history keeps what happened over time: the CWMP sessions in which
// something happened, and counts of what happened in every five minutes.
//
// A session that only said that the device is there (2 PERIODIC, no RPC, no
// failure; see Notable) is counted and not kept: there are millions of them, they
// say nothing that the device's record does not, and storing them would cost every
// periodic session a third store operation.
package history
