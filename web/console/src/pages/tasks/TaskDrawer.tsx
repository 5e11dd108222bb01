import { Anchor, Drawer, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { Loaded } from '@/parts/Loaded'
import { taskQuery } from '@/tasks/api'
import { KindName } from '@/tasks/KindName'
import { TaskDetail } from '@/tasks/TaskDetail'
import { DeviceName } from '@/devices/DeviceName'

interface TaskDrawerProps {
  id: string
  onOpen: (id: string) => void
  onClose: () => void
}

/** One task beside the list. */
export function TaskDrawer({ id, onOpen, onClose }: TaskDrawerProps) {
  const { t } = useTranslation()
  const mayDevices = useMay('devices.read')
  const task = useQuery(taskQuery(id))
  const title = task.data ? <KindName kind={task.data.kind} /> : t('tasks.one')
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={title} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Loaded query={task}>
        {(known) => (
          <>
            {mayDevices && <Text mb="sm"><Anchor component={Link} to={`/devices/${encodeURIComponent(known.device)}`}>{t('tasks.device')} <DeviceName id={known.device} /></Anchor></Text>}
            <TaskDetail task={known} onOpen={onOpen} />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}
