import { Button, Code, Group, Modal, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { revealParameter } from '../api'
import { useDeviceScope } from '../context'
import { copyText } from './copy'
import { PathBlock } from './PathBlock'

/** Shows a secret, after it is said that the audit log notes it. The value is kept nowhere beyond this dialog. */
export function Reveal({ path, onClose }: { path: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const reveal = useMutation({ mutationFn: () => revealParameter(device.id, path), gcTime: 0 })
  return (
    <Modal opened onClose={onClose} title={t('parameters.reveal.title')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <PathBlock path={path} />
      <Text my="sm">{t('parameters.reveal.explanation')}</Text>
      <div role="status">{reveal.data && (reveal.data.value === '' ? <Text fs="italic">{t('parameters.emptyValue')}</Text> : <Code block fz="md">{reveal.data.value}</Code>)}</div>
      <ProblemAlert problem={reveal.error} mt="sm" />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>{t('parts.close')}</Button>
        {reveal.data ? <Button onClick={() => void copyText(reveal.data.value)}>{t('parameters.copyValue')}</Button>
          : <Button onClick={() => reveal.mutate()} loading={reveal.isPending} data-autofocus>{t('parameters.reveal.deed')}</Button>}
      </Group>
    </Modal>
  )
}
