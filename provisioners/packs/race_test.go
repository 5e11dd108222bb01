//go:build race

package packs_test

// raceDetected says that the tests run with the race detector, with which rendering takes
// ten times as long.
const raceDetected = true
