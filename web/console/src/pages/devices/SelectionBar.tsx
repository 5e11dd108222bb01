import { Box, Button, Kbd, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNumbers } from '@/devices/numbers'
import { useShortcutsOn } from '@/shell/useShortcuts'
import type { BulkAction } from './bulk/actions'
import { BulkMenu } from './bulk/BulkMenu'
import { mostSelected, nothing, sizeOf, type Selection } from './selection'
import classes from './table.module.css'

// Most who come here only look.
const BulkDialog = lazy(() => import('./bulk/BulkDialog').then((m) => ({ default: m.BulkDialog })))

interface SelectionBarProps {
  selection: Selection
  filter: string
  total: number | undefined
  onSelect: (selection: Selection) => void
  loadingMore: boolean
}

/** How many devices match or are selected, and what can be done with those. */
export function SelectionBar({ selection, filter, total, onSelect, loadingMore }: SelectionBarProps) {
  const { t } = useTranslation()
  const { count } = useNumbers()
  const [action, setAction] = useState<BulkAction>()
  const size = sizeOf(selection, total ?? 0)
  return (
    <div className={classes.status}>
      <Text role="status">
        {size > 0 ? t('devices.selected', { count: size, number: count(size), total: count(total ?? 0) })
          : total === undefined ? '' : t('devices.matching', { count: total, number: count(total) })}
        {loadingMore && ` ${t('devices.loadingMore')}`}
      </Text>
      {size > 0 && (
        <>
          <BulkMenu onChoose={setAction} />
          {!selection.all && total !== undefined && total > selection.ids.size && (
            <Button size="xs" variant="default" onClick={() => onSelect({ all: true, ids: new Set() })}>{t('devices.selectMatching', { count: total, number: count(total) })}</Button>
          )}
          <Button size="xs" variant="subtle" onClick={() => onSelect(nothing)}>{t('devices.selectNothing')}</Button>
          {selection.ids.size >= mostSelected && <Text size="sm" c="dimmed">{t('devices.mostSelected', { number: count(mostSelected) })}</Text>}
        </>
      )}
      <Keys />
      <Suspense>{action && <BulkDialog action={action} selection={selection} filter={filter} onClose={() => setAction(undefined)} />}</Suspense>
    </div>
  )
}

/** What the keys of the table do, where there is a keyboard to be expected. */
function Keys() {
  const { t } = useTranslation()
  const [on] = useShortcutsOn()
  return (
    <Box className={classes.keys} visibleFrom="md">
      {on && <><Kbd size="xs">/</Kbd> {t('devices.keys.search')} <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> {t('devices.keys.move')} <Kbd size="xs">x</Kbd> {t('devices.keys.select')} </>}
      <Kbd size="xs">Enter</Kbd> {t('devices.keys.open')}
    </Box>
  )
}
