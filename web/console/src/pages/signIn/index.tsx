import { Button, Divider, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BareFrame } from '@/auth/BareFrame'
import { meQuery } from '@/auth/me'
import { returnTo } from '@/auth/returnTo'
import { signInMethodsQuery } from '@/auth/signIn'
import { Loaded } from '@/parts/Loaded'
import { PasswordForm } from './PasswordForm'
import { Refused } from './Refused'

/** Where somebody proves who they are. */
export default function SignInPage() {
  const { t } = useTranslation()
  const me = useQuery(meQuery)
  const methods = useQuery(signInMethodsQuery)
  const target = returnTo(location.search)
  if (me.data) return <Navigate to={target} replace />
  return (
    <BareFrame title={t('signIn.title')}>
      <Refused code={new URLSearchParams(location.search).get('error')} />
      <Loaded query={methods}>
        {({ password, openId }) => (
          <Stack gap="md">
            {openId && <OpenIdButton name={openId.name} target={target} primary={!password} />}
            {openId && password && <Divider label={t('signIn.or')} />}
            {password && <PasswordForm />}
          </Stack>
        )}
      </Loaded>
    </BareFrame>
  )
}

function OpenIdButton({ name, target, primary }: { name: string; target: string; primary: boolean }) {
  const { t } = useTranslation()
  const href = `/api/v1/signIn/openId?returnTo=${encodeURIComponent(target)}`
  return <Button component="a" href={href} variant={primary ? 'filled' : 'default'} fullWidth>{t('signIn.openId', { name })}</Button>
}
