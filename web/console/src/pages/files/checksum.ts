/** The largest file whose checksum the browser computes; it has to be in memory as a whole. */
export const largestChecked = 64 * 1024 * 1024

/** Returns the SHA-256 of a file in lower-case hex; undefined where the browser cannot compute it: it is too large, or the page came without TLS. */
export async function checksumOf(file: Blob): Promise<string | undefined> {
  if (file.size > largestChecked || !globalThis.crypto?.subtle) return undefined
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(await file.arrayBuffer()))
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** How a checksum of the browser and one of the server compare. */
export function compared(here: string | undefined, there: string): 'same' | 'different' | 'unknown' {
  return here === undefined ? 'unknown' : here === there.toLowerCase() ? 'same' : 'different'
}

/** The begin of a checksum, enough to tell files apart by eye. */
export function shortened(sha256: string): string {
  return sha256.length > 14 ? `${sha256.slice(0, 12)}…` : sha256
}
