const pieces = /<!\[CDATA\[[^]*?(?:\]\]>|$)|<!--[^]*?(?:-->|$)|<(?:"[^"<]*"|'[^'<]*'|[^<>"'])*>|<|[^<]+/g

/**
 * Writes XML with one element a line, indented by its depth; an element that has only text stays on one line. What
 * is no XML, or only part of it, comes back with all its characters but white space between elements.
 */
export function indented(text: string): string {
  const lines: string[] = []
  let depth = 0
  // Whether the last line is an element that has no children so far.
  let open = false
  const put = (piece: string) => lines.push('  '.repeat(depth) + piece)
  const add = (piece: string) => { lines[lines.length - 1] += piece }
  for (const piece of text.match(pieces) ?? []) {
    if (/^<[/](?!>)/.test(piece)) {
      depth = Math.max(0, depth - 1)
      if (open) add(piece)
      else put(piece)
      open = false
    } else if (!piece.startsWith('<') || piece.startsWith('<![CDATA[') || piece === '<') {
      if (piece.trim() === '') continue
      if (open) add(piece)
      else put(piece.trim())
    } else {
      put(piece)
      open = !/^<[?!]|\/>$/.test(piece)
      if (open) depth++
    }
  }
  return lines.join('\n')
}
