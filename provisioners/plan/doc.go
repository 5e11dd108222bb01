// Package plan says what a change of settings would do before it is made (Planner),
// and keeps the records of devices true after it was (Pass).
package plan
