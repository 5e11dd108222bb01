import { useImperativeHandle, useRef } from 'react'
import type { FilterInputProps } from './FilterEditor'
import classes from './filter.module.css'

/** Takes filters until the editor is there. */
export function PlainInput({ value, onChange, onApply, fault, label, placeholder, describedBy, ref }: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null)
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }), [])
  return (
    <input
      ref={input} className={classes.plain} type="text" value={value} aria-label={label} placeholder={placeholder} aria-invalid={fault !== undefined}
      aria-describedby={describedBy} data-filter-input autoComplete="off" autoCapitalize="off" spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => { if (event.key === 'Enter') onApply() }}
    />
  )
}
