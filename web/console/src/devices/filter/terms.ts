import { scan, type Token } from './scan'

/**
 * Returns the parts of a filter that must all hold: those at the top that AND, or nothing, joins. A part keeps
 * its own text, with its ORs and parentheses.
 */
export function termsOf(text: string): string[] {
  const terms: [from: number, to: number][] = []
  let depth = 0
  let before: Token | undefined
  for (const token of scan(text)) {
    const current = terms.at(-1)
    if (depth === 0 && token.kind === 'keyword' && token.text === 'AND') {
      before = undefined
      continue
    }
    if (current && (depth > 0 || continues(before, token))) current[1] = token.to
    else terms.push([token.from, token.to])
    if (token.kind === 'open') depth++
    if (token.kind === 'close' && depth > 0) depth--
    before = token
  }
  return terms.map(([from, to]) => text.slice(from, to))
}

/** Reports whether a token goes on with the part to which the one before it belongs. */
function continues(before: Token | undefined, token: Token): boolean {
  if (!before) return false
  if (token.kind === 'operator' || token.kind === 'close') return true
  if (token.kind === 'keyword' && token.text === 'OR') return true
  return before.kind === 'operator' || before.kind === 'minus' || before.kind === 'keyword'
}

/** Reports whether the filter asks for this part. */
export function hasTerm(text: string, term: string): boolean {
  return termsOf(text).some((t) => normal(t) === normal(term))
}

/** Returns the filter with the part, or without it if it has it. */
export function toggleTerm(text: string, term: string): string {
  const terms = termsOf(text)
  const kept = terms.filter((t) => normal(t) !== normal(term))
  return kept.length < terms.length ? kept.join(' ') : [...terms.filter((t) => t !== '*'), term].join(' ')
}

const alternatives = /^\(?\s*(\w+(?:\s+OR\s+\w+)*)\s*\)?$/

/** Which of these words the filter offers as alternatives: of "T46 (online OR late)" online and late. */
export function chosenOf(text: string, words: readonly string[]): string[] {
  for (const term of termsOf(text)) {
    const chosen = wordsOf(term)
    if (chosen.length > 0 && chosen.every((w) => words.includes(w))) return chosen
  }
  return []
}

/** Adds one of the words to the alternatives that the filter offers, or takes it away. */
export function toggleOf(text: string, words: readonly string[], word: string): string {
  const before = chosenOf(text, words)
  const after = before.includes(word) ? before.filter((w) => w !== word) : words.filter((w) => w === word || before.includes(w))
  const others = termsOf(text).filter((term) => {
    const own = wordsOf(term)
    return term !== '*' && (own.length === 0 || !own.every((w) => words.includes(w)))
  })
  const term = after.length > 1 ? `(${after.join(' OR ')})` : (after[0] ?? '')
  return [...others, term].filter(Boolean).join(' ')
}

function wordsOf(term: string): string[] {
  return alternatives.exec(term)?.[1]?.split(/\s+OR\s+/) ?? []
}

function normal(term: string): string {
  return scan(term).map((t) => t.text).join(' ')
}
