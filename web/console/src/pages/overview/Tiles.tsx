import { SimpleGrid, UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DeviceSummary } from '@/api/types'
import { useNumbers } from '@/devices/numbers'
import { deviceStates, stateFilters } from '@/devices/state'
import { DeviceStateBadge } from '@/parts/StateBadge'
import classes from './overview.module.css'

/** How many devices are in which state; each number leads to those devices. */
export function Tiles({ summary }: { summary: DeviceSummary }) {
  const { t } = useTranslation()
  const { count, share } = useNumbers()
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" component="section" aria-label={t('overview.health')}>
      <UnstyledButton component={Link} to={'/devices' as string} className={classes.tile}>
        <span className={classes.tileName}>{t('overview.total')}</span>
        <span className={classes.number}>{count(summary.total)}</span>
      </UnstyledButton>
      {deviceStates.map((state) => {
        const devices = summary.states[state] ?? 0
        return (
          <UnstyledButton key={state} component={Link} to={'/devices' as string} search={{ filter: stateFilters[state] } as never} className={classes.tile}>
            <span className={classes.tileName}><DeviceStateBadge state={state} /></span>
            <span className={classes.number}>{count(devices)} <small>{share(devices, summary.total)}</small></span>
          </UnstyledButton>
        )
      })}
    </SimpleGrid>
  )
}
