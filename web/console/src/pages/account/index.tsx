import { Card, SimpleGrid, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/auth/me'
import { NewPassword } from '@/auth/NewPassword'
import { DataList } from '@/parts/DataList'
import { PageHeader } from '@/parts/PageHeader'
import { Moment } from '@/time/Moment'
import { SecondFactorPart } from './SecondFactor'
import { Sessions } from './Sessions'
import { Tokens } from './Tokens'

/** What somebody may see and change of themselves. */
export default function AccountPage() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <>
      <PageHeader title={t('account.title')}>{t('account.explanation')}</PageHeader>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Part title={t('account.profile')}><Profile /></Part>
        {me.hasPassword && (
          <Part title={t('password.title')}>
            <NewPassword name={me.name ?? ''} onChanged={() => notifications.show({ message: t('password.changed') })} />
          </Part>
        )}
        {me.hasPassword ? <Part title={t('secondFactor.title')}><SecondFactorPart /></Part>
          : <Part title={t('password.title')}><Text>{t('account.external')}</Text></Part>}
        <Part title={t('account.tokens.title')}><Tokens /></Part>
      </SimpleGrid>
      <Card withBorder mt="md">
        <Sessions />
      </Card>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} mb="xs">{title}</Title>
      {children}
    </Card>
  )
}

function Profile() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <DataList facts={[
      [t('account.name'), me.name ?? me.actor],
      [t('account.displayName'), me.displayName],
      [t('account.role'), me.role],
      [t('account.scope'), me.scope || t('account.wholeFleet')],
      [t('account.lastSignIn'), <Moment key="at" at={me.lastSignIn} />],
      [t('account.permissions'), me.permissions.join(', ')],
    ]} />
  )
}
