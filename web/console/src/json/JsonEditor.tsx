import type { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { newEditor } from './editor'
import type { Hint, Place } from './place'

interface JsonEditorProps {
  /** What stands in it at first, and again whenever this changes. */
  template: string
  label: string
  hints: (place: Place) => readonly Hint[]
  onChange: (text: string) => void
  onSend: () => void
}

/** A field for JSON with colours and proposals. */
export function JsonEditor({ template, label, hints, onChange, onSend }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef({ hints, onChange, onSend })
  useEffect(() => {
    latest.current = { hints, onChange, onSend }
  })
  useEffect(() => {
    view.current = newEditor(place.current!, {
      text: template, label, hints: (at) => latest.current.hints(at), onChange: (text) => latest.current.onChange(text), onSend: () => latest.current.onSend(),
    })
    return () => view.current?.destroy()
  }, [template, label])
  return <div ref={place} />
}
