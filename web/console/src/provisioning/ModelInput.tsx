import { Autocomplete } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { findModel, matchingModels } from './models'
import { useModels } from './useModels'

interface ModelInputProps {
  label: string
  value: string
  onChange: (model: string) => void
  error?: ReactNode
}

const offered = 40

/** Takes a model and offers those that vendor packs serve; says of another that no pack does. */
export function ModelInput({ label, value, onChange, error }: ModelInputProps) {
  const { t } = useTranslation()
  const { models, known } = useModels()
  const found = findModel(models, value)
  const shown = matchingModels(models, value, offered)
  const packs = [...new Set(shown.map(({ packTitle }) => packTitle))]
  const data = packs.map((group) => ({ group, items: [...new Set(shown.filter(({ packTitle }) => packTitle === group).map(({ name }) => name))] }))
  const hint = value.trim() === '' || !known ? undefined : found ? t('provisioning.model.served', { pack: found.packTitle, count: found.lines }) : t('provisioning.model.unserved')
  return (
    <Autocomplete
      label={label} description={hint} inputWrapperOrder={['label', 'input', 'description', 'error']} error={error} value={value} onChange={onChange} data={data}
      filter={({ options }) => options} placeholder="SIP-T46S" autoComplete="off" spellCheck={false} maxLength={64} maxDropdownHeight={280}
    />
  )
}
