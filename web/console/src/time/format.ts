const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const units = [
  ['year', 365 * day], ['month', 30 * day], ['week', 7 * day], ['day', day], ['hour', hour], ['minute', minute],
] as const

/** Makes each formatter once: to make one takes many times as long as to use it, and tables use hundreds. */
function once<Format>(make: (...of: string[]) => Format): (...of: string[]) => Format {
  const made = new Map<string, Format>()
  return (...of) => {
    const key = of.join(' ')
    const format = made.get(key) ?? make(...of)
    made.set(key, format)
    return format
  }
}

const relatives = once((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }))
const dates = once((language, timeZone) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone }))

const clocks = once((language, timeZone) => new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23', timeZone }))

/** "3 minutes ago", "in 2 days"; "now" within a minute. */
export function relative(at: Date, now: number, language: string): string {
  const distance = at.getTime() - now
  const format = relatives(language)
  for (const [unit, length] of units) {
    if (Math.abs(distance) >= length) return format.format(Math.trunc(distance / length), unit)
  }
  return format.format(0, 'second')
}

/** The date and time in the viewer's zone, to the second. */
export function local(at: Date, language: string, timeZone?: string): string {
  return (timeZone === undefined ? dates(language) : dates(language, timeZone)).format(at)
}

/** The time of day in the viewer's zone, to the millisecond. */
export function clock(at: Date, language: string, timeZone?: string): string {
  return (timeZone === undefined ? clocks(language) : clocks(language, timeZone)).format(at)
}

/** The exact time in UTC, such as 2026-03-01 09:30:05 UTC. */
export function utc(at: Date): string {
  const fraction = at.getUTCMilliseconds() === 0 ? /\.000Z$/ : /Z$/
  return at.toISOString().replace('T', ' ').replace(fraction, ' UTC')
}

/** A span of time in milliseconds, such as "1 h 5 min" or "2.4 s". */
export function duration(milliseconds: number, language: string): string {
  const of = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value)
  if (milliseconds < second) return of(Math.round(milliseconds), 'millisecond')
  if (milliseconds < minute) return of(milliseconds / second, 'second', 1)
  const parts = ([['day', day], ['hour', hour], ['minute', minute]] as const).flatMap(([unit, length], i, all) => {
    const above = i === 0 ? Infinity : all[i - 1]![1]
    const value = Math.floor((milliseconds % above) / length)
    return value > 0 ? [of(value, unit)] : []
  })
  return parts.slice(0, 2).join(' ')
}

/** A time to wait, in seconds; rounded up from a minute on, so that nobody comes back too early. */
export function waiting(seconds: number, language: string): string {
  return duration(seconds < 60 ? seconds * second : Math.ceil(seconds / 60) * minute, language)
}
