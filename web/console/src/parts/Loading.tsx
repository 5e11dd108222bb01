import { Center, Loader, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Stands where an answer is awaited. */
export function Loading() {
  const { t } = useTranslation()
  return (
    <Center mih={160} role="status">
      <Loader aria-hidden />
      <VisuallyHidden>{t('parts.loading')}</VisuallyHidden>
    </Center>
  )
}
