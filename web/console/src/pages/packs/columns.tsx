import { Anchor, Badge, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pack } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'
import { builtIn, shortVersion } from './version'

/** The columns of the list of packs. */
export function usePackColumns(): Column<Pack>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { key: 'title', title: t('packs.name'), width: 'minmax(10rem, 1.5fr)', cell: (pack) => <PackLink pack={pack} /> },
      { key: 'vendor', title: t('packs.vendor'), width: 'minmax(8rem, 1fr)', cell: (pack) => pack.vendor },
      { key: 'models', title: t('packs.models'), width: '6rem', cell: (pack) => pack.models },
      { key: 'active', title: t('packs.active'), width: 'minmax(8rem, 1fr)', cell: (pack) => <ActiveVersion pack={pack} /> },
      { key: 'problem', title: t('packs.problem'), width: 'minmax(10rem, 2fr)', cell: (pack) => (pack.problem ? <Text span size="sm" c="var(--dialtone-bad)">{pack.problem}</Text> : '–') },
    ],
    [t],
  )
}

function PackLink({ pack }: { pack: Pack }) {
  return <Anchor component={Link} to={`/packs/${encodeURIComponent(pack.name)}` as string}>{pack.title}</Anchor>
}

/** Which version of a pack is in force, in words. */
export function ActiveVersion({ pack: { active } }: { pack: Pick<Pack, 'active'> }) {
  const { t } = useTranslation()
  if (active === '') return <Badge variant="outline" color="gray" tt="none">{t('packs.inactive')}</Badge>
  return <Group gap={4} component="span"><Badge variant="outline" color="gray" tt="none">{active === builtIn ? t('packs.builtIn') : t('packs.uploaded')}</Badge>{active !== builtIn && <code title={active}>{shortVersion(active)}</code>}</Group>
}
