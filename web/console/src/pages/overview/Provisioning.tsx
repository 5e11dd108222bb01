import { SimpleGrid, UnstyledButton } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { useNumbers } from '@/devices/numbers'
import { ProvisioningBadge } from '@/parts/StateBadge'
import { provisioningFilter, provisioningStates } from '@/provisioning/state'
import classes from './overview.module.css'

/** How many devices hold what was declared for them; nothing where no vendor pack serves any. */
export function Provisioning() {
  const { t } = useTranslation()
  const { count } = useNumbers()
  const counts = useQueries({
    // Live updates have them counted anew with the summary.
    queries: provisioningStates.map((state) => ({ queryKey: [...keys.deviceSummary, 'provisioning', state], staleTime: 10_000, queryFn: ({ signal }: { signal: AbortSignal }) => countOf(provisioningFilter(state), signal) })),
    combine: (results) => results.map(({ data }) => data),
  })
  const served = provisioningStates.some((state, i) => state !== 'none' && (counts[i] ?? 0) > 0)
  if (!served) return null
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm" component="section" aria-label={t('provisioning.tiles')}>
      {provisioningStates.map((state, i) => (
        <UnstyledButton key={state} component={Link} to={'/devices' as string} search={{ filter: provisioningFilter(state) } as never} className={classes.tile}>
          <span className={classes.tileName}><ProvisioningBadge state={state} /></span>
          <span className={classes.number}>{counts[i] == null ? '–' : count(counts[i])}</span>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  )
}

async function countOf(filter: string, signal: AbortSignal): Promise<number | null> {
  return (await answer(api.GET('/api/v1/devices', { params: { query: { filter, pageSize: 1 } }, signal }))).totalSize ?? null
}
