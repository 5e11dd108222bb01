import { Button, Group, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ScopeSelect } from '@/access/ScopeSelect'
import { useMay, useMe } from '@/auth/me'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { useLines } from './api'
import { useLineColumns } from './columns'
import { CreateLine, EditLine } from './EditLine'

/** The directory numbers of customers, which accounts of phones can be bound to. */
export default function LinesPage() {
  const { t } = useTranslation()
  const me = useMe()
  const may = useMay('settings.write')
  const [{ group, search, line: chosen }, change] = useUrlState(['group', 'search', 'line'])
  const [wanted] = useDebouncedValue(search.trim(), 250)
  const { query, items, more } = useLines(group, wanted)
  const [creating, setCreating] = useState(false)
  const columns = useLineColumns()
  const open = items.find(({ id }) => id === chosen)
  const create = may && <Button onClick={() => setCreating(true)} leftSection={<IconPlus size={16} aria-hidden />}>{t('lines.create')}</Button>
  const searched = wanted !== '' || group !== ''
  return (
    <>
      <PageHeader title={t('lines.title')} actions={create}>{t('lines.explanation')} {!may && t('lines.mayNot')}</PageHeader>
      <Group mb="sm" align="flex-end">
        <ScopeSelect label={t('lines.group')} description={undefined} value={group || me.scope} onChange={(path) => change({ group: path })} style={{ flex: '1 1 12rem' }} maw="20rem" />
        <TextInput
          type="search" label={t('lines.search')} leftSection={<IconSearch size={16} aria-hidden />} style={{ flex: '1 1 12rem' }} maw="24rem"
          value={search} onChange={(event) => change({ search: event.currentTarget.value }, { replace: true })}
        />
      </Group>
      <Loaded query={query}>
        {() => items.length === 0
          ? <EmptyState title={t(searched ? 'lines.notFound' : 'lines.none')} action={!searched && create}>{t(searched ? 'lines.notFoundTry' : 'lines.noneTry')}</EmptyState>
          : <VirtualTable label={t('lines.title')} columns={columns} items={items} idOf={({ id }) => id} open={chosen} onOpen={may ? (id) => change({ line: id }) : undefined} onEnd={more} />}
      </Loaded>
      {creating && <CreateLine group={group || me.scope} onClose={() => setCreating(false)} />}
      {open && may && <EditLine key={open.id} line={open} onClose={() => change({ line: '' })} />}
    </>
  )
}
