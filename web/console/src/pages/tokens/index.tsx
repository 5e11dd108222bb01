import { Anchor, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { VirtualTable } from '@/listing/VirtualTable'
import { ConfirmTyped } from '@/parts/ConfirmTyped'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { tokensQuery, useDeleteToken, type AnyToken } from './api'
import { CreateToken } from './CreateToken'
import { useTokenColumns } from './columns'

/** What programs sign in with. */
export default function TokensPage() {
  const { t } = useTranslation()
  const may = useMay('tokens.write')
  const tokens = useQuery(tokensQuery)
  const [creating, setCreating] = useState(false)
  const [deleted, setDeleted] = useState<AnyToken>()
  const columns = useTokenColumns(may ? setDeleted : undefined)
  const create = may && <Button onClick={() => setCreating(true)} leftSection={<IconPlus size={16} aria-hidden />}>{t('tokens.create')}</Button>
  return (
    <>
      <PageHeader title={t('tokens.title')} actions={create}>
        {t('tokens.explanation')} <Anchor underline="always" href="/api/docs" target="_blank" rel="noreferrer">{t('tokens.docs')}</Anchor>
      </PageHeader>
      <Loaded query={tokens}>
        {(list) => (list.length === 0
          ? <EmptyState title={t('tokens.none.title')} action={create}>{t('tokens.none.try')}</EmptyState>
          : <VirtualTable label={t('tokens.title')} columns={columns} items={list} idOf={(token) => token.id} />)}
      </Loaded>
      {creating && <CreateToken onClose={() => setCreating(false)} />}
      {deleted && <DeleteToken token={deleted} onClose={() => setDeleted(undefined)} />}
    </>
  )
}

function DeleteToken({ token, onClose }: { token: AnyToken; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useDeleteToken(token.id)
  return (
    <ConfirmTyped opened onClose={onClose} title={t('tokens.deleteOne', { name: token.name })} word={token.name} deed={t('tokens.deleteDeed')} onConfirm={() => remove.mutateAsync()}>
      {t('tokens.deleteMeans')}
    </ConfirmTyped>
  )
}
