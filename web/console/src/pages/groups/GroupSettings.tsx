import { Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { SettingsEditor } from '@/settings/SettingsEditor'

/** The settings of the phones of a group and of all groups below it. */
export default function GroupSettings({ path }: { path: string }) {
  const { t } = useTranslation()
  const level = useMemo(() => ({ kind: 'group' as const, id: path }), [path])
  return (
    <>
      <Text c="dimmed" size="xs" mb="sm">{t('settings.groupExplanation')}</Text>
      <SettingsEditor level={level} />
    </>
  )
}
