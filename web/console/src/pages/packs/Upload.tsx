import { Button, FileButton, Group, Stack } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useUploadPack } from './api'
import { Faults } from './Faults'

/** Uploads a zip, and says what is wrong with it, or shows the new version. */
export function Upload() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const upload = useUploadPack()
  const send = (file: File | null) => {
    if (!file) return
    upload.mutate(file, { onSuccess: ({ name, version }) => void navigate({ to: `/packs/${encodeURIComponent(name)}` as string, search: { version } as never }) })
  }
  return (
    <Stack gap="xs" mb="md">
      <Group gap="xs">
        <FileButton accept="application/zip,.zip" onChange={send}>
          {(props) => <Button {...props} loading={upload.isPending} leftSection={<IconUpload size={16} aria-hidden />}>{t('packs.upload')}</Button>}
        </FileButton>
      </Group>
      <Faults problem={upload.error} />
    </Stack>
  )
}
