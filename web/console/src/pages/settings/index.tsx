import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/parts/PageHeader'
import { SettingsEditor } from '@/settings/SettingsEditor'

const global = { kind: 'global' } as const

/** The settings of all phones, above those of groups and of single phones. */
export default function SettingsPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('settings.title')}>
        {t('settings.explanation')} <Anchor underline="always" component={Link} to={'/groups' as string}>{t('settings.toGroups')}</Anchor>
      </PageHeader>
      <SettingsEditor level={global} />
    </>
  )
}
