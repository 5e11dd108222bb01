import { defaultHighlightStyle, HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'

/** How editors look, in light and in dark. */
export const look = EditorView.theme({
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
const tones: Record<string, string> = {
  '#a11': 'var(--dialtone-good)', '#164': 'var(--dialtone-warn)', '#219': 'var(--dialtone-warn)', '#00c': 'var(--dialtone-busy)', '#708': 'var(--dialtone-busy)', '#085': 'var(--dialtone-warn)', '#940': 'var(--mantine-color-dimmed)',
}

/** The colours of what is written in editors. */
export const colours = HighlightStyle.define(defaultHighlightStyle.specs.flatMap((spec) => {
  const color = tones[String(spec.color)]
  return color ? [{ tag: spec.tag, color }] : []
}))
