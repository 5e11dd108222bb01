package tasks

import (
	"slices"
	"testing"
)

// TestEveryFaultOfCWMPIsTriedAgainOrNot: what may pass by itself is tried again, as
// are transfers, whose servers come back; what only a change of the request mends is
// not (TR-069 A.5.1). A vendor's codes say nothing, and are not.
func TestEveryFaultOfCWMPIsTriedAgainOrNot(t *testing.T) {
	again := []int{9001, 9002, 9004, 9010, 9011, 9014, 9015, 9016, 9017, 9018, 9020}
	codes := []int{9033, 9799, 9800, 9850, 9899, 12345}
	for code := 9000; code <= 9032; code++ {
		codes = append(codes, code)
	}
	for _, code := range codes {
		if _, got := DefaultPolicy().Retry(&Fault{Code: code}, 1); got != slices.Contains(again, code) {
			t.Errorf("%d is tried again: %v", code, got)
		}
	}
}
