import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { colours, look } from '@/json/look'
import { typing } from '@/parts/typing'
import { styleNonce } from '@/shell/theme'
import { templateToken, type TemplateState } from './template'

const template = StreamLanguage.define<TemplateState>({
  startState: () => ({ inside: 'text' }),
  copyState: (state) => ({ ...state }),
  token: templateToken,
})

interface SourceOptions {
  text: string
  /** What a reader hears the field called. */
  label: string
  readOnly: boolean
  onChange: (text: string) => void
}

/** Makes an editor of a template, or a view of one. Tab leaves it, as it leaves any field. */
export function newSourceEditor(parent: HTMLElement, { text, label, readOnly, onChange }: SourceOptions): EditorView {
  const nonce = styleNonce()
  const extensions: Extension[] = [
    lineNumbers(), typing, history(), template, look, syntaxHighlighting(colours), keymap.of([...defaultKeymap, ...historyKeymap]), EditorView.lineWrapping,
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', ...(readOnly && { 'aria-readonly': 'true' }) }),
    EditorView.updateListener.of((update) => { if (update.docChanged) onChange(update.state.doc.toString()) }),
    ...(nonce ? [EditorView.cspNonce.of(nonce)] : []),
  ]
  return new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) })
}

/** Puts the cursor at the begin of a line, counted from 1, and scrolls there. */
export function goToLine(view: EditorView, line: number): void {
  const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines)).from
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
}
