import { Checkbox, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FilterInput } from '@/devices/filter/FilterInput'
import { filterFields, listeners } from './form'

interface LimitsProps {
  listeners: string[]
  onListeners: (names: string[]) => void
  listenersError?: string
  filter: string
  onFilter: (filter: string) => void
  /** The filter that the server saw last, and what it said. */
  seen: { filter: string; problem: unknown }
  /** What the filter is for. */
  filterMeans: string
}

/** For which devices and listeners something is. */
export function Limits({ listeners: chosen, onListeners, listenersError, filter, onFilter, seen, filterMeans }: LimitsProps) {
  const { t } = useTranslation()
  // A program may have named one that the console does not know.
  const names = [...new Set<string>([...listeners, ...chosen])]
  return (
    <>
      <FilterInput of="devices" only={filterFields} value={filter} onChange={onFilter} seen={seen} label={t('deviceAccess.filter')} description={filterMeans} placeholder={t('deviceAccess.filterSuch')} />
      <Checkbox.Group label={t('deviceAccess.listeners')} description={t('deviceAccess.listenersMean')} value={chosen} onChange={onListeners} error={listenersError}>
        <Group mt={6}>{names.map((name) => <Checkbox key={name} value={name} label={name} />)}</Group>
      </Checkbox.Group>
    </>
  )
}
