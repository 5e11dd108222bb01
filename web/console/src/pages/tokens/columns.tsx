import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/listing/VirtualTable'
import { Actor } from '@/parts/Actor'
import { Moment } from '@/time/Moment'
import { useNow } from '@/time/now'
import type { AnyToken } from './api'
import { standing } from './expiry'

/** The columns of the list of tokens; the last one deletes, for those who may. */
export function useTokenColumns(onDelete?: (token: AnyToken) => void): Column<AnyToken>[] {
  const { t } = useTranslation()
  return useMemo(() => {
    const columns: Column<AnyToken>[] = [
      { key: 'name', title: t('tokens.name'), width: 'minmax(8rem, 2fr)', cell: (token) => token.name },
      { key: 'role', title: t('access.role'), width: 'minmax(5rem, 1fr)', cell: (token) => token.role },
      { key: 'scope', title: t('access.scope'), width: 'minmax(7rem, 1.5fr)', cell: (token) => token.scope || t('access.allGroups') },
      { key: 'expires', title: t('tokens.expires'), width: 'minmax(7rem, 1fr)', cell: (token) => <Expiry at={token.expires} /> },
      { key: 'lastUsed', title: t('tokens.lastUsed'), width: 'minmax(7rem, 1fr)', cell: (token) => <Moment at={token.lastUsed} /> },
      { key: 'createdBy', title: t('tokens.createdBy'), width: 'minmax(8rem, 1.5fr)', cell: (token) => <span><Actor actor={token.createdBy} />, <Moment at={token.createdAt} /></span> },
    ]
    if (!onDelete) return columns
    const button = (token: AnyToken) => (
      <Button size="xs" variant="outline" color="red" onClick={() => onDelete(token)} aria-label={t('tokens.deleteOne', { name: token.name })}>{t('tokens.delete')}</Button>
    )
    return [...columns, { key: 'delete', title: t('tokens.actions'), width: '7rem', cell: button }]
  }, [t, onDelete])
}

function Expiry({ at }: { at: string | null }) {
  const { t } = useTranslation()
  const how = standing(at, useNow())
  const colour = { expired: 'var(--dialtone-bad)', soon: 'var(--dialtone-warn)', valid: undefined }[how]
  return <span style={{ color: colour }}>{how !== 'valid' && `${t(`tokens.standing.${how}`)}: `}<Moment at={at} never={t('tokens.never')} /></span>
}
