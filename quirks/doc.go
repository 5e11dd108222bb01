// Package quirks knows what devices do wrong. It is data: a profile says which
// devices it is for (maker, OUI, product class and firmware, by patterns) and how the
// server is to behave toward them. Profiles for devices of which it is known are
// built in (folder profiles); operators declare their own, which win.
//
// What a server does for every device anyway needs no profile: it takes cookies or
// leaves it, reads sloppy XML, halves requests that are too large, and so on. A
// profile is for what would be wrong toward others.
package quirks
