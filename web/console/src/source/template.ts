import type { StringStream } from '@codemirror/language'

/** Where a tokenizer of templates is: in text, in an action between {{ and }}, or in a comment there. */
export interface TemplateState {
  inside: 'text' | 'action' | 'comment'
}

const words = /^(?:if|else|end|range|with|define|template|block|and|or|not|eq|ne|lt|le|gt|ge|len|index|printf|print)\b/

/** Reads one token of a text/template and returns the name of its style; null for text that has none. */
export function templateToken(stream: StringStream, state: TemplateState): string | null {
  if (state.inside === 'text') {
    if (stream.match(/^\{\{-?\s*\/\*/)) {
      state.inside = 'comment'
      return 'comment'
    }
    if (stream.match(/^\{\{-?/)) {
      state.inside = 'action'
      return 'keyword'
    }
    stream.next()
    stream.match(/^[^{]+/)
    return null
  }
  if (state.inside === 'comment') {
    if (stream.match(/^.*?\*\/\s*-?\}\}/)) state.inside = 'text'
    else stream.skipToEnd()
    return 'comment'
  }
  return actionToken(stream, state)
}

function actionToken(stream: StringStream, state: TemplateState): string | null {
  if (stream.match(/^-?\}\}/)) {
    state.inside = 'text'
    return 'keyword'
  }
  if (stream.eatSpace()) return null
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^`[^`]*`?/)) return 'string'
  if (stream.match(words)) return 'keyword'
  if (stream.match(/^-?\d+/)) return 'number'
  if (stream.match(/^[.$][\w.]*/)) return 'typeName'
  if (stream.match(/^\w+/)) return null
  stream.next()
  return null
}
