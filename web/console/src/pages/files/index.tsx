import { Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { File as StoredFile } from '@/api/types'
import { useMay, useWholeFleet } from '@/auth/me'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { useDeleteFile, useFiles } from './api'
import { useFileColumns } from './columns'
import { SendToPhone } from './SendToPhone'
import { TypesHelp } from './TypesHelp'
import { Uploads } from './Uploads'

/** The files that devices can be told to fetch. */
export default function FilesPage() {
  const { t } = useTranslation()
  const mayWrite = useMay('files.write')
  const wholeFleet = useWholeFleet()
  const may = mayWrite && wholeFleet
  const [{ filter }, change] = useUrlState(['filter'])
  const [wanted] = useDebouncedValue(filter.trim(), 300)
  const { query, items, total, more } = useFiles(wanted)
  const [deleted, setDeleted] = useState<StoredFile>()
  const [sent, setSent] = useState<StoredFile>()
  const maySend = useMay('tasks.write')
  const columns = useFileColumns({ ...(maySend && { onSend: setSent }), ...(may && { onDelete: setDeleted }) })
  return (
    <>
      <PageHeader title={t('files.title')}>{t('files.explanation')}</PageHeader>
      <TypesHelp />
      {may ? <Uploads onSend={maySend ? setSent : undefined} /> : <Text c="dimmed" mb="md">{mayWrite ? t('files.mayNotLimited') : t('files.mayNot')}</Text>}
      <TextInput
        type="search" aria-label={t('files.search')} placeholder={t('files.search')} leftSection={<IconSearch size={16} aria-hidden />} w={360} maw="100%" mb="sm"
        value={filter} onChange={(event) => change({ filter: event.currentTarget.value }, { replace: true })} spellCheck={false}
      />
      <Loaded query={query}>
        {() => (items.length === 0
          ? <EmptyState title={wanted ? t('files.none.found') : t('files.none.title')}>{wanted ? t('files.none.search') : t('files.none.try')}</EmptyState>
          : <VirtualTable label={t('files.title')} columns={columns} items={items} idOf={(file) => file.name} onEnd={more} total={total} />)}
      </Loaded>
      {sent && <SendToPhone file={sent} onClose={() => setSent(undefined)} />}
      {deleted && <DeleteFile file={deleted} onClose={() => setDeleted(undefined)} />}
    </>
  )
}

function DeleteFile({ file, onClose }: { file: StoredFile; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useDeleteFile(file.name)
  return (
    <ConfirmDeed title={t('files.deleteOne', { name: file.name })} deed={t('files.deleteDeed')} harmful onClose={onClose} onConfirm={() => remove.mutateAsync()}>
      {t('files.deleteMeans', { name: file.name })}
    </ConfirmDeed>
  )
}
