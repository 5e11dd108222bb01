import { Button, Group, Text } from '@mantine/core'
import { IconDownload, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { useDeviceScope } from '../context'
import { activeFilters, activeOrder, conversationsOf } from './conversation'
import { Conversations } from './Conversations'
import { TraceSwitch } from './TraceSwitch'
import { exportPath, traceOrdersQuery, traceQuery, useDeleteTrace } from './api'

/** What the phone and the server say to each other, word for word. */
export default function TraceTab() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const orders = useQuery(traceOrdersQuery)
  const order = activeOrder(orders.data ?? [], device.id)
  const filters = activeFilters(orders.data ?? [])
  const trace = useQuery(traceQuery(device.id, order !== undefined || filters.length > 0))
  const conversations = useMemo(() => conversationsOf(trace.data ?? []), [trace.data])
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('trace.explanation')}</Text>
      <Loaded query={orders}>{() => <TraceSwitch key={order?.id ?? 'none'} order={order} filters={filters} />}</Loaded>
      <Loaded query={trace}>
        {(messages) => messages.length === 0
          ? <EmptyState title={t(order ? 'trace.waiting' : 'trace.none')}>{t(order ? 'trace.waitingTry' : 'trace.noneTry')}</EmptyState>
          : <><Tools count={messages.length} /><Conversations conversations={conversations} /></>}
      </Loaded>
    </>
  )
}

function Tools({ count }: { count: number }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const may = useMay('traces.write')
  const remove = useDeleteTrace(device.id)
  const [asking, setAsking] = useState(false)
  return (
    <Group justify="space-between" mb="xs" gap="xs">
      <Text size="sm" role="status">{t('trace.messages', { count })}</Text>
      <Group gap="xs">
        <Button component="a" size="xs" variant="default" href={exportPath(device.id)} download leftSection={<IconDownload size={16} aria-hidden />}>{t('trace.download')}</Button>
        {may && <Button size="xs" variant="default" onClick={() => setAsking(true)} leftSection={<IconTrash size={16} aria-hidden />}>{t('trace.delete')}</Button>}
      </Group>
      {asking && (
        <ConfirmDeed title={t('trace.deleteTitle')} deed={t('trace.deleteDeed')} harmful onClose={() => setAsking(false)} onConfirm={() => remove.mutateAsync()}>{t('trace.deleteMeans')}</ConfirmDeed>
      )}
    </Group>
  )
}
