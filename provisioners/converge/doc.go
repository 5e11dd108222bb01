// Package converge brings CWMP devices to the settings that were declared for them, inside
// the sessions that they open. A Planner says whether a session has anything to do, and a
// Course does it, by one RPC after another:
//
//	names     what the device's kind has for parameters, asked once (TR-069 A.3.2.3)
//	objects   which instances the device has, and those that must be made (A.3.2.6)
//	read      values that are not known, or may have changed (A.3.2.2)
//	set       what differs, in as few requests as the device takes (A.3.2.1), and what it
//	          made of it, read back
//	notify    active notification for what was set (A.3.2.4)
//	deliver   files with what parameters do not carry, as tasks of kind download
//
// What a device has is told apart: it was never given the value, or another one is wanted
// now, and then it is set; it had it and lost it all, and then it is set; it had it and
// has another, and then somebody changed it: it has drifted, and people decide.
//
// No secret is in a Course, nor in what is stored of it: hashes by a key of the server's
// stand for values.
package converge
