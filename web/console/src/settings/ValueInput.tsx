import { Autocomplete, MultiSelect, NumberInput, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SecretInput } from '@/parts/SecretInput'
import type { Setting } from './model'
import { textOf } from './words'

interface ValueInputProps {
  setting: Setting
  /** What the field is called for those who listen. */
  label: string
  /** Null for nothing. */
  value: unknown
  /** What stands in an empty field. */
  placeholder?: string
  readOnly: boolean
  error?: string
  /** Null for nothing. */
  onChange: (value: unknown) => void
}

const zones = () => Intl.supportedValuesOf('timeZone')

/** The field for the value of a setting, as its type asks. */
export function ValueInput({ setting, label, value, placeholder, readOnly, error, onChange }: ValueInputProps) {
  const { t } = useTranslation()
  const common = { 'aria-label': label, placeholder, readOnly, error }
  const text = { ...common, value: textOf(value), autoComplete: 'off', spellCheck: false }
  const emptied = (given: string | null) => onChange(given === '' ? null : given)
  switch (setting.type) {
    case 'boolean':
      return (
        <SegmentedControl
          aria-label={label} size="xs" disabled={readOnly} value={value === null || value === undefined ? '' : String(value)} onChange={(given) => onChange(given === '' ? null : given === 'true')}
          data={[{ value: '', label: t('settings.unsaid') }, { value: 'true', label: t('settings.yes') }, { value: 'false', label: t('settings.no') }]}
        />
      )
    case 'choice':
      return <Select {...common} data={setting.choices} value={textOf(value) || null} onChange={emptied} clearable={!readOnly} clearButtonProps={{ 'aria-label': t('settings.clear') }} />
    case 'integer': case 'port': case 'duration':
      return (
        <NumberInput
          {...common} value={typeof value === 'number' ? value : textOf(value)} min={setting.min ?? undefined} max={setting.max ?? undefined} clampBehavior="none" allowDecimal={false} hideControls
          suffix={setting.type === 'duration' ? ' s' : setting.unit && ` ${setting.unit}`} onChange={(given) => onChange(given === '' ? null : given)}
        />
      )
    case 'list': {
      const list = Array.isArray(value) ? value.map(String) : []
      const changed = (given: string[]) => onChange(given.length === 0 ? null : given)
      const some = list.length > 0 ? undefined : placeholder
      return setting.choices.length > 0
        ? <MultiSelect {...common} placeholder={some} data={setting.choices} value={list} onChange={changed} clearable={!readOnly} clearButtonProps={{ 'aria-label': t('settings.clear') }} />
        : <TagsInput {...common} placeholder={some} value={list} onChange={changed} />
    }
    case 'secret':
      return <SecretInput {...text} label={undefined} aria-label={label} autoComplete="new-password" onChange={(event) => emptied(event.currentTarget.value)} />
    case 'zone':
      return <Autocomplete {...text} data={zones()} limit={30} onChange={emptied} />
    default:
      return setting.choices.length > 0
        ? <Autocomplete {...text} data={setting.choices} filter={({ options }) => options} onChange={emptied} />
        : <TextInput {...text} onChange={(event) => emptied(event.currentTarget.value)} />
  }
}
