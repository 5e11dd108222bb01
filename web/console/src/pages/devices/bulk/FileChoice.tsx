import { Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { useMay } from '@/auth/me'
import { ProblemAlert } from '@/parts/ProblemAlert'

const mostFiles = 1000

/** Chooses one of the server's files. */
export function FileChoice({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const { t } = useTranslation()
  const may = useMay('files.read')
  const files = useQuery({
    queryKey: keys.files({ pageSize: mostFiles }), enabled: may,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/files', { params: { query: { pageSize: mostFiles } }, signal })),
  })
  if (!may) return <Text>{t('devices.lacksPermission', { permission: 'files.read' })}</Text>
  const choices = (files.data?.items ?? []).map((f) => ({ value: f.name, label: [f.name, f.version, f.type].filter(Boolean).join(' · ') }))
  return (
    <>
      <ProblemAlert problem={files.error} retry={() => void files.refetch()} mb="xs" />
      <Select label={t('devices.bulk.file')} data={choices} value={value || null} onChange={(name) => onChange(name ?? '')} searchable data-autofocus
        nothingFoundMessage={t('devices.bulk.noFile')} placeholder={choices.length === 0 && !files.isPending ? t('devices.bulk.noFile') : ''} comboboxProps={{ withinPortal: true }} />
    </>
  )
}
