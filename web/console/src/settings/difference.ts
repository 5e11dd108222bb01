export type LineKind = 'added' | 'removed' | 'place'

/** What the lines of a unified difference are. The names of files stand before the first place only. */
export function kindsOf(lines: readonly string[]): (LineKind | undefined)[] {
  const first = lines.findIndex((line) => line.startsWith('@@'))
  return lines.map((line, i) => {
    if (line.startsWith('@@') || i < first) return 'place'
    if (line.startsWith('+')) return 'added'
    return line.startsWith('-') ? 'removed' : undefined
  })
}
