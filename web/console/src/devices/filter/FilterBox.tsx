import { ActionIcon } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useId, useImperativeHandle, useRef, useState, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { faultOf } from './fault'
import { useFilterFields, type FilterOf } from './fields'
import type { FilterHandle } from './FilterEditor'
import classes from './filter.module.css'
import { PlainInput } from './PlainInput'
import { useEditor } from './useEditor'

interface FilterBoxProps {
  of: FilterOf
  /** The filter that holds. */
  value: string
  /** The viewer wants another filter; typed while somebody still writes, so that it is no step to go back to. */
  onApply: (filter: string, typed: boolean) => void
  /** What the server said of the filter. */
  problem: unknown
  label: string
  placeholder: string
  ref?: Ref<FilterHandle>
}

const pause = 400

/** A search box for words and the filter language: it applies what is typed, and says where it cannot be. */
export function FilterBox({ of, value, onApply, problem, label, placeholder, ref }: FilterBoxProps) {
  const { t } = useTranslation()
  const fields = useFilterFields(of)
  const [draft, setDraft] = useDraft(value)
  const input = useRef<FilterHandle>(null)
  const message = useId()
  const { Editor, hadFocus } = useEditor()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }), [])

  const fault = draft.trim() === value.trim() ? faultOf(value, problem) : undefined
  const apply = (text: string, typed: boolean) => {
    clearTimeout(timer.current)
    setDraft(text, true)
    onApply(text.trim(), typed)
  }
  const change = (text: string) => {
    if (text === draft) return
    setDraft(text, false)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => apply(text, true), pause)
  }
  const common = {
    value: draft, onChange: change, onApply: () => apply(draft, false), fields, fault, label, placeholder, ref: input,
    describedBy: fault ? message : undefined, focusAtOnce: hadFocus,
  }
  return (
    <div className={classes.box} role="search">
      <div className={classes.frame} data-invalid={fault ? true : undefined}>
        <IconSearch size={18} aria-hidden />
        {Editor ? <Editor {...common} /> : <PlainInput {...common} />}
        {draft !== '' && (
          <ActionIcon size="md" onClick={() => { apply('', false); input.current?.focus() }} aria-label={t('filter.clear')}><IconX size={16} aria-hidden /></ActionIcon>
        )}
      </div>
      <div role="status">{fault && <p id={message} className={classes.message}>{t('filter.fault', { message: fault.message, at: fault.from + 1 })}</p>}</div>
    </div>
  )
}

/** The text in the box: what is typed, until the filter becomes another by other means. */
function useDraft(value: string) {
  const [state, setState] = useState({ draft: value, known: value, sent: value })
  if (state.known !== value) {
    setState({ ...state, known: value, draft: value === state.sent.trim() ? state.draft : value })
  }
  const set = (draft: string, sent: boolean) => setState((old) => ({ ...old, draft, sent: sent ? draft : old.sent }))
  return [state.draft, set] as const
}
