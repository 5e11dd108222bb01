// Without those that are easily taken for another.
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
const groups = 5
const perGroup = 4

/** Makes a password of 100 random bits that can be read to somebody over the phone. */
export function generatePassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  // There are 32 letters, so that each is as likely as the others.
  const chosen = [...random(new Uint8Array(groups * perGroup))].map((byte) => letters[byte % letters.length])
  return Array.from({ length: groups }, (_, i) => chosen.slice(i * perGroup, (i + 1) * perGroup).join('')).join('-')
}
