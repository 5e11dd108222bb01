import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/parts/EmptyState'
import { PageHeader } from '@/parts/PageHeader'

/** Tells that the address leads nowhere. */
export function NotFound() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('notFound.title')} />
      <EmptyState title={t('notFound.nothing')} action={<Button component={Link} to="/">{t('notFound.back')}</Button>}>{t('notFound.try')}</EmptyState>
    </>
  )
}
