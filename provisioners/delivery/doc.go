// Package delivery gives phones their files: it is the files.Opener behind the HTTP and
// TFTP listeners.
//
// A request is read by the vendor packs: which file it means, and which phone asks, by
// its certificate, the MAC in path, query or User-Agent, its serial number, or the
// DHCP record of its address. The file is made of the settings that are in force for
// the phone at that moment, and kept until they change, so that a phone that asks
// again costs no rendering.
//
// What may go where: a file that may hold secrets, and a company directory, go to the
// networks of Options.Allow only, and not to a phone in quarantine. A phone that is not
// known is noted as a stranger, and is given the files that are the same for all phones
// of its model, made of the settings above all groups without any secret. Firmware and
// the fixed files of a pack go to all who ask.
//
// A phone whose pack has a mapping is told in its files where the ACS is, and as whom it
// speaks there: by that credential its Inform is known to be its own. While a session
// sets parameters of such a phone, its files may leave out what parameters carry; Profiles
// identifies the rest, and makes it for a Download.
//
// Every request of a phone is recorded: in its history, and on the device, whether it
// holds the settings that were declared for it.
package delivery
