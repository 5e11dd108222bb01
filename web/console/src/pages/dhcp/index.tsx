import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { dhcpServersQuery, useDhcpConfiguration } from './api'
import { Configuration } from './Configuration'
import { QuestionForm } from './QuestionForm'

/** What a DHCP server is to say so that phones find this server by themselves. */
export default function DhcpPage() {
  const { t } = useTranslation()
  const servers = useQuery(dhcpServersQuery)
  const ask = useDhcpConfiguration()
  return (
    <>
      <PageHeader title={t('dhcp.title')}>{t('dhcp.explanation')}</PageHeader>
      <Loaded query={servers}>
        {(data) => (
          <Stack gap="md" maw={960}>
            <QuestionForm servers={data} busy={ask.isPending} onAsk={(question) => ask.mutate(question)} />
            <ProblemAlert problem={ask.error} />
            {ask.data && <Configuration configuration={ask.data} />}
            {!ask.data && data.ciscoOrder.length > 0 && <Text size="sm" c="dimmed">{t('dhcp.ciscoOrder', { options: data.ciscoOrder.join(', ') })}</Text>}
          </Stack>
        )}
      </Loaded>
    </>
  )
}
