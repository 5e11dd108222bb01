import { Button, Group, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Stranger } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'
import { Moment } from '@/time/Moment'
import { strangerName } from './adoption'

interface Deeds {
  /** Absent for those who may not. */
  onAdopt?: (stranger: Stranger) => void
  onForget?: (stranger: Stranger) => void
}

/** The columns of the list of phones that are not known. */
export function useStrangerColumns({ onAdopt, onForget }: Deeds): Column<Stranger>[] {
  const { t } = useTranslation()
  return useMemo(() => {
    const columns: Column<Stranger>[] = [
      { key: 'mac', title: t('strangers.mac'), width: 'minmax(9rem, 1fr)', cell: (stranger) => <Text span ff="monospace" size="sm">{stranger.mac || stranger.serialNumber || '–'}</Text> },
      { key: 'model', title: t('strangers.model'), width: 'minmax(7rem, 1fr)', cell: (stranger) => stranger.model || '–' },
      { key: 'address', title: t('strangers.address'), width: 'minmax(8rem, 1fr)', cell: (stranger) => `${stranger.protocol} · ${stranger.address}` },
      { key: 'path', title: t('strangers.path'), width: 'minmax(10rem, 2fr)', cell: (stranger) => <Asked stranger={stranger} /> },
      { key: 'last', title: t('strangers.last'), width: 'minmax(7rem, 0.8fr)', cell: (stranger) => <Moment at={stranger.last} /> },
      { key: 'requests', title: t('strangers.requests'), width: '6rem', cell: (stranger) => stranger.requests },
    ]
    if (!onAdopt && !onForget) return columns
    const buttons = (stranger: Stranger) => (
      <Group gap={6} wrap="nowrap">
        {onAdopt && <Button size="xs" onClick={() => onAdopt(stranger)} aria-label={t('strangers.adoptOne', { phone: strangerName(stranger) })}>{t('strangers.adopt')}</Button>}
        {onForget && <Button size="xs" variant="default" onClick={() => onForget(stranger)} aria-label={t('strangers.forgetOne', { phone: strangerName(stranger) })}>{t('strangers.forget')}</Button>}
      </Group>
    )
    return [...columns, { key: 'deeds', title: t('strangers.actions'), width: '13rem', cell: buttons }]
  }, [t, onAdopt, onForget])
}

function Asked({ stranger }: { stranger: Stranger }) {
  return (
    <div>
      <Text span size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>{stranger.path}</Text>
      {stranger.userAgent && <Text size="xs" c="dimmed">{stranger.userAgent}</Text>}
    </div>
  )
}
