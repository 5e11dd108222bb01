import type { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { goToLine, newSourceEditor } from './editor'

interface SourceEditorProps {
  /** What stands in it at first, and again whenever this changes. */
  text: string
  label: string
  readOnly: boolean
  onChange: (text: string) => void
  /** The line to go to, counted from 1; 0 for none. */
  line?: number
}

/** A field for a template, with line numbers and colours. */
export default function SourceEditor({ text, label, readOnly, onChange, line = 0 }: SourceEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    view.current = newSourceEditor(place.current!, { text, label, readOnly, onChange: (now) => latest.current(now) })
    return () => view.current?.destroy()
  }, [text, label, readOnly])
  useEffect(() => {
    if (line > 0 && view.current) goToLine(view.current, line)
  }, [line, text, readOnly])
  return <div ref={place} />
}
