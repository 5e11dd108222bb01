package cpe

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// MaxIdentities is how many different identities one seed gives.
const MaxIdentities = 1 << 24

// IdentityAt returns the identity of the phone with an index, 0 to
// MaxIdentities-1: always the same for one seed, OUI and product class, and no
// two the same within one seed. Empty oui and productClass are those of a
// Cisco 8841.
func IdentityAt(seed uint64, index int, oui, productClass string) Identity {
	setDefault(&oui, "000E08")
	setDefault(&productClass, "CP-8841-3PCC")
	number := seriesStart(seed) + uint64(index)
	return Identity{
		OUI:          oui,
		ProductClass: productClass,
		SerialNumber: serialNumber(number),
		MAC:          fmt.Sprintf("%.6s%06X", strings.ToUpper(oui)+"000000", number%MaxIdentities),
	}.withDefaults()
}

func seriesStart(seed uint64) uint64 {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("series"), seed))
	return binary.BigEndian.Uint64(sum[:8]) >> 1
}

// serialNumber writes a number the way Cisco does: the place, the year since
// 1996 and week, and four characters.
func serialNumber(number uint64) string {
	const digits, perWeek = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", 34 * 34 * 34 * 34
	tail := make([]byte, 4)
	rest := number % perWeek
	for i := range tail {
		tail[len(tail)-1-i] = digits[rest%34]
		rest /= 34
	}
	week := number / perWeek % (52 * 10)
	return fmt.Sprintf("FCH%02d%02d%s", 20+week/52, 1+week%52, tail)
}

func macFromSerial(oui, serial string) string {
	sum := sha256.Sum256([]byte(serial))
	if len(oui) != 6 || !isHex(oui) {
		oui = "000E08"
	}
	return strings.ToUpper(oui + hex.EncodeToString(sum[:3]))
}

func isMAC(text string) bool { return len(text) == 12 && isHex(text) }

func isHex(text string) bool {
	for i := range len(text) {
		c := text[i] | 0x20
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// expand fills a template for a user name or password: {serial}, {oui},
// {productClass} and {mac} are replaced.
func (i Identity) expand(template string) string {
	if !strings.Contains(template, "{") {
		return template
	}
	return strings.NewReplacer("{serial}", i.SerialNumber, "{oui}", i.OUI,
		"{productClass}", i.ProductClass, "{mac}", i.MAC).Replace(template)
}
