import { Input } from '@mantine/core'
import { useId, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { faultOf } from './fault'
import { useFilterFields, type FilterOf } from './fields'
import type { FilterHandle } from './FilterEditor'
import classes from './filter.module.css'
import { PlainInput } from './PlainInput'
import { useEditor } from './useEditor'

interface FilterInputProps {
  of: FilterOf
  /** The fields that the filter may name; absent for all of the list. */
  only?: readonly string[]
  value: string
  onChange: (filter: string) => void
  label: string
  description: string
  placeholder: string
  /** The filter that the server saw last, and what it said. */
  seen: { filter: string; problem: unknown }
}

const nothing = () => undefined

/** A field of a form in a dialog for a filter: with the colours and completions of a search box, and it says where the filter cannot be. */
export function FilterInput({ of, only, value, onChange, label, description, placeholder, seen }: FilterInputProps) {
  const { t } = useTranslation()
  const all = useFilterFields(of)
  const fields = useMemo(() => (only ? all.filter(({ name }) => only.includes(name)) : all), [all, only])
  const { Editor, hadFocus } = useEditor()
  const input = useRef<FilterHandle>(null)
  const [means, message] = [useId(), useId()]
  const fault = value === seen.filter ? faultOf(value, seen.problem) : undefined
  const common = {
    value, onChange, onApply: nothing, fields, fault, label, placeholder, ref: input, focusAtOnce: hadFocus, inDialog: true,
    describedBy: fault ? `${message} ${means}` : means,
  }
  return (
    <div>
      {/* The input has the same text as its name; a click on what is seen goes to it, too. */}
      <div aria-hidden onClick={() => input.current?.focus()}><Input.Label component="div" labelElement="div">{label}</Input.Label></div>
      <Input.Description id={means} mb={5}>{description}</Input.Description>
      <div className={classes.frame} data-invalid={fault ? true : undefined}>{Editor ? <Editor {...common} /> : <PlainInput {...common} />}</div>
      <div role="status">{fault && <p id={message} className={classes.message}>{t('filter.fault', { message: fault.message, at: fault.from + 1 })}</p>}</div>
    </div>
  )
}
