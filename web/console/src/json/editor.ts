import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, defaultHighlightStyle, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { styleNonce } from '@/shell/theme'
import { typing } from '@/parts/typing'
import { placeOf, type Hint, type Place } from './place'

const look = EditorView.theme({
  '&': { fontSize: 'var(--mantine-font-size-sm)', backgroundColor: 'var(--mantine-color-body)', color: 'var(--mantine-color-text)', border: '1px solid var(--dialtone-control-border)', borderRadius: 'var(--mantine-radius-sm)' },
  '&.cm-focused': { outline: '2px solid var(--dialtone-focus)', outlineOffset: '2px' },
  '.cm-content': { fontFamily: 'var(--mantine-font-family-monospace)', minHeight: '10rem', caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'var(--dialtone-rail)', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-tooltip': { backgroundColor: 'var(--mantine-color-body)', color: 'var(--mantine-color-text)', border: '1px solid var(--dialtone-control-border)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--dialtone-busy)', color: 'var(--mantine-color-body)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--mantine-primary-color-light-hover)' },
})

// The colours of the library are for a light page; these have the contrast in both.
const tones: Record<string, string> = { '#a11': 'var(--dialtone-good)', '#164': 'var(--dialtone-warn)', '#219': 'var(--dialtone-warn)', '#00c': 'var(--dialtone-busy)' }
const colours = HighlightStyle.define(defaultHighlightStyle.specs.flatMap((spec) => {
  const color = tones[String(spec.color)]
  return color ? [{ tag: spec.tag, color }] : []
}))

interface EditorOptions {
  text: string
  /** What a reader hears the field called. */
  label: string
  hints: (place: Place) => readonly Hint[]
  onChange: (text: string) => void
  onSend: () => void
}

/** Makes an editor of JSON that proposes names and values, and sends with Ctrl+Enter. Tab leaves it, as it leaves any field. */
export function newEditor(parent: HTMLElement, { text, label, hints, onChange, onSend }: EditorOptions): EditorView {
  const nonce = styleNonce()
  const send = () => {
    onSend()
    return true
  }
  const extensions: Extension[] = [
    lineNumbers(), typing, history(), indentOnInput(), bracketMatching(), closeBrackets(), indentUnit.of('  '), json(), look, syntaxHighlighting(colours),
    autocompletion({ override: [(context) => propose(context, hints)] }),
    keymap.of([{ key: 'Mod-Enter', run: send }, ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.updateListener.of((update) => { if (update.docChanged) onChange(update.state.doc.toString()) }),
    ...(nonce ? [EditorView.cspNonce.of(nonce)] : []),
  ]
  return new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) })
}

function propose(context: CompletionContext, hints: EditorOptions['hints']): CompletionResult | null {
  const word = context.matchBefore(/"[^"\n]*|[\w.]*/)
  const from = word?.from ?? context.pos
  if (from === context.pos && !context.explicit) return null
  const place = placeOf(context.state.sliceDoc(0, from))
  if (!place) return null
  const open = context.state.sliceDoc(from, from + 1) === '"'
  const options = hints(place).map(({ label, detail, apply = label }): Completion => (
    { label: open ? `"${label}` : label, displayLabel: label, detail, apply: (view, _, begin, end) => write(view, apply, begin, end, open) }
  ))
  return options.length > 0 ? { from, options } : null
}

/** Writes a proposal; the quotation mark that the editor had closed by itself is taken along. */
function write(view: EditorView, text: string, from: number, end: number, open: boolean) {
  const to = open && view.state.sliceDoc(end, end + 1) === '"' ? end + 1 : end
  view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: 'input.complete' })
}
