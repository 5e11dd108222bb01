// Package logkeys names the keys of structured log records, so that one word means one thing in every
// line the server writes and an operator can search for it.
//
// No key holds a secret: passwords, tokens and Authorization headers are never logged under any key.
package logkeys

// What the record is about.
const (
	// Device is the opaque id of a device (26 lower-case base32 characters).
	Device = "device"
	// Session is the id of a CWMP session; every record of one session carries the same.
	Session = "session"
	// SessionGeneration is the counter on a device that fences off older sessions.
	SessionGeneration = "sessionGeneration"
	// Task is the id of a task.
	Task = "task"
	// Request is the id of one HTTP request.
	Request = "request"
	// User is the name of the user on whose behalf something was done.
	User = "user"
	// Group is the id of a group of devices.
	Group = "group"
	// File is the name of a managed file.
	File = "file"
	// Rule is the name of a rule.
	Rule = "rule"
	// Node is the id of one of several servers on one store.
	Node = "node"
	// Lease is the name of a right that one node holds.
	Lease = "lease"
	// Component is the part of the server that writes.
	Component = "component"
)

// How a device names itself (TR-069 A.3.3.1, DeviceIdStruct).
const (
	// Manufacturer is the manufacturer as the device gave it.
	Manufacturer = "manufacturer"
	// OUI is the organizationally unique identifier: six upper-case hexadecimal digits.
	OUI = "oui"
	// ProductClass is the product class as the device gave it.
	ProductClass = "productClass"
	// SerialNumber is the serial number as the device gave it.
	SerialNumber = "serialNumber"
	// MAC is a hardware address.
	MAC = "mac"
	// Model is the model of a device.
	Model = "model"
	// SoftwareVersion is the firmware a device runs.
	SoftwareVersion = "softwareVersion"
	// Username is the name that a peer authenticated with, or tried to.
	Username = "username"
)

// What was done.
const (
	// Method is an RPC's name, an HTTP method, or the way a device was woken.
	Method = "method"
	// Kind is the kind of a task or of another thing that comes in kinds.
	Kind = "kind"
	// Event is a CWMP event code or the name of a published event.
	Event = "event"
	// Events is a list of CWMP event codes.
	Events = "events"
	// Operation is the name of a store operation.
	Operation = "operation"
	// State is the state something is in now.
	State = "state"
	// From is the state or value before a change.
	From = "from"
	// To is the state or value after a change.
	To = "to"
	// Outcome is how something ended.
	Outcome = "outcome"
	// Reason says why, in words.
	Reason = "reason"
	// Source is the source of work that a request came from.
	Source = "source"
)

// What went wrong.
const (
	// Error is an error's text.
	Error = "error"
	// Fault is a CWMP fault code.
	Fault = "fault"
	// FaultString is the text of a CWMP fault.
	FaultString = "faultString"
	// Panic is the value of a recovered panic.
	Panic = "panic"
	// Stack is a stack trace.
	Stack = "stack"
)

// Where.
const (
	// Address is a network address: an IP address, with a port or without.
	Address = "address"
	// Listener is the name of a listener: cwmp, api, files.
	Listener = "listener"
	// URL is a URL without credentials.
	URL = "url"
	// Path is a parameter path, a URL's path or a file's path.
	Path = "path"
	// Name is the name of a thing that has no key of its own.
	Name = "name"
	// Version is a version of the program, of a protocol or of a schema.
	Version = "version"
	// Value is a value that is not secret.
	Value = "value"
)

// How much.
const (
	// Count is a number of things.
	Count = "count"
	// Limit is the bound that a count met.
	Limit = "limit"
	// Size is a length in bytes.
	Size = "size"
	// Duration is a length of time.
	Duration = "duration"
	// Delay is the time until something is tried again.
	Delay = "delay"
	// Attempt is the number of a try, from 1.
	Attempt = "attempt"
	// Status is an HTTP status code.
	Status = "status"
	// At is a moment.
	At = "at"
	// Expires is the moment something ends by itself.
	Expires = "expires"
)
