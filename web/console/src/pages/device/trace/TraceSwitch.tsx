import { Alert, Button, Group, Select, Text, TextInput } from '@mantine/core'
import { IconPlayerRecordFilled } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { TraceOrder } from '@/api/types'
import { useMay } from '@/auth/me'
import { Actor } from '@/parts/Actor'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { duration } from '@/time/format'
import { Moment } from '@/time/Moment'
import { useDeviceScope } from '../context'
import { useEndTrace, useOrderTrace } from './api'
import classes from './trace.module.css'

const minutes = [10, 30, 60, 240, 1440]
const usual = 30

interface TraceSwitchProps {
  /** The order that traces this device now. */
  order?: TraceOrder
  /** The orders for many devices that are in force. */
  filters: readonly TraceOrder[]
}

/** Switches tracing on and off, and says what is being traced until when. */
export function TraceSwitch({ order, filters }: TraceSwitchProps) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('trace.switch')} className={classes.switch}>
      {order ? <Tracing order={order} /> : <Begin />}
      {filters.map((other) => (
        <Text key={other.id} size="sm" mt={6}>{t('trace.byFilter')} <code>{other.filter}</code> · {t('trace.until')} <Moment at={other.until} exact /> · <Actor actor={other.createdBy} /></Text>
      ))}
    </section>
  )
}

function Tracing({ order }: { order: TraceOrder }) {
  const { t } = useTranslation()
  const may = useMay('traces.write')
  const end = useEndTrace()
  return (
    <Alert color="blue" variant="outline" icon={<IconPlayerRecordFilled aria-hidden />} title={t('trace.tracing')} role="status">
      <Group justify="space-between" gap="xs">
        <Text>
          {t('trace.until')} <Moment at={order.until} exact /> (<Moment at={order.until} />) · {t('trace.by')} <Actor actor={order.createdBy} />
          {order.reason && <> · <q>{order.reason}</q></>}
        </Text>
        {may && <Button variant="default" loading={end.isPending} onClick={() => end.mutate(order.id)}>{t('trace.end')}</Button>}
      </Group>
      <ProblemAlert problem={end.error} mt="xs" />
    </Alert>
  )
}

function Begin() {
  const { t, i18n } = useTranslation()
  const { device } = useDeviceScope()
  const may = useMay('traces.write')
  const order = useOrderTrace(device.id)
  const [length, setLength] = useState(String(usual))
  const [reason, setReason] = useState('')
  if (!may) return <Text size="sm" c="dimmed">{t('device.lacks', { permission: 'traces.write' })}</Text>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    order.mutate({ minutes: Number(length), reason: reason.trim() })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm">
        <Select label={t('trace.howLong')} w={170} allowDeselect={false} value={length} onChange={(next) => next && setLength(next)}
          data={minutes.map((m) => ({ value: String(m), label: duration(m * 60_000, i18n.language) }))} />
        <TextInput label={t('trace.reason')} placeholder={t('trace.reasonExample')} flex="1 1 14rem" maw={420} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autoComplete="off" />
        <Button type="submit" loading={order.isPending} leftSection={<IconPlayerRecordFilled size={16} aria-hidden />}>{t('trace.begin')}</Button>
      </Group>
      <ProblemAlert problem={order.error} mt="xs" />
    </form>
  )
}
