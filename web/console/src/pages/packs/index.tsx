import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay, useWholeFleet } from '@/auth/me'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { packsQuery } from '@/provisioning/packs'
import { usePackColumns } from './columns'
import { Upload } from './Upload'

/** The vendor packs: what turns settings into the files of a maker's phones. */
export default function PacksPage() {
  const { t } = useTranslation()
  const mayWrite = useMay('packs.write')
  const wholeFleet = useWholeFleet()
  const may = mayWrite && wholeFleet
  const packs = useQuery(packsQuery)
  const columns = usePackColumns()
  return (
    <>
      <PageHeader title={t('packs.title')}>{t('packs.explanation')} {!may && t('packs.mayNot')}</PageHeader>
      {may && <Upload />}
      <Loaded query={packs}>
        {(all) => all.length === 0
          ? <EmptyState title={t('packs.none')}>{t('packs.noneTry')}</EmptyState>
          : <VirtualTable label={t('packs.title')} columns={columns} items={all} idOf={(pack) => pack.name} />}
      </Loaded>
    </>
  )
}
