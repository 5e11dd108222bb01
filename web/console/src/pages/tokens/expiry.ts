const day = 24 * 60 * 60_000

/** How long a token can be made to last. */
export const lifetimes = ['30', '90', '365', 'date', 'never'] as const

export type Lifetime = (typeof lifetimes)[number]

/**
 * Returns when a token ends, in RFC 3339; undefined for never. A date ends with that day where the viewer
 * is. It throws nothing: null is a date that cannot be read or has passed.
 */
export function expiryOf(lifetime: Lifetime, date: string, now = Date.now()): string | undefined | null {
  if (lifetime === 'never') return undefined
  if (lifetime !== 'date') return new Date(now + Number(lifetime) * day).toISOString()
  const end = new Date(`${date}T23:59:59`)
  return Number.isNaN(end.getTime()) || end.getTime() <= now ? null : end.toISOString()
}

/** How a token stands: 'expired', 'soon' within a week, else 'valid'. */
export function standing(expires: string | null, now: number): 'expired' | 'soon' | 'valid' {
  if (!expires) return 'valid'
  const left = new Date(expires).getTime() - now
  return left <= 0 ? 'expired' : left < 7 * day ? 'soon' : 'valid'
}
