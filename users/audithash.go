package users

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// AuditHash returns the hash of an entry: the SHA-256 of the hash of the entry
// before and of every other field, each preceded by its length. In that order they
// are Previous, Sequence, At, Actor, Address, Action, Target, Outcome, Detail,
// Before and After, as UTF-8: numbers in decimal, At as the milliseconds since
// 1970-01-01 UTC in decimal; a length is in bytes, as eight bytes, the most
// significant first.
func AuditHash(e AuditEntry) string {
	hash := sha256.New()
	for _, field := range []string{
		e.Previous, strconv.FormatInt(e.Sequence, 10), strconv.FormatInt(e.At.UnixMilli(), 10), e.Actor, e.Address,
		e.Action, e.Target, strconv.Itoa(e.Outcome), e.Detail, e.Before, e.After,
	} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(field)))
		hash.Write(length[:])
		hash.Write([]byte(field))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
