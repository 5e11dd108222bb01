import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useBook } from './context'
import { PathBlock } from './PathBlock'
import { SendDialog } from './SendDialog'

/** Has the phone delete an instance, after it is said what goes with it. */
export function DeleteInstance({ path, onClose }: { path: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { book } = useBook()
  const below = [...book.index.under(path)].filter((p) => p !== path).length
  return (
    <SendDialog title={t('parameters.delete.title')} deed={t('parameters.delete.deed')} danger body={{ kind: 'deleteObject', objectName: path }} onClose={onClose}>
      <PathBlock path={path} />
      <Text mt="sm">{t('parameters.delete.explanation', { count: below })}</Text>
    </SendDialog>
  )
}
