import { EditorView } from '@codemirror/view'

/**
 * For every editor: types over a selection itself. The browser would keep the colour of the text that is
 * replaced by a style attribute, which the page's policy forbids, and report it each time.
 */
export const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== 'insertText' || !event.data || view.composing || view.state.selection.main.empty || view.state.readOnly) return false
    event.preventDefault()
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type' })
    return true
  },
})
