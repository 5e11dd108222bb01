import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DataModel } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'
import { Moment } from '@/time/Moment'

/** The columns of the list of data models. */
export function useDataModelColumns(): Column<DataModel>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { key: 'productClass', title: t('dataModels.productClass'), width: 'minmax(9rem, 1.2fr)', cell: (model) => model.productClass || '–' },
      { key: 'manufacturer', title: t('dataModels.manufacturer'), width: 'minmax(9rem, 1.2fr)', cell: (model) => model.manufacturer || '–' },
      { key: 'firmware', title: t('dataModels.firmware'), width: 'minmax(7rem, 1fr)', cell: (model) => model.softwareVersion || '–' },
      { key: 'root', title: t('dataModels.root'), width: 'minmax(8rem, 1fr)', cell: (model) => <code>{model.root}</code> },
      { key: 'pack', title: t('dataModels.pack'), width: '7rem', cell: (model) => model.pack || '–' },
      { key: 'unmapped', title: t('dataModels.unmapped'), width: 'minmax(8rem, 1fr)', cell: (model) => (model.unmapped.length === 0 ? t('dataModels.allMapped') : t('dataModels.unmappedCount', { count: model.unmapped.length })) },
      { key: 'updatedAt', title: t('dataModels.updatedAt'), width: 'minmax(7rem, 0.8fr)', cell: (model) => <Moment at={model.updatedAt} /> },
    ],
    [t],
  )
}
