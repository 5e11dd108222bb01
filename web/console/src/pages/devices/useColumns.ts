import { useLocalStorage } from '@mantine/hooks'
import { useCallback, useMemo } from 'react'
import { useFilterFields } from '@/devices/filter/fields'
import { allColumns, chosenColumns, standardColumns } from './columns'
import type { ListState } from './urlState'

/** The columns of the list: those of the address, else those that the viewer chose in this browser before. */
export function useColumns(state: ListState, change: (some: Partial<ListState>, replace?: boolean) => void) {
  const fields = useFilterFields('devices')
  const [kept, keep] = useLocalStorage<string[]>({ key: 'dialtone.deviceColumns', defaultValue: standardColumns, getInitialValueInEffect: false })
  const every = useMemo(() => allColumns(fields), [fields])
  const names = state.columns.length > 0 ? state.columns : kept
  const shown = useMemo(() => chosenColumns(names, every), [names, every])
  const choose = useCallback((wanted: string[]) => {
    keep(wanted.length > 0 ? wanted : standardColumns)
    change({ columns: wanted }, true)
  }, [keep, change])
  return { every, shown, choose }
}
