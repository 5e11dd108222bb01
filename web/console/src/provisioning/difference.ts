/** What a line of a unified difference says. */
export type LineKind = 'added' | 'removed' | 'place' | 'same'

/** Returns the lines of a unified difference with what each says; the two lines that name the files are left out. */
export function differenceLines(text: string): { kind: LineKind; text: string }[] {
  const lines = text.replace(/\n$/, '').split('\n')
  const first = lines.findIndex((line) => line.startsWith('@@'))
  return lines.slice(Math.max(0, first)).map((line) => ({ kind: kindOf(line), text: line }))
}

function kindOf(line: string): LineKind {
  if (line.startsWith('@@')) return 'place'
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same'
}
