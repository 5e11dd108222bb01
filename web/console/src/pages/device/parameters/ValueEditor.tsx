import { PasswordInput, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Parameter } from '@/api/types'
import { nameOf } from './paths'
import classes from './Tree.module.css'
import { checkValue, shortType } from './values'

interface ValueEditorProps {
  parameter: Parameter
  /** What stands there at first. */
  first: string
  onEnter: (value: string) => void
  onClose: () => void
}

/** A field for a new value. Enter keeps it for the review, Escape gives it up; leaving keeps what can be a value. */
export function ValueEditor({ parameter, first, onEnter, onClose }: ValueEditorProps) {
  const { t } = useTranslation()
  const hint = useId()
  const secret = parameter.secret === true
  const [value, setValue] = useState(secret ? '' : first)
  const [touched, setTouched] = useState(false)
  const invalid = checkValue(parameter.type, value)
  const finish = () => {
    if (touched && !invalid) onEnter(value)
    if (!invalid || !touched) onClose()
  }
  const type = shortType(parameter.type)
  const number = /^(int|unsignedInt|long|unsignedLong)$/.test(type)
  const common = {
    size: 'xs', value, autoFocus: true, autoComplete: 'off', spellCheck: false, className: classes.input, 'aria-label': nameOf(parameter.path), 'aria-describedby': hint,
    error: touched && invalid !== undefined, inputMode: number ? 'numeric' as const : undefined,
    placeholder: secret ? t('parameters.typeSecret') : type === 'dateTime' ? '2031-01-31T12:00:00Z' : undefined,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      setTouched(true)
      setValue(event.currentTarget.value)
    },
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Enter') finish()
      if (event.key === 'Escape') {
        event.stopPropagation()
        onClose()
      }
    },
    onBlur: () => {
      if (touched && !invalid) onEnter(value)
      if (!touched || !invalid) onClose()
    },
  }
  return (
    <>
      {secret ? <PasswordInput {...common} /> : <TextInput {...common} />}
      <span id={hint} role="alert" className={classes.invalid}>{touched && invalid && t(`parameters.invalid.${invalid}`, { type })}</span>
    </>
  )
}
