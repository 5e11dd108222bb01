import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { wordsOf } from '@/listing/urlTexts'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { useTasks } from './api'
import { useTaskColumns } from './columns'
import { TaskFilters } from './TaskFilters'

/** The list of tasks with what chooses among them. */
export function TaskList({ open, onOpen }: { open: string; onOpen: (id: string) => void }) {
  const { t, i18n } = useTranslation()
  const [{ filter, state, kind }, change] = useUrlState(['filter', 'state', 'kind'])
  const [typed] = useDebouncedValue(filter, 400)
  const choice = { filter: typed, states: wordsOf(state), kinds: wordsOf(kind) }
  const { query, items, total, more } = useTasks(choice)
  const columns = useTaskColumns()
  const chosen = filter !== '' || state !== '' || kind !== ''
  return (
    <>
      <TaskFilters filter={filter} states={choice.states} kinds={choice.kinds} onChange={change} />
      <Loaded query={query}>
        {() => (items.length === 0
          ? <EmptyState title={chosen ? t('tasks.none.found') : t('tasks.none.title')}>{chosen ? t('tasks.none.search') : t('tasks.none.try')}</EmptyState>
          : (
            <>
              {total !== undefined && <Text c="dimmed" size="sm" mb={4} role="status">{t('tasks.count', { count: total, number: total.toLocaleString(i18n.language) })}</Text>}
              <VirtualTable label={t('tasks.title')} columns={columns} items={items} idOf={(task) => task.id} open={open} onOpen={onOpen} onEnd={more} total={total} />
            </>
          ))}
      </Loaded>
    </>
  )
}
