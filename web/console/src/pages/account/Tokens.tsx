import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { pages } from '@/pages/registry'

/** Says what tokens are, and leads to where they are made and described. */
export function Tokens() {
  const { t } = useTranslation()
  const page = pages.find((p) => p.path === '/tokens')
  const may = useMay('tokens.read')
  return (
    <>
      <Text mb="xs">{t('account.tokens.explanation')}</Text>
      {page && may && <Text mb="xs"><Anchor component={Link} to={page.path}>{t('account.tokens.open')}</Anchor></Text>}
      <Anchor href="/api/docs" target="_blank" rel="noreferrer">{t('account.tokens.docs')}</Anchor>
    </>
  )
}
