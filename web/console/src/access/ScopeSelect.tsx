import { Select, TextInput, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '@/auth/me'
import { groupSearchQuery } from './queries'
import { all, scopeChoices } from './scopeChoices'

interface ScopeSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  /** The path of a group; empty for all groups. */
  value?: string
  onChange?: (scope: string) => void
}

/** Chooses the group that somebody is limited to, among those that who is signed in sees. */
export function ScopeSelect({ value = '', onChange, ...rest }: ScopeSelectProps) {
  const { t } = useTranslation()
  const me = useMe()
  const may = useMay('groups.read')
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 250)
  // What the field shows of the present choice is no search.
  const found = useQuery({ ...groupSearchQuery(search === value ? '' : search), enabled: may, placeholderData: keepPreviousData })
  const label = t('access.scope')
  const description = me.scope ? t('access.scopeLimited', { scope: me.scope }) : t('access.scopeMeans')
  if (!may) {
    return <TextInput label={label} description={t('access.scopePath')} value={value} onChange={(event) => onChange?.(event.currentTarget.value)} error={rest.error} disabled={rest.disabled} spellCheck={false} autoComplete="off" />
  }
  return (
    <Select
      label={label} description={description} data={scopeChoices(found.data ?? [], value, me.scope, t('access.allGroups'))}
      value={value === '' ? all : value} onChange={(chosen) => onChange?.(chosen === null || chosen === all ? '' : chosen)} allowDeselect={false}
      searchable searchValue={typed} onSearchChange={setTyped} filter={({ options }) => options} nothingFoundMessage={t('access.noGroup')}
      {...rest}
    />
  )
}
