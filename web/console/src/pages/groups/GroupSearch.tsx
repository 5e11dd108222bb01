import { Button, NavLink, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Loaded } from '@/parts/Loaded'
import { useFoundGroups } from './api'

interface GroupSearchProps {
  search: string
  selected: string
  onSelect: (path: string) => void
}

/** The groups that a search found, with their whole paths. */
export function GroupSearch({ search, selected, onSelect }: GroupSearchProps) {
  const { t } = useTranslation()
  const { query, items, more } = useFoundGroups(search)
  return (
    <Loaded query={query}>
      {() => (items.length === 0 ? <Text c="dimmed">{t('groups.notFound')}</Text> : (
        <Stack gap={0} role="group" aria-label={t('groups.found')}>
          {items.map(({ path, title }) => (
            <NavLink key={path} component="button" label={title || path} description={title ? path : undefined} active={path === selected} variant="subtle" onClick={() => onSelect(path)} />
          ))}
          {query.hasNextPage && <Button variant="subtle" onClick={more}>{t('groups.more')}</Button>}
        </Stack>
      ))}
    </Loaded>
  )
}
