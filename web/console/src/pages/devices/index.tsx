import { Box, Button } from '@mantine/core'
import { IconDownload, IconPhonePlus, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { faultOf } from '@/devices/filter/fault'
import { FilterBox } from '@/devices/filter/FilterBox'
import type { FilterHandle } from '@/devices/filter/FilterEditor'
import { Loading } from '@/parts/Loading'
import { PageHeader } from '@/parts/PageHeader'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { Chips } from './Chips'
import { ColumnsMenu } from './ColumnsMenu'
import { FirstDevices } from './FirstDevices'
import { SelectionBar } from './SelectionBar'
import { nothing, selectRows } from './selection'
import { Table } from './Table'
import classes from './table.module.css'
import { exportURL, useListState } from './urlState'
import { useColumns } from './useColumns'
import { useDeviceList } from './useDeviceList'
import { useTableCommands } from './useTableCommands'
import { ViewsMenu } from './ViewsMenu'

const AddDevice = lazy(() => import('./AddDevice').then((m) => ({ default: m.AddDevice })))
const NoMatch = lazy(() => import('./NoMatch').then((m) => ({ default: m.NoMatch })))

/** The devices of the fleet: found, looked through, and acted on many at once. */
export default function DevicesPage() {
  const { t } = useTranslation()
  const [state, change] = useListState()
  const { filter, sort } = state
  const list = useDeviceList(filter, sort)
  const columns = useColumns(state, change)
  const search = useRef<FilterHandle>(null)
  const grid = useRef<HTMLDivElement>(null)
  const onSearch = useCallback(() => search.current?.focus(), [])
  const onFocus = useCallback(() => grid.current?.focus({ preventScroll: true }), [])
  const { selection, select, active, actions, run } = useTableCommands(filter, list.rows, onFocus, onSearch)
  useTopOfAnotherList(`${filter}\n${sort}`, grid)
  const setFilter = (wanted: string, typed = false) => {
    if (wanted !== filter) change({ filter: wanted }, typed)
  }
  const empty = !list.pending && !list.old && !list.problem && list.rows.length === 0
  const add = <AddButtons />
  return (
    <div className={classes.page}>
      <PageHeader title={t('devices.title')} actions={add}>
        {t('devices.explanation')}
      </PageHeader>
      <div className={classes.tools}>
        <ViewsMenu state={state} onChoose={(view) => change(view)} />
        <div className={classes.search}>
          <FilterBox ref={search} of="devices" value={filter} onApply={setFilter} problem={list.problem} label={t('devices.search')} placeholder={t('devices.searchFor')} />
        </div>
        <Box visibleFrom="sm"><ColumnsMenu every={columns.every} shown={columns.shown} onChange={columns.choose} /></Box>
        <Button component="a" variant="default" href={exportURL(filter, sort, columns.shown.map((c) => c.name))} download leftSection={<IconDownload size={16} aria-hidden />}>{t('devices.export')}</Button>
      </div>
      <Chips filter={filter} onFilter={setFilter} />
      {!faultOf(filter, list.problem) && <ProblemAlert problem={list.problem} retry={list.retry} mb="xs" />}
      {list.pending ? <Loading /> : empty ? <Nothing filter={filter} onFilter={setFilter} /> : (
        <>
          <SelectionBar selection={selection} filter={filter} total={list.total} onSelect={select} loadingMore={list.loadingMore} />
          <Table
            list={list} columns={columns.shown} sort={sort} onSort={(orderBy) => change({ sort: orderBy })} selection={selection} active={active} actions={actions}
            onSelectLoaded={() => select(selection.all || selection.ids.size > 0 ? nothing : selectRows(list.rows))} onCommand={run} gridRef={grid}
          />
          <ProblemAlert problem={list.moreProblem} retry={list.retry} mt="xs" />
        </>
      )}
    </div>
  )
}

function useTopOfAnotherList(list: string, grid: React.RefObject<HTMLDivElement | null>) {
  const before = useRef(list)
  useEffect(() => {
    if (before.current === list) return
    before.current = list
    grid.current?.scrollTo({ top: 0 })
  }, [list, grid])
}

/** A phone by what a person knows of it, or any device by what CWMP knows of it. */
function AddButtons() {
  const { t } = useTranslation()
  const may = useMay('devices.write')
  const [adding, setAdding] = useState(false)
  return (
    <>
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} disabled={!may} title={may ? undefined : t('devices.lacksPermission', { permission: 'devices.write' })} onClick={() => setAdding(true)}>
        {t('devices.add.title')}
      </Button>
      {may && <Button component={Link} to={'/add-phone' as string} leftSection={<IconPhonePlus size={16} aria-hidden />}>{t('addPhone.title')}</Button>}
      <Suspense>{adding && <AddDevice onClose={() => setAdding(false)} />}</Suspense>
    </>
  )
}

function Nothing({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  return filter === '' ? <FirstDevices /> : <Suspense><NoMatch filter={filter} onFilter={onFilter} /></Suspense>
}
