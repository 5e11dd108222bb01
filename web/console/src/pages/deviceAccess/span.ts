/** A length of time as a form has it; no amount is none. */
export interface Span {
  amount: number | ''
  unit: 'days' | 'hours'
}

const seconds: Record<string, number> = { ns: 1e-9, us: 1e-6, 'µs': 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }
const perDay = 86_400

/** Reads a duration as the server writes it, such as 2160h0m0s. */
export function spanOf(duration: string): Span {
  const parts = [...duration.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)]
  const total = Math.round(parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * seconds[unit!]!, 0))
  if (total === 0) return { amount: '', unit: 'days' }
  return total % perDay === 0 ? { amount: total / perDay, unit: 'days' } : { amount: total / 3600, unit: 'hours' }
}

/** Writes a duration as the server reads it; empty for none. */
export function durationOf({ amount, unit }: Span): string {
  if (amount === '') return ''
  const total = Math.round(amount * (unit === 'days' ? perDay : 3600))
  return total % 3600 === 0 ? `${total / 3600}h` : `${total}s`
}
