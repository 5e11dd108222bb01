// Package provisioners holds the settings of phones: what may be declared
// (Catalogue), where operators declare it (Level), and what it makes for one device
// (Effective).
//
// A setting is an abstract fact, such as "network.vlan.voice.id". Levels inherit:
// pack defaults, global, the groups from the root to the device's own, the line that
// an account is bound to, the device, its end user. The nearest level wins unless one
// above locked the setting.
package provisioners
