import { Anchor, Button, Card, Code, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { within } from '@/access/grant'
import { asProblem } from '@/api/problem'
import type { GroupDetail } from '@/api/types'
import { useMay, useMe } from '@/auth/me'
import { useUrlState } from '@/listing/useUrlState'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { DataList } from '@/parts/DataList'
import { Loaded } from '@/parts/Loaded'
import { Loading } from '@/parts/Loading'
import { Moment } from '@/time/Moment'
import { groupQuery, useDeleteGroup } from './api'
import { EditGroup } from './EditGroup'
import { GroupDevices } from './GroupDevices'
import { above } from './paths'

const GroupSettings = lazy(() => import('./GroupSettings'))

interface GroupPartProps {
  path: string
  onGone: () => void
  onCreateBelow: () => void
}

/** One group: its devices in numbers, and what can be done with it. */
export function GroupPart({ path, ...rest }: GroupPartProps) {
  const group = useQuery(groupQuery(path))
  return <Loaded query={group}>{(detail) => <Detail group={detail} {...rest} />}</Loaded>
}

function Detail({ group, onGone, onCreateBelow }: Omit<GroupPartProps, 'path'> & { group: GroupDetail }) {
  const { t } = useTranslation()
  const maySettings = useMay('settings.read')
  const [{ tab }, change] = useUrlState(['tab'])
  const [asked, setAsked] = useState<Asked>()
  return (
    <Card withBorder component="section" aria-label={group.title || group.path}>
      <Way path={group.path} />
      <Title order={2} mb={4}>{group.title || group.name}</Title>
      {group.description && <Text mb="sm" style={{ whiteSpace: 'pre-wrap' }}>{group.description}</Text>}
      <Tabs value={maySettings && tab === 'settings' ? tab : 'overview'} onChange={(next) => change({ tab: next === 'settings' ? next : '' })} keepMounted={false}>
        {maySettings && (
          <Tabs.List mb="md" aria-label={t('groups.parts')}>
            <Tabs.Tab value="overview">{t('groups.overview')}</Tabs.Tab>
            <Tabs.Tab value="settings">{t('groups.settings')}</Tabs.Tab>
          </Tabs.List>
        )}
        <Tabs.Panel value="overview"><Overview group={group} onCreateBelow={onCreateBelow} ask={setAsked} /></Tabs.Panel>
        {maySettings && <Tabs.Panel value="settings"><Suspense fallback={<Loading />}><GroupSettings path={group.path} /></Suspense></Tabs.Panel>}
      </Tabs>
      {asked === 'edit' && <EditGroup group={group} onClose={() => setAsked(undefined)} />}
      {asked === 'delete' && <DeleteGroup group={group} onClose={() => setAsked(undefined)} onGone={onGone} />}
    </Card>
  )
}

type Asked = 'edit' | 'delete'

interface OverviewProps {
  group: GroupDetail
  onCreateBelow: () => void
  ask: (asked: Asked) => void
}

/** The devices of the group, and what can be done with it. */
function Overview({ group, onCreateBelow, ask }: OverviewProps) {
  const { t } = useTranslation()
  const may = useMay('groups.write')
  return (
    <Stack gap="md">
      <GroupDevices group={group} />
      <DataList facts={[
        [t('groups.path'), <Code key="path">{group.path}</Code>],
        [t('groups.createdAt'), <Moment key="at" at={group.createdAt} />],
        [t('groups.updatedAt'), <Moment key="at" at={group.updatedAt} />],
      ]} />
      {may ? (
        <Group>
          <Button variant="default" onClick={onCreateBelow}>{t('groups.createBelow')}</Button>
          <Button variant="default" onClick={() => ask('edit')}>{t('groups.edit')}</Button>
          <Button variant="outline" color="red" onClick={() => ask('delete')}>{t('groups.delete')}</Button>
        </Group>
      ) : <Text c="dimmed">{t('groups.mayNot')}</Text>}
    </Stack>
  )
}

/** The groups above, as far as the viewer sees them. */
function Way({ path }: { path: string }) {
  const { t } = useTranslation()
  const { scope } = useMe()
  const seen = above(path).filter((one) => within(one, scope))
  if (seen.length === 0) return null
  return (
    <nav aria-label={t('groups.above')}>
      {seen.map((one) => <span key={one}><Anchor component={Link} to="/groups" search={{ group: one } as never}>{one.split('/').at(-1)}</Anchor> / </span>)}
    </nav>
  )
}

function DeleteGroup({ group, onClose, onGone }: { group: GroupDetail; onClose: () => void; onGone: () => void }) {
  const { t } = useTranslation()
  const remove = useDeleteGroup(group.path)
  const explain = (problem: unknown) => asProblem(problem).kind === 'state' && <Text mb="md">{t('groups.notEmpty')}</Text>
  return (
    <ConfirmDeed title={t('groups.delete')} deed={t('groups.delete')} harmful onClose={onClose} explain={explain} onConfirm={async () => { await remove.mutateAsync(); onGone() }}>
      {t('groups.deleteMeans', { path: group.path })}
    </ConfirmDeed>
  )
}
