import { Button, Card, Group, SegmentedControl, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeviceSummary } from '@/api/types'
import { byModel } from './firmware'
import { FirmwareBars } from './FirmwareBars'
import { FirmwareTable } from './FirmwareTable'

const shownAtFirst = 8

/** Which firmware the devices of each model run. */
export function Firmware({ summary }: { summary: DeviceSummary }) {
  const { t } = useTranslation()
  const [form, setForm] = useState('bars')
  const [all, setAll] = useState(false)
  const models = byModel(summary.models)
  if (models.length === 0) return null
  const shown = all ? models : models.slice(0, shownAtFirst)
  return (
    <Card withBorder component="section" aria-labelledby="firmware">
      <Group justify="space-between" mb={4}>
        <Title order={2} id="firmware">{t('overview.firmware.title')}</Title>
        <SegmentedControl size="xs" value={form} onChange={setForm} aria-label={t('overview.form')}
          data={[{ value: 'bars', label: t('overview.bars') }, { value: 'table', label: t('overview.table') }]} />
      </Group>
      <Text size="sm" c="dimmed" mb="sm">{t('overview.firmware.explanation')}</Text>
      {form === 'bars' ? <FirmwareBars models={shown} /> : <FirmwareTable models={shown} />}
      {models.length > shownAtFirst && <Button variant="subtle" mt="xs" onClick={() => setAll(!all)}>{all ? t('overview.firmware.fewer') : t('overview.firmware.more', { count: models.length - shownAtFirst })}</Button>}
      {summary.others > 0 && <Text size="sm" c="dimmed" mt="xs">{t('overview.firmware.others', { count: summary.others })}</Text>}
    </Card>
  )
}
