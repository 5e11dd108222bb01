import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { useMay } from '@/auth/me'
import { scan } from '@/devices/filter/scan'
import { ofSubtree } from '@/listing/filters'
import { EmptyState } from '@/parts/EmptyState'

const offered = 4
const longest = 128

/** Reports whether a filter is words only, so that somebody may have meant a name. */
export function isWords(filter: string): boolean {
  return filter.trim() !== '' && filter.length <= longest && scan(filter).every(({ kind }) => kind === 'word')
}

interface NoMatchProps {
  filter: string
  onFilter: (filter: string) => void
}

/** Stands where no device matches. Words may be those of a group, which a search for words does not look into. */
export function NoMatch({ filter, onFilter }: NoMatchProps) {
  const { t } = useTranslation()
  const may = useMay('groups.read')
  const params = { search: filter.trim(), pageSize: offered }
  const groups = useQuery({
    queryKey: keys.groups(params), enabled: may && isWords(filter),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/groups', { params: { query: params }, signal })),
  })
  const items = groups.data?.items ?? []
  return (
    <EmptyState title={t('devices.noMatch.title')} action={<Button variant="default" onClick={() => onFilter('')}>{t('devices.noMatch.all')}</Button>}>
      {t('devices.noMatch.try')}
      {items.length > 0 && (
        <>
          <Text mt="sm">{t('devices.noMatch.groups')}</Text>
          <Group gap="xs" justify="center" mt={6}>{items.map(({ path }) => <Button key={path} size="xs" onClick={() => onFilter(ofSubtree(path))}>{path}</Button>)}</Group>
        </>
      )}
    </EmptyState>
  )
}
