const longestSegment = 64
const longestPath = 256
const deepest = 16

/** The path of the group above; empty for one directly below the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** The paths of all groups above, the highest first. */
export function above(path: string): string[] {
  const names = path.split('/')
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'))
}

/** The path of a group of this name below another. */
export function join(parent: string, segment: string): string {
  return parent === '' ? segment : `${parent}/${segment}`
}

const spelled: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', å: 'aa' }

/** Makes the name of a path of a title: "Müller & Söhne" becomes "mueller-soehne". */
export function segmentOf(title: string): string {
  return title.toLowerCase().replace(/[äöüßæøå]/g, (letter) => spelled[letter]!).normalize('NFD').replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}._]+/gu, '-').slice(0, longestSegment).replace(/^-+|-+$/g, '')
}

/** What keeps text from being the name of a group below the parent: the last part of a key of the texts; undefined if nothing does. */
export function segmentFault(segment: string, parent: string): 'empty' | 'slash' | 'space' | 'long' | undefined {
  if (segment === '') return 'empty'
  if (segment.includes('/')) return 'slash'
  if (segment.trim() !== segment || /\p{C}/u.test(segment)) return 'space'
  const path = join(parent, segment)
  if ([...segment].length > longestSegment || new TextEncoder().encode(path).length > longestPath || path.split('/').length > deepest) return 'long'
  return undefined
}
