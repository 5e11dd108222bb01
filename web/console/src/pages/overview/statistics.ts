import type { Statistics } from '@/api/types'

/** The ranges of time that charts show, with the seconds that one point stands for. */
export const ranges = {
  day: { seconds: 86_400, step: 600 },
  week: { seconds: 7 * 86_400, step: 3600 },
  month: { seconds: 30 * 86_400, step: 14_400 },
} as const

export type Range = keyof typeof ranges

/** Returns the query of a range that ends now. */
export function queryOf(range: Range, now: number): { from: string; to: string; step: number } {
  const { seconds, step } = ranges[range]
  return { from: new Date(now - seconds * 1000).toISOString(), to: new Date(now).toISOString(), step }
}

/** One line of a chart. */
export interface Line {
  name: string
  values: number[]
  total: number
}

/** Returns the counts whose names begin so, those with the most in sum first. The rest is one line, named ''. */
export function linesOf({ series, times }: Pick<Statistics, 'series' | 'times'>, prefix: string, most: number): Line[] {
  const lines = Object.entries(series)
    // tasks.failed.reboot is a part of tasks.failed.
    .filter(([name]) => name.startsWith(prefix) && !name.includes('.', prefix.length))
    .map(([name, values]) => ({ name: name.slice(prefix.length), values: times.map((_, i) => values[i] ?? 0), total: sum(values) }))
    .sort((a, b) => b.total - a.total || a.name.localeCompare(b.name))
  if (lines.length <= most) return lines
  const rest = lines.slice(most - 1)
  const values = times.map((_, i) => sum(rest.map((line) => line.values[i] ?? 0)))
  return [...lines.slice(0, most - 1), { name: '', values, total: sum(values) }]
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
