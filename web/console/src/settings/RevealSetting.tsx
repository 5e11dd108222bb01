import { Button, Code, Group, Modal, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { revealSetting } from './api'
import { useDesk } from './desk'

/** The button that shows a secret in force on a device, for those who may see it. */
export function RevealSetting({ path, title }: { path: string; title: string }) {
  const { t } = useTranslation()
  const { device } = useDesk()
  const may = useMay('secrets.reveal')
  const [opened, setOpened] = useState(false)
  if (!device || !may) return null
  return (
    <>
      <Button size="compact-xs" variant="default" mt={4} onClick={() => setOpened(true)} aria-label={t('settings.revealOne', { title })}>{t('settings.reveal')}</Button>
      {opened && <Dialog device={device} path={path} title={title} onClose={() => setOpened(false)} />}
    </>
  )
}

/** Shows it after it is said that the audit log notes it; it is kept nowhere beyond this dialog. */
function Dialog({ device, path, title, onClose }: { device: string; path: string; title: string; onClose: () => void }) {
  const { t } = useTranslation()
  const reveal = useMutation({ mutationFn: () => revealSetting(device, path), gcTime: 0 })
  return (
    <Modal opened onClose={onClose} title={t('settings.revealOne', { title })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Code>{path}</Code>
      <Text my="sm">{t('settings.revealMeans')}</Text>
      <div role="status">{reveal.data !== undefined && <Code block fz="md">{reveal.data}</Code>}</div>
      <ProblemAlert problem={reveal.error} mt="sm" />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>{t('parts.close')}</Button>
        {reveal.data === undefined && <Button onClick={() => reveal.mutate()} loading={reveal.isPending} data-autofocus>{t('settings.revealDeed')}</Button>}
      </Group>
    </Modal>
  )
}
