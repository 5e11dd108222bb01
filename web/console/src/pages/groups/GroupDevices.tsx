import { Anchor, Group, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DeviceState, GroupDetail } from '@/api/types'
import { allOf, ofSubtree } from '@/listing/filters'
import { DeviceStateBadge } from '@/parts/StateBadge'

// How the filter language calls the states.
const stateFields: Record<DeviceState, string> = { online: 'online', late: 'late', offline: 'offline', never: 'neverSeen' }

/** How many devices a group has in each state, with links to them. */
export function GroupDevices({ group }: { group: GroupDetail }) {
  const { t, i18n } = useTranslation()
  const number = (count: number) => count.toLocaleString(i18n.language)
  const subtree = ofSubtree(group.path)
  return (
    <section aria-label={t('groups.devices')} style={{ marginTop: 12 }}>
      <Title order={3} mb={4}>{t('groups.devices')}</Title>
      {group.devices === 0 ? <Text c="dimmed">{t('groups.noDevices')}</Text> : (
        <Group gap="lg">
          <DevicesLink filter={subtree}>{t('groups.all', { count: group.devices, number: number(group.devices) })}</DevicesLink>
          {(Object.keys(stateFields) as DeviceState[]).filter((state) => group.states[state]).map((state) => (
            <DevicesLink key={state} filter={allOf('', stateFields[state], subtree)}>
              <Group gap={6} component="span" display="inline-flex"><DeviceStateBadge state={state} /> {number(group.states[state] ?? 0)}</Group>
            </DevicesLink>
          ))}
        </Group>
      )}
    </section>
  )
}

function DevicesLink({ filter, children }: { filter: string; children: React.ReactNode }) {
  return <Anchor component={Link} to="/devices" search={{ filter } as never}>{children}</Anchor>
}
