import { Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Line } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'

/** The columns of the list of lines. */
export function useLineColumns(): Column<Line>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { key: 'number', title: t('lines.number'), width: 'minmax(6rem, 1fr)', cell: (line) => line.number },
      { key: 'group', title: t('lines.group'), width: 'minmax(8rem, 1.5fr)', cell: (line) => line.group || t('access.allGroups') },
      { key: 'displayName', title: t('lines.displayName'), width: 'minmax(8rem, 1.5fr)', cell: (line) => line.displayName },
      { key: 'user', title: t('lines.user'), width: 'minmax(6rem, 1fr)', cell: (line) => line.user },
      { key: 'password', title: t('lines.password'), width: 'minmax(6rem, 1fr)', cell: (line) => (line.secret ? t('lines.there') : <Text span c="var(--dialtone-warn)" size="sm">{t('lines.missing')}</Text>) },
      { key: 'listed', title: t('lines.directory'), width: 'minmax(6rem, 1fr)', cell: (line) => (line.listed ? t('lines.inDirectory') : '–') },
    ],
    [t],
  )
}
