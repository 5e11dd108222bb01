import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilterField } from '@/api/types'
import { styleNonce } from '@/shell/theme'
import type { Fault } from './fault'
import { createEditor, showFault } from './editor'
import classes from './filter.module.css'

/** Puts the focus into the box. */
export interface FilterHandle {
  focus: () => void
}

export interface FilterInputProps {
  value: string
  onChange: (text: string) => void
  /** Enter was pressed. */
  onApply: () => void
  fields: readonly FilterField[]
  fault: Fault | undefined
  label: string
  placeholder: string
  describedBy: string | undefined
  focusAtOnce: boolean
  /** Escape closes what the editor offers, and not the dialog around it. */
  inDialog?: boolean
  ref: Ref<FilterHandle>
}

/** One line of the filter language with colours and completion. */
export default function FilterEditor({ value, fault, focusAtOnce, ref, ...props }: FilterInputProps) {
  const { t } = useTranslation()
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<ReturnType<typeof createEditor>>(null)
  const latest = useRef({ ...props, value, t })
  useLayoutEffect(() => {
    latest.current = { ...props, value, t }
  })
  // With the plain input's going, not after it: a key that is pressed in between would be lost.
  useLayoutEffect(() => {
    const view = createEditor(host.current!, {
      text: latest.current.value, placeholder: latest.current.placeholder, nonce: styleNonce() ?? '',
      onChange: (text) => latest.current.onChange(text),
      onApply: () => latest.current.onApply(),
      fields: () => latest.current.fields,
      typeName: (type) => latest.current.t(`filter.type.${type}`),
    })
    editor.current = view
    return () => view.destroy()
  }, [])
  useEffect(() => {
    const view = editor.current
    if (view && view.state.doc.toString() !== value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, selection: { anchor: value.length } })
    }
  }, [value])
  useEffect(() => {
    if (editor.current) showFault(editor.current, fault)
  }, [fault, value])
  useEffect(() => {
    const content = editor.current?.contentDOM
    content?.setAttribute('aria-label', props.label)
    content?.setAttribute('aria-invalid', String(fault !== undefined))
    if (props.inDialog) content?.setAttribute('data-mantine-stop-propagation', 'true')
    if (props.describedBy) content?.setAttribute('aria-describedby', props.describedBy)
    else content?.removeAttribute('aria-describedby')
  }, [props.label, props.describedBy, props.inDialog, fault])
  useLayoutEffect(() => {
    if (focusAtOnce) editor.current?.focus()
    // Only what was so when the editor took the place of the plain input.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  useImperativeHandle(ref, () => ({ focus: () => editor.current?.focus() }), [])
  return <div ref={host} className={classes.editor} data-invalid={fault ? true : undefined} />
}
