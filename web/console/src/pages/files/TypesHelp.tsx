import { useTranslation } from 'react-i18next'
import { DataList } from '@/parts/DataList'
import { knownTypes } from './fields'

/** What the types of files mean, for those who ask. */
export function TypesHelp() {
  const { t } = useTranslation()
  return (
    <details style={{ marginBottom: 16 }}>
      <summary style={{ cursor: 'pointer', minHeight: 24 }}>{t('files.types.title')}</summary>
      <DataList facts={knownTypes.map((type) => [type, t(`files.types.${type[0] as '1'}`)] as const)} />
      <p>{t('files.types.note')}</p>
    </details>
  )
}
