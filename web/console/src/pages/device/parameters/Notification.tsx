import { Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBook } from './context'
import { PathBlock } from './PathBlock'
import { SendDialog } from './SendDialog'

const usual = [0, 1, 2]
const lightweight = [3, 4, 5, 6]

/** Chooses whether the phone reports changes of a parameter. */
export function Notification({ path, onClose }: { path: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { book } = useBook()
  const now = book.index.get(path)?.notification ?? null
  const [value, setValue] = useState(now === null ? '' : String(now))
  const choices = now !== null && now > 2 ? [...usual, ...lightweight] : usual
  return (
    <SendDialog title={t('parameters.notification.action')} deed={t('parameters.notification.deed')} disabled={value === ''} onClose={onClose}
      body={{ kind: 'setParameterAttributes', parameters: [{ path, notification: Number(value) }] }}>
      <PathBlock path={path} />
      <Text my="sm">{t(now === null ? 'parameters.notification.unknown' : 'parameters.notification.explanation')}</Text>
      <Radio.Group value={value} onChange={setValue} label={t('parameters.notification.label')}>
        <Stack gap={6} mt={6}>{choices.map((n) => <Radio key={n} value={String(n)} label={t(`parameters.notification.${n}`)} />)}</Stack>
      </Radio.Group>
    </SendDialog>
  )
}
