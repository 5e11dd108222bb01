import { Anchor, Card, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { AttentionItem } from '@/api/types'
import { attentionQuery } from '@/devices/attention'
import { useNumbers } from '@/devices/numbers'
import { Loaded } from '@/parts/Loaded'
import classes from './overview.module.css'

const signs: Record<AttentionItem['severity'], [Icon, string]> = {
  high: [IconAlertTriangle, 'bad'], medium: [IconAlertTriangle, 'warn'], low: [IconInfoCircle, 'quiet'],
}

/** What needs a person now, the most urgent first, each with the way to it. */
export function Attention() {
  const { t } = useTranslation()
  const attention = useQuery(attentionQuery)
  return (
    <Card withBorder component="section" aria-labelledby="attention">
      <Title order={2} mb="xs" id="attention">{t('overview.attention.title')}</Title>
      <Loaded query={attention}>
        {({ items }) => items.length === 0 ? <AllWell /> : <ul className={classes.attention}>{items.map((item) => <Item key={item.kind + item.of} item={item} />)}</ul>}
      </Loaded>
    </Card>
  )
}

function AllWell() {
  const { t } = useTranslation()
  return (
    <Text className={classes.well}><IconCircleCheck size={20} aria-hidden style={{ color: 'var(--dialtone-good)' }} /> {t('overview.attention.nothing')}</Text>
  )
}

function Item({ item }: { item: AttentionItem }) {
  const { t, i18n } = useTranslation()
  const { count } = useNumbers()
  const [Sign, tone] = signs[item.severity] ?? signs.low
  const known = i18n.exists(`overview.attention.${item.kind}.what_other`)
  const number = count(item.count)
  const what = known ? t(`overview.attention.${item.kind}.what`, { count: item.count, number }) : t(`overview.attention.other.what`, { count: item.count, number, kind: item.kind })
  return (
    <li>
      <Sign size={20} aria-hidden style={{ color: `var(--dialtone-${tone})` }} />
      <div>
        <Anchor component={Link} to={`/${item.of}` as string} search={{ filter: item.filter } as never}>{what}</Anchor>
        <Text size="sm" c="dimmed">
          {t(`overview.attention.severity.${item.severity}`)} · {known ? t(`overview.attention.${item.kind}.try`) : t('overview.attention.other.try')}
        </Text>
      </div>
    </li>
  )
}
