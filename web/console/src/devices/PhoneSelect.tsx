import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Device, Page } from '@/api/types'
import { all, wordsIn } from '@/listing/filters'
import { nameOf } from './name'

const offered = 20

interface PhoneSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  value: Device | undefined
  onChange: (device: Device | undefined) => void
  /** A filter of the devices to choose among; empty for all. */
  among?: string
}

/** Chooses a device by any words that find it, such as the end of its MAC address. */
export function PhoneSelect({ value, onChange, among = '', ...rest }: PhoneSelectProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [words] = useDebouncedValue(typed, 200)
  // What the field shows of the present choice is no search.
  const filter = all(value && words === labelOf(value) ? '' : wordsIn(words), among)
  const params = { pageSize: offered, ...(filter && { filter }) }
  const found = useQuery({
    queryKey: keys.devices(params), placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/devices', { params: { query: params }, signal })) as Promise<Page<Device>>,
  })
  const items = found.data?.items ?? []
  const known = value && !items.some(({ id }) => id === value.id) ? [value, ...items] : items
  return (
    <Select
      data={known.map((device) => ({ value: device.id, label: labelOf(device) }))} value={value?.id ?? null} onChange={(id) => onChange(known.find((device) => device.id === id))}
      searchable searchValue={typed} onSearchChange={setTyped} filter={({ options }) => options} nothingFoundMessage={t('devices.choose.none')}
      error={found.isError ? t('devices.choose.failed') : undefined} {...rest}
    />
  )
}

function labelOf(device: Device): string {
  return [nameOf(device), device.model, device.mac].filter(Boolean).join(' · ')
}
