import { Anchor, Text } from '@mantine/core'
import { IconBan, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditEntry } from '@/api/types'
import { DeviceName } from '@/devices/DeviceName'
import type { Column } from '@/listing/VirtualTable'
import { Actor } from '@/parts/Actor'
import { Moment } from '@/time/Moment'
import { deviceOf, kindOf } from './choice'
import { outcomeOf } from './difference'

/** The columns of the audit log. */
export function useAuditColumns(): Column<AuditEntry>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { key: 'action', title: t('audit.action'), width: 'minmax(9rem, 1.2fr)', cell: (entry) => <Deed entry={entry} /> },
      { key: 'at', title: t('audit.at'), width: '14rem', cell: (entry) => <Moment at={entry.at} exact /> },
      { key: 'actor', title: t('audit.actor'), width: 'minmax(8rem, 1.3fr)', cell: (entry) => <Actor actor={entry.actor} /> },
      { key: 'target', title: t('audit.target'), width: 'minmax(8rem, 1.6fr)', cell: (entry) => <Target entry={entry} /> },
      { key: 'outcome', title: t('audit.outcome'), width: '10.5rem', cell: (entry) => <Outcome status={entry.outcome} /> },
    ],
    [t],
  )
}

/** What was done: the call, and of a task its kind. */
function Deed({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation()
  const kind = kindOf(entry)
  const known = kind !== '' && i18n.exists(`task.kind.${kind}.name`)
  return <>{entry.action}{known && <Text span size="xs" c="dimmed" display="block">{t(`task.kind.${kind}.name`)}</Text>}</>
}

/** What it was done to; a device is called as people call it. */
function Target({ entry }: { entry: AuditEntry }) {
  const device = deviceOf(entry)
  if (device === '') return entry.target || '–'
  return (
    <span title={entry.target}>
      <Anchor component={Link} to={`/devices/${device}` as string}><DeviceName id={device} /></Anchor>
      {!entry.target.startsWith('device/') && <Text span size="xs" c="dimmed" display="block">{entry.target}</Text>}
    </span>
  )
}

const looks = { done: [IconCircleCheck, 'good'], refused: [IconBan, 'warn'], failed: [IconCircleX, 'bad'] } as const

/** How an action ended: a sign, a word and the status. */
export function Outcome({ status }: { status: number | string }) {
  const { t } = useTranslation()
  const outcome = outcomeOf(status)
  const [Sign, tone] = looks[outcome]
  return (
    <span style={{ display: 'inline-flex', gap: 5, alignItems: 'center', color: `var(--dialtone-${tone})` }}>
      <Sign size={16} aria-hidden /> {t(`audit.outcomes.${outcome}`)} {status}
    </span>
  )
}
