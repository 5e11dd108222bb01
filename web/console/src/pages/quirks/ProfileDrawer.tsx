import { Button, Code, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuirkProfile } from '@/api/types'
import { Actor } from '@/parts/Actor'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { DataList } from '@/parts/DataList'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { FieldTable } from '@/quirks/FieldTable'
import { Moment } from '@/time/Moment'
import { profilesQuery, useDeleteProfile } from './api'
import { DevicesText, ProfileSigns } from './columns'
import { copyID, formOf } from './form'
import type { Edited } from './index'

interface ProfileDrawerProps {
  id: string
  may: boolean
  onEdit: (edited: Edited) => void
  onClose: () => void
}

/** One profile: what it is for, what it says, and what can be done with it. */
export function ProfileDrawer({ id, may, onEdit, onClose }: ProfileDrawerProps) {
  const { t } = useTranslation()
  const profiles = useQuery(profilesQuery)
  const profile = profiles.data?.find((p) => p.id === id)
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={profile?.name ?? id} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Loaded query={profiles}>
        {(all) => profile
          ? <Content profile={profile} taken={all.map((p) => p.id)} may={may} onEdit={onEdit} onClose={onClose} />
          : <EmptyState title={t('quirks.gone', { id })}>{t('quirks.goneTry')}</EmptyState>}
      </Loaded>
    </Drawer>
  )
}

function Content({ profile, taken, may, onEdit, onClose }: Omit<ProfileDrawerProps, 'id'> & { profile: QuirkProfile; taken: readonly string[] }) {
  const { t } = useTranslation()
  return (
    <Stack gap="md">
      <DataList facts={[
        [t('quirks.id'), <Code key="id">{profile.id}</Code>],
        [t('quirks.state'), <ProfileSigns key="state" profile={profile} />],
        [t('quirks.why'), profile.why],
        [t('quirks.devices'), <DevicesText key="devices" devices={profile.devices} />],
        [t('quirks.priority'), profile.priority],
        [t('quirks.updatedAt'), profile.updatedAt ? <span key="at"><Moment at={profile.updatedAt} exact /> · <Actor actor={profile.updatedBy ?? ''} /></span> : undefined],
      ]} />
      <div>
        <Title order={3} size="h4" id="says" mb={4}>{t('quirks.says')}</Title>
        {Object.keys(profile.behaviour).length === 0 ? <Text c="dimmed">{t('quirks.saysNothing')}</Text> : <FieldTable labelledBy="says" behaviour={profile.behaviour} />}
      </div>
      {may && <Deeds profile={profile} taken={taken} onEdit={onEdit} onClose={onClose} />}
    </Stack>
  )
}

function Deeds({ profile, taken, onEdit, onClose }: Omit<Parameters<typeof Content>[0], 'may'>) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const remove = useDeleteProfile(profile.id)
  const edit = () => onEdit({ form: formOf(profile), revision: profile.revision, exists: true })
  const copy = () => onEdit({ form: formOf({ ...profile, id: copyID(profile.id, taken) }), revision: 0, exists: false })
  const removed = async () => {
    await remove.mutateAsync()
    // A built-in profile in whose place it stood is there again.
    if (!profile.replaces) onClose()
  }
  return (
    <>
      {profile.builtIn && <Text size="sm" c="dimmed">{t('quirks.builtInMeans')}</Text>}
      <Group gap="xs">
        <Button variant="default" onClick={edit}>{t(profile.builtIn ? 'quirks.replace' : 'quirks.edit')}</Button>
        <Button variant="default" onClick={copy}>{t('quirks.copy')}</Button>
        {!profile.builtIn && <Button variant="outline" color="red" onClick={() => setAsking(true)}>{t(profile.replaces ? 'quirks.restore' : 'quirks.delete')}</Button>}
      </Group>
      {asking && (
        <ConfirmDeed title={t('quirks.deleteTitle', { name: profile.name })} deed={t(profile.replaces ? 'quirks.restore' : 'quirks.delete')} harmful onClose={() => setAsking(false)} onConfirm={removed}>
          {t(profile.replaces ? 'quirks.restoreMeans' : 'quirks.deleteMeans')}
        </ConfirmDeed>
      )}
    </>
  )
}
