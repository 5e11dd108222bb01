import { Chip, Group, MultiSelect, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { TaskState } from '@/api/types'
import { taskKinds } from '@/tasks/kinds'

const states: TaskState[] = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'expired', 'cancelled']

interface TaskFiltersProps {
  filter: string
  states: readonly string[]
  kinds: readonly string[]
  onChange: (change: { filter?: string; state?: string; kind?: string }, options?: { replace?: boolean }) => void
}

/** Chooses tasks by state, kind and the filter language. */
export function TaskFilters({ filter, states: chosen, kinds, onChange }: TaskFiltersProps) {
  const { t } = useTranslation()
  return (
    <>
      <Group gap="sm" mb="xs" align="flex-start">
        <TextInput
          type="search" flex="1 1 18rem" aria-label={t('tasks.filter')} placeholder={t('tasks.filterExample')} leftSection={<IconSearch size={16} aria-hidden />} value={filter}
          onChange={(event) => onChange({ filter: event.currentTarget.value }, { replace: true })} spellCheck={false} autoComplete="off"
        />
        <MultiSelect
          flex="1 1 14rem" maw={420} aria-label={t('tasks.kinds')} placeholder={kinds.length === 0 ? t('tasks.kinds') : undefined} clearable searchable value={[...kinds]}
          data={taskKinds.map((kind) => ({ value: kind, label: t(`task.kind.${kind}.name`) }))} onChange={(next) => onChange({ kind: next.join(',') })}
          clearButtonProps={{ 'aria-label': t('tasks.anyKind') }}
        />
      </Group>
      <Chip.Group multiple value={[...chosen]} onChange={(next) => onChange({ state: next.join(',') })}>
        <Group gap={6} mb="sm" role="group" aria-label={t('tasks.states')}>
          {states.map((state) => <Chip key={state} value={state} size="sm" variant="outline">{t(`state.task.${state}`)}</Chip>)}
        </Group>
      </Chip.Group>
    </>
  )
}
