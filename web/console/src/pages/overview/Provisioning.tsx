import { SimpleGrid, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNumbers } from '@/devices/numbers'
import { ProvisioningBadge } from '@/parts/StateBadge'
import { provisioningFilter, provisioningStates, provisioningSummaryQuery } from '@/provisioning/state'
import classes from './overview.module.css'

/** How many devices hold what was declared for them; each number leads to those devices. Nothing where no vendor pack serves any. */
export function Provisioning() {
  const { t } = useTranslation()
  const { count } = useNumbers()
  const { data } = useQuery(provisioningSummaryQuery)
  const served = data && provisioningStates.some((state) => state !== 'none' && data[state] > 0)
  if (!served) return null
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" component="section" aria-label={t('provisioning.tiles')}>
      {provisioningStates.map((state) => (
        <UnstyledButton key={state} component={Link} to={'/devices' as string} search={{ filter: provisioningFilter(state) } as never} className={classes.tile} title={t(`provisioning.stateMeans.${state}`)}>
          <span className={classes.tileName}><ProvisioningBadge state={state} /></span>
          <span className={classes.number}>{count(data[state])}</span>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  )
}
