import { Alert, Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { bytesText } from '@/pages/files/bytes'
import { Loaded } from '@/parts/Loaded'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { TextBlock } from '@/provisioning/TextBlock'
import { copyText } from '../parameters/copy'
import { useDeviceScope } from '../context'
import { deviceFileQuery, revealFile } from './api'
import { FileSigns } from './FileList'

/** A file as the phone would be given it. Its secrets are masked until somebody who may asks for them; they are kept nowhere beyond this drawer. */
export function FileDrawer({ name, onClose }: { name: string; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { device } = useDeviceScope()
  const mayReveal = useMay('secrets.reveal')
  const file = useQuery(deviceFileQuery(device.id, name))
  const reveal = useMutation({ mutationFn: () => revealFile(device.id, name), gcTime: 0 })
  const shown = reveal.data ?? file.data
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title={name} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Loaded query={file}>
        {(data) => (
          <Stack gap="xs">
            <FileSigns file={data} />
            <Text size="sm" c="dimmed">{[data.contentType, bytesText(data.size, i18n.language), data.sha256 && `SHA-256 ${data.sha256}`].filter(Boolean).join(' · ')}</Text>
            {data.problem ? <Alert color="red" variant="outline" title={t('provisioning.cannotBeMade')}>{data.problem}</Alert> : (
              <>
                <Text size="sm">{t(shown?.masked ? 'provisioning.masked' : reveal.data ? 'provisioning.revealed' : 'provisioning.noSecrets')}</Text>
                <ProblemAlert problem={reveal.error} />
                <Group gap="xs">
                  {data.masked && mayReveal && !reveal.data && <Button variant="default" loading={reveal.isPending} onClick={() => reveal.mutate()}>{t('provisioning.reveal')}</Button>}
                  {reveal.data && <Button variant="default" onClick={() => reveal.reset()}>{t('provisioning.mask')}</Button>}
                  <Button variant="default" onClick={() => void copyText(shown?.content ?? '')}>{t('access.copy')}</Button>
                </Group>
                <TextBlock label={t('provisioning.contentOf', { name })} text={shown?.content ?? ''} />
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Drawer>
  )
}
