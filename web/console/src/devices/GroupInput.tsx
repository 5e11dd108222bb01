import { Autocomplete } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { useMay } from '@/auth/me'

interface GroupInputProps {
  label: string
  description?: string
  value: string
  onChange: (path: string) => void
  error?: ReactNode
  atOnce?: boolean
}

const shown = 20

/** Takes the path of a group and offers those that there are. */
export function GroupInput({ atOnce, onChange, value, ...rest }: GroupInputProps) {
  const may = useMay('groups.read')
  const [search] = useDebouncedValue(value.trim(), 200)
  const params = { pageSize: shown, ...(search && { search }) }
  const groups = useQuery({
    queryKey: keys.groups(params), enabled: may, staleTime: 10_000,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/groups', { params: { query: params }, signal })),
  })
  const paths = (groups.data?.items ?? []).map((g) => g.path)
  return (
    <Autocomplete {...rest} value={value} onChange={onChange} data={paths} filter={({ options }) => options} placeholder="acme/south" spellCheck={false} autoComplete="off" data-autofocus={atOnce || undefined} />
  )
}
