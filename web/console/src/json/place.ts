/** A proposal of the editor. */
export interface Hint {
  label: string
  detail?: string
  /** What is written instead of the label. */
  apply?: string
}

/** What the place where the cursor is wants: the name of a property, or a value. */
export interface Place {
  wants: 'name' | 'value'
  /** The property whose value it is; that around a list for what is in the list. */
  property: string
  /** How many objects are around it. */
  depth: number
}

/** Finds out where in JSON its end is; undefined within a text, or where nothing can be proposed. */
export function placeOf(before: string): Place | undefined {
  const stack: { kind: '{' | '['; property: string }[] = []
  let property = ''
  let text: string | undefined
  let colon = false
  for (let i = 0; i < before.length; i++) {
    const c = before[i]!
    if (c === '"') {
      const end = endOfText(before, i)
      if (end < 0) return undefined
      text = before.slice(i + 1, end)
      i = end
    } else if (c === ':') {
      property = text ?? ''
      colon = true
    } else if (c === '{' || c === '[') {
      stack.push({ kind: c, property })
      colon = false
    } else if (c === '}' || c === ']') {
      stack.pop()
      colon = true
    } else if (c === ',') {
      colon = false
    }
  }
  const top = stack.at(-1)
  if (!top) return undefined
  const depth = stack.filter((s) => s.kind === '{').length
  if (top.kind === '[') return { wants: 'value', property: top.property, depth }
  return colon ? { wants: 'value', property, depth } : { wants: 'name', property: top.property, depth }
}

function endOfText(text: string, begin: number): number {
  for (let i = begin + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return -1
}
