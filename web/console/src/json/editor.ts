import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { styleNonce } from '@/shell/theme'
import { typing } from '@/parts/typing'
import { colours, look } from './look'
import { placeOf, type Hint, type Place } from './place'

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
