package cpe

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

// Voice is how the telephony of a phone is arranged in its data model.
type Voice string

// The arrangements. All but VoiceIssue2 are of the first issue of TR-104.
const (
	// VoiceLines has one VoiceProfile with all lines: they share a registrar.
	VoiceLines Voice = "lines"
	// VoiceProfiles has a VoiceProfile with one line for each account; the ACS adds
	// profiles.
	VoiceProfiles Voice = "profiles"
	// VoiceShort is VoiceProfiles directly below the root, in one VoiceService
	// without a number, as phones of Aastra have it: Device.VoiceService.VoiceProfile.1.
	VoiceShort Voice = "short"
	// VoiceIssue2 is the second issue of TR-104: SIP.Client, SIP.Network,
	// CallControl.Line, CallControl.CallingFeatures.Set and VoIPProfile, to all of
	// which the ACS adds.
	VoiceIssue2 Voice = "issue2"
)

// Voices returns every arrangement.
func Voices() []Voice { return []Voice{VoiceLines, VoiceProfiles, VoiceShort, VoiceIssue2} }

// voice1 and voice2 are the texts of both issues of TR-104; phone.model explains how
// they are written.
var (
	//go:embed voice1.model
	voice1 string
	//go:embed voice2.model
	voice2 string
)

// NewVoiceModel is NewPhoneModel with another arrangement of telephony; empty is
// VoiceLines. Lines are those that the phone has when new, which are profiles where
// each profile has one line.
func NewVoiceModel(root string, voice Voice, lines int) (*Model, error) {
	if root != RootDevice && root != RootGateway {
		return nil, fmt.Errorf("cpe: Root: want %q or %q", RootDevice, RootGateway)
	}
	if lines < 1 || lines > maxLines {
		return nil, fmt.Errorf("cpe: Lines: want 1 to %d", maxLines)
	}
	text, err := voice.text(root, lines)
	if err != nil {
		return nil, err
	}
	m, err := parseModel(phoneModel+"\n"+text, root, lines)
	if err != nil {
		return nil, err
	}
	m.voice = voice
	return m, nil
}

// text is the telephony of a model.
func (v Voice) text(root string, lines int) (string, error) {
	count, most := strconv.Itoa(lines), strconv.Itoa(maxLines)
	switch v {
	case "", VoiceLines:
		return arranged("1", count+"/"+most, "1"), nil
	case VoiceProfiles:
		return arranged(count+"/"+most, "1", most), nil
	case VoiceShort:
		return strings.NewReplacer(
			"[Services]\nVoiceServiceNumberOfEntries unsignedInt ro @count:VoiceService\n", "",
			"Services.VoiceService.{1}", "VoiceService", "Services.VoiceService.{}", "VoiceService",
		).Replace(arranged(count+"/"+most, "1", most)), nil
	case VoiceIssue2:
		return strings.ReplaceAll(voice2, RootDevice+"Services.", root+"Services."), nil
	}
	return "", fmt.Errorf("cpe: Voice: want one of %v", Voices())
}

// arranged is the first issue with so many profiles, and so many lines in each.
func arranged(profiles, lines, most string) string {
	return strings.NewReplacer("PROFILELINES", lines, "MAXPROFILES", most, "PROFILES", profiles).Replace(voice1)
}
