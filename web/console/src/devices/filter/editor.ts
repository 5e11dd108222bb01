import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion, type Completion, type CompletionContext } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { EditorState, Prec, StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, keymap, placeholder, tooltips, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view'
import type { FilterField } from '@/api/types'
import { typing } from '@/parts/typing'
import { suggest, type Suggestion } from './completions'
import type { Fault } from './fault'
import classes from './filter.module.css'
import { scan } from './scan'

interface EditorOptions {
  text: string
  placeholder: string
  /** What the page's policy wants on styles that are made while it runs; empty for nothing. */
  nonce: string
  onChange: (text: string) => void
  onApply: () => void
  fields: () => readonly FilterField[]
  typeName: (type: FilterField['type']) => string
}

/** Makes an editor of one line for filters. */
export function createEditor(parent: Element, options: EditorOptions): EditorView {
  const state = EditorState.create({
    doc: options.text,
    // What somebody began in the plain input goes on at its end.
    selection: { anchor: options.text.length },
    extensions: [
      EditorView.cspNonce.of(options.nonce),
      oneLine,
      typing,
      history(),
      closeBrackets(),
      autocompletion({ override: [completer(options)], icons: false, selectOnOpen: false }),
      // What is chosen among completions comes first; else Enter applies the filter.
      Prec.high(keymap.of(completionKeymap)),
      keymap.of([{ key: 'Enter', run: () => (options.onApply(), true) }, ...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
      placeholder(options.placeholder),
      tooltips({ position: 'fixed', parent: document.body }),
      colours(options.fields),
      faults,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.onChange(update.state.doc.toString())
      }),
      look,
    ],
  })
  return new EditorView({ state, parent })
}

/** Marks what is wrong with the text, or nothing. */
export function showFault(view: EditorView, fault: Fault | undefined) {
  view.dispatch({ effects: setFault.of(fault) })
}

const oneLine = EditorState.transactionFilter.of((transaction) => {
  if (transaction.newDoc.lines === 1) return transaction
  return [transaction, { changes: { from: 0, to: transaction.newDoc.length, insert: transaction.newDoc.toString().replace(/\s*\n\s*/g, ' ') }, sequential: true }]
})

function completer({ fields, typeName }: EditorOptions) {
  return (context: CompletionContext) => {
    const { from, options } = suggest(context.state.doc.toString(), context.pos, fields())
    // Unasked only for a word that is begun, or where a value is due.
    if (!context.explicit && from === context.pos && options[0]?.kind !== 'value') return null
    return { from, options: options.map((o) => completion(o, typeName)) }
  }
}

function completion(suggestion: Suggestion, typeName: EditorOptions['typeName']): Completion {
  const { label, insert, kind, type } = suggestion
  return {
    label, type: kind, ...(type && { detail: typeName(type) }), boost: kind === 'keyword' ? -1 : 0,
    apply: (view, _, from, to) => {
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: 'input.complete' })
      if (kind === 'field' && type !== 'bool') startCompletion(view)
    },
  }
}

const setFault = StateEffect.define<Fault | undefined>()
const squiggle = Decoration.mark({ class: classes.fault })

const faults = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setFault)) continue
      const length = transaction.newDoc.length
      const from = Math.min(effect.value?.from ?? 0, length)
      const to = Math.min(effect.value?.to ?? 0, length)
      return from < to ? Decoration.set([squiggle.range(from, to)]) : Decoration.none
    }
    return marks.map(transaction.changes)
  },
  provide: (field) => EditorView.decorations.from(field),
})

function colours(fields: () => readonly FilterField[]) {
  return ViewPlugin.define(
    (view) => ({
      decorations: colour(view, fields()),
      update(update: ViewUpdate) {
        this.decorations = colour(update.view, fields())
      },
    }),
    { decorations: (plugin) => plugin.decorations },
  )
}

function colour(view: EditorView, fields: readonly FilterField[]): DecorationSet {
  const tokens = scan(view.state.doc.toString())
  const marks = tokens.flatMap((token, i) => {
    const isField = token.kind === 'word' && (tokens[i + 1]?.kind === 'operator' || fields.some((f) => f.type === 'bool' && f.name === token.text))
    const name = isField && tokens[i - 1]?.kind !== 'operator' ? classes.field : { keyword: classes.keyword, operator: classes.operator, minus: classes.keyword, string: classes.value, word: undefined, open: classes.operator, close: classes.operator }[token.kind]
    return name ? [Decoration.mark({ class: name }).range(token.from, token.to)] : []
  })
  return Decoration.set(marks)
}

const look = EditorView.theme({
  '&': { color: 'var(--mantine-color-text)', fontSize: 'var(--mantine-font-size-sm)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '34px', overflowX: 'auto', scrollbarWidth: 'none' },
  '.cm-content': { padding: '0', caretColor: 'var(--mantine-color-text)' },
  '.cm-line': { padding: '0 2px' },
  '.cm-placeholder': { color: 'var(--mantine-color-placeholder)' },
  '.cm-tooltip.cm-tooltip-autocomplete': {
    color: 'var(--mantine-color-text)', background: 'var(--mantine-color-body)', border: '1px solid var(--dialtone-control-border)',
    borderRadius: 'var(--mantine-radius-sm)', overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', fontSize: 'var(--mantine-font-size-sm)', maxHeight: '18em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--mantine-primary-color-contrast)', background: 'var(--mantine-primary-color-filled)' },
  '.cm-completionDetail': { color: 'inherit', fontStyle: 'normal', opacity: '0.85' },
})
