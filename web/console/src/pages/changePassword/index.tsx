import { Anchor, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { keys } from '@/api/keys'
import { BareFrame } from '@/auth/BareFrame'
import { meQuery } from '@/auth/me'
import { NewPassword } from '@/auth/NewPassword'
import { returnTo } from '@/auth/returnTo'
import { useSignOut } from '@/auth/useSignOut'
import { Loading } from '@/parts/Loading'
import { ProblemAlert } from '@/parts/ProblemAlert'

/** Where somebody chooses a password of their own before anything else. */
export default function ChangePasswordPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const me = useQuery(meQuery)
  const signOut = useSignOut()
  if (me.isPending) return <Loading />
  if (me.data === null) return <Navigate to="/sign-in" replace />
  const changed = async () => {
    await client.refetchQueries({ queryKey: keys.me })
    await navigate({ to: returnTo(location.search), replace: true })
  }
  return (
    <BareFrame title={t('changePassword.title')}>
      <ProblemAlert problem={me.error} retry={() => void me.refetch()} mb="md" />
      <Text mb="md">{t('changePassword.why')}</Text>
      <NewPassword name={me.data?.name ?? ''} onChanged={() => void changed()} />
      <Anchor component="button" mt="md" onClick={() => signOut.mutate()}>{t('shell.signOut')}</Anchor>
    </BareFrame>
  )
}
