import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '@/parts/Loaded'
import { taskQuery } from '@/tasks/api'
import { TaskDetail } from '@/tasks/TaskDetail'
import { useDeviceSearch } from '../search'

/** The details of the task that the address names, beside whatever is shown. */
export function TaskDrawer() {
  const { t } = useTranslation()
  const [{ task }, change] = useDeviceSearch()
  return (
    <Drawer opened={task !== undefined} onClose={() => change({ task: undefined })} position="right" size="lg" title={<Title id={task} />} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      {task && <Content id={task} onOpen={(id) => change({ task: id })} />}
    </Drawer>
  )
}

function Title({ id }: { id: string | undefined }) {
  const { t } = useTranslation()
  const task = useQuery({ ...taskQuery(id ?? ''), enabled: id !== undefined })
  return <strong>{task.data ? t(`task.kind.${task.data.kind}.name`) : t('task.id')}</strong>
}

function Content({ id, onOpen }: { id: string; onOpen: (id: string) => void }) {
  const task = useQuery(taskQuery(id))
  return <Loaded query={task}>{(data) => <TaskDetail task={data} onOpen={onOpen} />}</Loaded>
}
