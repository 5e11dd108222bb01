import { SegmentedControl, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SettingsEditor } from '@/settings/SettingsEditor'
import { useDeviceScope } from '../context'

const kinds = ['device', 'user'] as const

/** What the phone should have, which level says so, and what is declared for the phone itself or chosen by its user. */
export default function SettingsTab() {
  const { t } = useTranslation()
  const { device: { id } } = useDeviceScope()
  const [kind, setKind] = useState<(typeof kinds)[number]>('device')
  const level = useMemo(() => ({ kind, id }), [kind, id])
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('settings.deviceExplanation')}</Text>
      <SegmentedControl
        size="xs" mb="sm" aria-label={t('settings.whose')} value={kind} onChange={(value) => setKind(value as typeof kind)}
        data={kinds.map((value) => ({ value, label: t(`settings.of.${value}`) }))}
      />
      <SettingsEditor key={kind} level={level} />
    </>
  )
}
