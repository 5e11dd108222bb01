import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Why a sign-in with the provider ended without one, as the server says it in the address it leads back to. */
const known = ['provider', 'denied', 'expired', 'no-role', 'name', 'name-taken', 'disabled', 'role', 'scope', 'limit', 'timeout', 'failed'] as const

/** Says why the provider's answer was no sign-in; nothing without a code. */
export function Refused({ code }: { code: string | null }) {
  const { t } = useTranslation()
  if (!code) return null
  const reason = known.find((k) => k === code) ?? 'unknown'
  return (
    <Alert color="red" variant="outline" role="alert" title={t('signIn.refused.title')} mb="md">
      {t(`signIn.refused.because.${reason}`, { code: code.slice(0, 40) })}
    </Alert>
  )
}
