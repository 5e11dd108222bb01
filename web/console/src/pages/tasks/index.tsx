import { Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useUrlState } from '@/listing/useUrlState'
import { PageHeader } from '@/parts/PageHeader'
import { Causes } from './Causes'
import { TaskDrawer } from './TaskDrawer'
import { TaskList } from './TaskList'

/** The tasks of all devices, and why some of them failed. */
export default function TasksPage() {
  const { t } = useTranslation()
  const [{ tab, task }, change] = useUrlState(['tab', 'task'])
  const open = (id: string) => change({ task: id })
  return (
    <>
      <PageHeader title={t('tasks.title')}>{t('tasks.explanation')}</PageHeader>
      <Tabs value={tab === 'causes' ? 'causes' : 'list'} onChange={(to) => change({ tab: to === 'causes' ? 'causes' : '' })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="list">{t('tasks.list')}</Tabs.Tab>
          <Tabs.Tab value="causes">{t('tasks.causes')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="list"><TaskList open={task} onOpen={open} /></Tabs.Panel>
        <Tabs.Panel value="causes"><Causes onOpen={open} /></Tabs.Panel>
      </Tabs>
      {task && <TaskDrawer key={task} id={task} onOpen={open} onClose={() => change({ task: '' })} />}
    </>
  )
}
