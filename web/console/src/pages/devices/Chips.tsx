import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { quote } from '@/listing/filters'
import { chosenOf, hasTerm, toggleOf, toggleTerm } from '@/devices/filter/terms'
import { useNumbers } from '@/devices/numbers'
import { deviceStates, stateFilters } from '@/devices/state'
import { summaryQuery } from '@/devices/summary'
import classes from './table.module.css'

const shownTags = 6
const stateWords = Object.values(stateFilters)

/** Filters at one click: by state, and by the tags that most devices have. */
export function Chips({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  const { t } = useTranslation()
  const { data } = useQuery(summaryQuery)
  const states = chosenOf(filter, stateWords)
  return (
    <div className={classes.chips} role="group" aria-label={t('devices.chips')}>
      {deviceStates.map((state) => (
        <Chip key={state} label={t(`state.device.${state}`)} count={data?.states[state]} pressed={states.includes(stateFilters[state])}
          onClick={() => onFilter(toggleOf(filter, stateWords, stateFilters[state]))} />
      ))}
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
