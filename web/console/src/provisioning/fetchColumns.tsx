import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fetch } from '@/api/types'
import { DeviceName } from '@/devices/DeviceName'
import type { Column } from '@/listing/VirtualTable'
import { bytesText } from '@/pages/files/bytes'
import { Moment } from '@/time/Moment'
import { FetchResult } from './FetchResult'

/** The columns of a list of requests; that of one device needs none for the device. */
export function useFetchColumns(withDevice: boolean): Column<Fetch>[] {
  const { t, i18n } = useTranslation()
  return useMemo(() => {
    const device: Column<Fetch> = { key: 'device', title: t('fetches.device'), width: 'minmax(8rem, 1fr)', cell: (fetch) => <Phone fetch={fetch} /> }
    return [
      { key: 'at', title: t('fetches.at'), width: 'minmax(9rem, 0.8fr)', cell: (fetch) => <Moment at={fetch.at} exact /> },
      ...(withDevice ? [device] : []),
      { key: 'path', title: t('fetches.path'), width: 'minmax(12rem, 2fr)', cell: (fetch) => <Text span size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>{fetch.path}</Text> },
      { key: 'status', title: t('fetches.status'), width: 'minmax(10rem, 1.4fr)', cell: (fetch) => <FetchResult fetch={fetch} /> },
      { key: 'bytes', title: t('fetches.bytes'), width: '6rem', cell: (fetch) => bytesText(fetch.bytes, i18n.language) },
      { key: 'from', title: t('fetches.from'), width: 'minmax(8rem, 0.8fr)', cell: (fetch) => `${fetch.protocol} · ${fetch.address}` },
      { key: 'userAgent', title: t('fetches.userAgent'), width: 'minmax(9rem, 1.2fr)', cell: (fetch) => fetch.userAgent || '–' },
    ]
  }, [t, i18n.language, withDevice])
}

function Phone({ fetch }: { fetch: Fetch }) {
  const { t } = useTranslation()
  if (!fetch.device) return <Text span c="dimmed">{t('fetches.unknown')}</Text>
  return <Anchor component={Link} to={`/devices/${fetch.device}` as string} search={{ tab: 'files' } as never}><DeviceName id={fetch.device} /></Anchor>
}
