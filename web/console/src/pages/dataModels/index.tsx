import { useTranslation } from 'react-i18next'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { useDataModels } from './api'
import { useDataModelColumns } from './columns'
import { ModelDrawer } from './ModelDrawer'

/** What the models of phones that speak CWMP told of their parameters, and which settings cannot reach them. */
export default function DataModelsPage() {
  const { t } = useTranslation()
  const { query, items, more } = useDataModels()
  const columns = useDataModelColumns()
  const [{ model }, change] = useUrlState(['model'])
  const close = () => change({ model: '' })
  return (
    <>
      <PageHeader title={t('dataModels.title')}>{t('dataModels.explanation')}</PageHeader>
      <Loaded query={query}>
        {() => (items.length === 0
          ? <EmptyState title={t('dataModels.none')}>{t('dataModels.noneTry')}</EmptyState>
          : <VirtualTable label={t('dataModels.title')} columns={columns} items={items} idOf={({ id }) => id} open={model} onOpen={(id) => change({ model: id })} onEnd={more} />)}
      </Loaded>
      {model && <ModelDrawer id={model} onClose={close} />}
    </>
  )
}
