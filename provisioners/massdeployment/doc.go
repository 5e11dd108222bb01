// Package massdeployment reads lists and templates of phones as AstLinux has them
// (massdeployment.conf and templates/*.conf of its phoneprov), so that an
// installation can move here with what it has: the phones and lines of the list, and
// the files that its templates make of them, for the phones and for Asterisk.
//
// A list names one phone a line:
//
//	template mac_addr extension[/CID_Name][;ext2[/cid2];...] password [ account ]
//
// A template is one file with a [general] context of definitions and contexts
// [dialplan], [dialplan2] to [dialplan6], [sip], [pjsip] and [phoneprov] of text in which
// @VARIABLES@ are merged.
package massdeployment
