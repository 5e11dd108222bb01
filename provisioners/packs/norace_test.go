//go:build !race

package packs_test

// raceDetected says that the tests run with the race detector.
const raceDetected = false
