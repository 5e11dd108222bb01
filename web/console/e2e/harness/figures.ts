/** Returns the value that a part of the values, from 0 to 1, does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN
}

/** Returns the mean; not a number if there is no value. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Writes lines of cells below one another, the first cell of a line to the left and the others to the right. */
export function tabulate(lines: readonly (readonly (string | number)[])[]): string {
  const texts = lines.map((line) => line.map(String))
  const widths = texts[0]!.map((_, i) => Math.max(...texts.map((line) => line[i]?.length ?? 0)))
  return texts.map((line) => line.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('  ').trimEnd()).join('\n')
}

/** Measured times by what was measured, in milliseconds. */
export type Times = Readonly<Record<string, readonly number[]>>

/** Writes a line for each series of times. */
export function timesTable(times: Times): string {
  const lines = Object.entries(times).map(([what, all]) => [what, all.length, ...[0.5, 0.95, 1].map((part) => Math.round(quantile(all, part)))])
  return tabulate([['ms', 'number', 'median', 'p95', 'max'], ...lines])
}
