import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Task } from '@/api/types'
import { queueTask } from '@/tasks/api'
import { useDeviceScope } from '../context'
import { useAttempt } from '../useAttempt'
import { PathBlock } from './PathBlock'
import { SendDialog } from './SendDialog'

/** Has the phone make a new instance of an object. */
export function AddInstance({ path, onClose }: { path: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const attempt = useAttempt()
  // The answer to an added instance is its number; what is in it has to be read.
  const read = (task: Task) => void attempt.run(() => queueTask(device.id, { kind: 'refresh', path, after: [task.id] }))
  return (
    <SendDialog title={t('parameters.add.action')} deed={t('parameters.add.deed')} body={{ kind: 'addObject', objectName: path }} onClose={onClose} onSent={read}>
      <PathBlock path={path} />
      <Text mt="sm">{t('parameters.add.explanation')}</Text>
    </SendDialog>
  )
}
