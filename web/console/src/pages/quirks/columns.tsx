import { Badge, Group, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuirkProfile } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'
import { saidFields } from '@/quirks/fields'
import { Moment } from '@/time/Moment'

/** The columns of the list of profiles. */
export function useProfileColumns(): Column<QuirkProfile>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { key: 'name', title: t('quirks.name'), width: 'minmax(12rem, 2fr)', cell: (profile) => <>{profile.name}</> },
      { key: 'state', title: t('quirks.state'), width: 'minmax(8rem, 1fr)', cell: (profile) => <ProfileSigns profile={profile} /> },
      { key: 'devices', title: t('quirks.devices'), width: 'minmax(10rem, 2fr)', cell: (profile) => <DevicesText devices={profile.devices} /> },
      { key: 'fields', title: t('quirks.says'), width: 'minmax(10rem, 2fr)', cell: (profile) => <Text span size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>{saidFields(profile.behaviour).join(', ') || '–'}</Text> },
      { key: 'priority', title: t('quirks.priority'), width: '6rem', cell: (profile) => profile.priority },
      { key: 'updatedAt', title: t('quirks.updatedAt'), width: '8rem', cell: (profile) => (profile.updatedAt ? <Moment at={profile.updatedAt} /> : '–') },
    ],
    [t],
  )
}

/** Where a profile comes from and whether it is in force, in words. */
export function ProfileSigns({ profile }: { profile: QuirkProfile }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} component="span">
      <Badge variant="outline" color="gray" tt="none">{t(profile.builtIn ? 'quirks.builtIn' : profile.replaces ? 'quirks.replaces' : 'quirks.own')}</Badge>
      {profile.disabled && <Badge variant="outline" color="gray" tt="none">{t('quirks.disabled')}</Badge>}
    </Group>
  )
}

/** Which devices a profile is for: the patterns that must match. */
export function DevicesText({ devices }: { devices: QuirkProfile['devices'] }) {
  const { t } = useTranslation()
  const patterns = (['manufacturer', 'oui', 'productClass', 'softwareVersion'] as const).flatMap((field) => (devices[field] ? [`${t(`quirks.device.${field}`)}: ${devices[field]}`] : []))
  return <span style={{ overflowWrap: 'anywhere' }}>{patterns.join(' · ')}</span>
}
