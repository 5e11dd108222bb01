import { Button, Card, Grid, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '@/auth/me'
import { useUrlState } from '@/listing/useUrlState'
import { EmptyState } from '@/parts/EmptyState'
import { PageHeader } from '@/parts/PageHeader'
import { useChildren } from './api'
import { CreateGroup } from './CreateGroup'
import { GroupPart } from './GroupPart'
import { GroupSearch } from './GroupSearch'
import { GroupTree } from './GroupTree'

/** The tree of groups, and one of them. */
export default function GroupsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const may = useMay('groups.write')
  const [{ group, search }, change] = useUrlState(['group', 'search'])
  const [wanted] = useDebouncedValue(search.trim(), 250)
  const [parent, setParent] = useState<string>()
  const select = (path: string) => change({ group: path })
  const create = may && <Button onClick={() => setParent(group || me.scope)} leftSection={<IconPlus size={16} aria-hidden />}>{t('groups.create')}</Button>
  return (
    <>
      <PageHeader title={t('groups.title')} actions={create}>{t('groups.explanation')}</PageHeader>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
          <Card withBorder p="sm">
            <TextInput
              type="search" aria-label={t('groups.search')} placeholder={t('groups.search')} leftSection={<IconSearch size={16} aria-hidden />} mb="xs"
              value={search} onChange={(event) => change({ search: event.currentTarget.value }, { replace: true })}
            />
            {wanted ? <GroupSearch search={wanted} selected={group} onSelect={select} /> : <TreeOrNothing selected={group} onSelect={select} create={create} />}
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
          {group ? <GroupPart key={group} path={group} onGone={() => select('')} onCreateBelow={() => setParent(group)} />
            : <EmptyState title={t('groups.choose.title')}>{t('groups.choose.try')}</EmptyState>}
        </Grid.Col>
      </Grid>
      {parent !== undefined && <CreateGroup parent={parent} onClose={() => setParent(undefined)} onMade={select} />}
    </>
  )
}

interface TreeOrNothingProps {
  selected: string
  onSelect: (path: string) => void
  create: React.ReactNode
}

function TreeOrNothing({ selected, onSelect, create }: TreeOrNothingProps) {
  const { t } = useTranslation()
  const { query, items } = useChildren('')
  if (query.isSuccess && items.length === 0) return <EmptyState title={t('groups.none.title')} action={create}>{t('groups.none.try')}</EmptyState>
  return <GroupTree selected={selected} onSelect={onSelect} />
}
