// Package pbx writes what a PBX needs to know of the accounts that phones are given:
// for Asterisk its pjsip.conf, sip.conf, dialplan and hints, from templates that an
// operator may replace, followed by the command that makes the PBX read them.
package pbx
