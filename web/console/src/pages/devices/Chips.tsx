import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { attentionQuery, countOf } from '@/devices/attention'
import { quote } from '@/listing/filters'
import { chosenOf, hasTerm, toggleOf, toggleTerm } from '@/devices/filter/terms'
import { useNumbers } from '@/devices/numbers'
import { deviceStates, stateFilters } from '@/devices/state'
import { summaryQuery } from '@/devices/summary'
import { provisioningFilter, provisioningSummaryQuery } from '@/provisioning/state'
import classes from './table.module.css'

const shownTags = 6
const marks = [['quarantined', 'quarantined', 'devicesQuarantined'], ['alarmed', 'alarms:*', 'devicesAlarmed']] as const
const troubles = ['drifted', 'failing'] as const
const stateWords = Object.values(stateFilters)

/** Filters at one click: by state, by what waits for a person, by trouble with settings, and by the tags that most devices have. */
export function Chips({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  const { t } = useTranslation()
  const { data } = useQuery(summaryQuery)
  const { data: attention } = useQuery(attentionQuery)
  const { data: provisioning } = useQuery(provisioningSummaryQuery)
  const states = chosenOf(filter, stateWords)
  return (
    <div className={classes.chips} role="group" aria-label={t('devices.chips')}>
      {deviceStates.map((state) => (
        <Chip key={state} label={t(`state.device.${state}`)} count={data?.states[state]} pressed={states.includes(stateFilters[state])}
          onClick={() => onFilter(toggleOf(filter, stateWords, stateFilters[state]))} />
      ))}
      {marks.map(([name, term, kind]) => {
        const count = countOf(attention, kind)
        const pressed = hasTerm(filter, term)
        // Most fleets have none: then there is nothing to look for.
        return (count > 0 || pressed) && <Chip key={name} label={t(`devices.${name}`)} count={count} pressed={pressed} onClick={() => onFilter(toggleTerm(filter, term))} />
      })}
      {troubles.map((state) => {
        const count = provisioning?.[state] ?? 0
        const term = provisioningFilter(state)
        const pressed = hasTerm(filter, term)
        return (count > 0 || pressed) && <Chip key={state} label={t(`provisioning.chip.${state}`)} count={count} pressed={pressed} onClick={() => onFilter(toggleTerm(filter, term))} />
      })}
      {data?.tags.slice(0, shownTags).map(({ tag, count }) => {
        const term = `tags:${quote(tag)}`
        return <Chip key={tag} label={`#${tag}`} count={count} pressed={hasTerm(filter, term)} onClick={() => onFilter(toggleTerm(filter, term))} />
      })}
    </div>
  )
}

function Chip({ label, count, pressed, onClick }: { label: string; count: number | undefined; pressed: boolean; onClick: () => void }) {
  const numbers = useNumbers()
  return (
    <Button size="compact-sm" radius="xl" fw={500} variant={pressed ? 'filled' : 'default'} aria-pressed={pressed} onClick={onClick} maw={220}>
      {label}{count !== undefined && <span style={{ marginLeft: 6, opacity: 0.8 }}>{numbers.count(count)}</span>}
    </Button>
  )
}
