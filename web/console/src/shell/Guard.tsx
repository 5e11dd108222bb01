import { useQuery } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/auth/me'
import { EmptyState } from '@/parts/EmptyState'
import { PageHeader } from '@/parts/PageHeader'
import { mayOpen, type PageEntry } from './page'

/** Shows a page to those who may see it, and tells the others what they lack. */
export function Guard({ page, children }: { page: PageEntry; children: ReactNode }) {
  const { t } = useTranslation()
  const { data: me } = useQuery(meQuery)
  const title = t(page.title)
  useEffect(() => {
    document.title = `${title} · Dialtone`
  }, [title])
  if (page.frame === 'bare' || (me && mayOpen(page, me))) return children
  return (
    <>
      <PageHeader title={title} />
      <EmptyState title={t('shell.forbidden.title')}>
        {page.permission && t('shell.forbidden.permission', { permission: page.permission })}
        {page.wholeFleet && ` ${t('shell.forbidden.wholeFleet')}`}
      </EmptyState>
    </>
  )
}
