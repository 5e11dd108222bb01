import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { BulkForm } from './payload'

type Rows = BulkForm['parameters']

const mostRows = 50

/** Parameters with the values that they are to get. */
export function ParameterRows({ rows, onChange }: { rows: Rows; onChange: (rows: Rows) => void }) {
  const { t } = useTranslation()
  const set = (at: number, some: Partial<Rows[number]>) => onChange(rows.map((row, i) => (i === at ? { ...row, ...some } : row)))
  return (
    <Stack gap="xs">
      {rows.map((row, i) => (
        <Group key={i} gap="xs" align="flex-end" wrap="nowrap">
          <TextInput style={{ flex: 2 }} label={t('devices.bulk.parameter')} value={row.path} placeholder="Device.Time.NTPServer1" spellCheck={false}
            data-autofocus={i === 0 || undefined} onChange={(event) => set(i, { path: event.currentTarget.value })} />
          <TextInput style={{ flex: 1 }} label={t('devices.bulk.value')} value={row.value} spellCheck={false} onChange={(event) => set(i, { value: event.currentTarget.value })} />
          <ActionIcon mb={1} disabled={rows.length === 1} onClick={() => onChange(rows.filter((_, at) => at !== i))} aria-label={t('devices.bulk.removeParameter', { number: i + 1 })}>
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} disabled={rows.length >= mostRows} onClick={() => onChange([...rows, { path: '', value: '' }])}>
          {t('devices.bulk.addParameter')}
        </Button>
      </Group>
    </Stack>
  )
}
