import { SimpleGrid, Table, Text, Title } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'

type Plan = Schemas['SettingsPlan']

/** How many devices change, by model and by group. */
export function PlanNumbers({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  return (
    <>
      {plan.unserved > 0 && <Text size="sm" c="dimmed">{t('settings.plan.unserved', { count: plan.unserved })}</Text>}
      {plan.changed > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Counts title={t('settings.plan.byModel')} none={t('settings.plan.noModel')} counts={plan.byModel} />
          <Counts title={t('settings.plan.byGroup')} none={t('settings.plan.noGroup')} counts={plan.byGroup} />
        </SimpleGrid>
      )}
    </>
  )
}

function Counts({ title, none, counts }: { title: string; none: string; counts: Plan['byModel'] }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div>
      <Title order={3} size="h5" id={id}>{title}</Title>
      <Table aria-labelledby={id} verticalSpacing={2}>
        <Table.Tbody>
          {counts.map(({ name, count, others }) => (
            <Table.Tr key={others ? '…' : name}>
              <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>{others ? t('settings.plan.others') : name || none}</Table.Th>
              <Table.Td ta="right">{count}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
