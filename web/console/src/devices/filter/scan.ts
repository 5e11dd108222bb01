/** A piece of a filter's text, from its first character to the one after its last. */
export interface Token {
  kind: 'word' | 'string' | 'operator' | 'open' | 'close' | 'keyword' | 'minus'
  from: number
  to: number
  text: string
}

const patterns: [Token['kind'], RegExp][] = [
  ['string', /(["'])(?:\\[^]?|(?!\1)[^\\])*(?:\1|$)/y],
  ['keyword', /(?:AND|OR|NOT)(?=[\s()"']|$)/y],
  ['operator', /!=|<=|>=|=|<|>|:/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['minus', /-(?=\S)/y],
  ['word', /(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?=[\s()]|$)|[^\s()"=<>:!]+|!/y],
]
const value = /[^\s()"!=<>]+/y
const space = /\s+/y

/**
 * Reads the text of a filter as far as the console needs it: to colour it, to complete it, and to find
 * its parts. Whether it can be is the server's to say; nothing is refused here.
 */
export function scan(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    space.lastIndex = at
    if (space.test(text)) {
      at = space.lastIndex
      continue
    }
    const token = next(text, at, tokens.at(-1)?.kind === 'operator')
    tokens.push(token)
    at = token.to
  }
  return tokens
}

function next(text: string, at: number, isValue: boolean): Token {
  // Behind an operator, colons and hyphens belong to the value: 00:15:65…, -24h.
  const candidates: [Token['kind'], RegExp][] = isValue ? [patterns[0]!, ['word', value], ...patterns] : patterns
  for (const [kind, pattern] of candidates) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) return { kind, from: at, to: at + found[0].length, text: found[0] }
  }
  return { kind: 'word', from: at, to: at + 1, text: text[at]! }
}
