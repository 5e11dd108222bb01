import { Autocomplete } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { linesFor } from './lines'

interface LineInputProps {
  label: string
  description?: string
  /** The group of the device: lines of it and of groups above it are offered. */
  group: string
  value: string
  onChange: (number: string) => void
  error?: ReactNode
}

const read = 100
const offered = 30

/** Takes the number of a line and offers those that the device may be bound to. */
export function LineInput({ label, description, group, value, onChange, error }: LineInputProps) {
  const { t } = useTranslation()
  const [search] = useDebouncedValue(value.trim(), 200)
  const lines = useQuery({
    queryKey: ['lines', { search, pageSize: read }], placeholderData: keepPreviousData, staleTime: 10_000,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/lines', { params: { query: { pageSize: read, ...(search && { search }) } }, signal })),
  })
  const shown = linesFor(group.trim(), lines.data?.items ?? []).slice(0, offered)
  const names = new Map(shown.map(({ number, displayName, group: of }) => [number, [displayName, of].filter(Boolean).join(' · ')]))
  return (
    <Autocomplete
      label={label} description={description} error={error ?? (lines.isError ? t('provisioning.linesFailed') : undefined)} value={value} onChange={onChange}
      data={shown.map(({ number }) => number)} filter={({ options }) => options} autoComplete="off" spellCheck={false} maxLength={64}
      renderOption={({ option }) => <span>{option.value}{names.get(option.value) && <> · {names.get(option.value)}</>}</span>}
    />
  )
}
