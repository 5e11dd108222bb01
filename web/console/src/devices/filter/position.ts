/** Turns an offset in bytes of UTF-8, as the server counts, into one in the text. */
export function atByte(text: string, bytes: number): number {
  let counted = 0
  let at = 0
  for (const character of text) {
    if (counted >= bytes) return at
    counted += new TextEncoder().encode(character).length
    at += character.length
  }
  return at
}
