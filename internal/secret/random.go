package secret

import "crypto/rand"

// alphabet has 56 characters that need no escape in URLs, XML, shells and configuration files, and none that
// looks like another one in print (0 O, 1 l I, and o).
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"

// RandomText returns a new secret of n characters, each worth 5.8 bits, from crypto/rand: letters and digits
// without those that are mistaken for each other. An n below 1 gives the empty secret.
func RandomText(n int) Text {
	if n < 1 {
		return Text{}
	}
	const unbiased = 256 - 256%len(alphabet)
	text := make([]byte, 0, n)
	var block [64]byte
	for len(text) < n {
		_, _ = rand.Read(block[:])
		for _, b := range block {
			if int(b) < unbiased && len(text) < n {
				text = append(text, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return NewText(string(text))
}
