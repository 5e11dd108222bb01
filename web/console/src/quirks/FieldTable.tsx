import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { WideTable } from '@/parts/WideTable'
import { isKnown, saidFields, valueText } from './fields'

interface FieldTableProps {
  /** The id of the heading that names the table. */
  labelledBy: string
  behaviour: Record<string, unknown>
  /** What stands in a last column for a field, such as who decides it. */
  last?: { title: string; cell: (field: string) => ReactNode }
}

/** The fields of a behaviour with what they mean and say. */
export function FieldTable({ labelledBy, behaviour, last }: FieldTableProps) {
  const { t } = useTranslation()
  const words = { yes: t('quirks.yes'), no: t('quirks.no'), none: t('quirks.nothing') }
  return (
    <WideTable labelledBy={labelledBy} minWidth={last ? 440 : 300}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('quirks.field')}</Table.Th>
          <Table.Th scope="col">{t('quirks.value')}</Table.Th>
          {last && <Table.Th scope="col">{last.title}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {saidFields(behaviour).map((field) => (
          <Table.Tr key={field}>
            <Table.Th scope="row" fw={400}><FieldName field={field} /></Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{valueText(behaviour[field], words)}</Table.Td>
            {last && <Table.Td>{last.cell(field)}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function FieldName({ field }: { field: string }) {
  const { t } = useTranslation()
  return (
    <>
      {isKnown(field) && <Text span fw={600}>{t(`quirks.fields.${field}.name`)} </Text>}
      <Text span size="xs" c="dimmed" ff="monospace">{field}</Text>
      {isKnown(field) && <Text size="xs" c="dimmed">{t(`quirks.fields.${field}.means`)}</Text>}
    </>
  )
}
