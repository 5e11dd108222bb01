import { Anchor, Button, Group, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'
import { DeviceDifference } from './DeviceDifference'
import type { LevelName, Patch } from './model'
import classes from './settings.module.css'

interface PlannedDevicesProps {
  plan: Schemas['SettingsPlan']
  level: LevelName
  patch: Patch
  at: number
}

/** Which devices change, and for each how its files do. */
export function PlannedDevices({ plan: { names, truncated, changed }, ...asked }: PlannedDevicesProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string>()
  if (names.length === 0) return null
  return (
    <div>
      <Title order={3} size="h5" id="planned-devices">{t('settings.plan.which')}</Title>
      <ul className={classes.devices} aria-labelledby="planned-devices">
        {names.map(({ id, mac, serialNumber, model, group }) => {
          const name = mac || serialNumber || id
          const isOpen = open === id
          return (
            <li key={id}>
              <Group gap="sm" justify="space-between">
                <Text size="sm" component="div"><Anchor underline="always" component={Link} to={`/devices/${id}` as string} search={{ tab: 'settings' } as never}>{name}</Anchor> <Text span size="sm" c="dimmed">{[model, group].filter(Boolean).join(' · ')}</Text></Text>
                <Button size="compact-xs" variant="default" aria-expanded={isOpen} aria-label={t('settings.plan.differenceOf', { name })} onClick={() => setOpen(isOpen ? undefined : id)}>{t('settings.plan.difference')}</Button>
              </Group>
              {isOpen && <DeviceDifference device={id} {...asked} />}
            </li>
          )
        })}
      </ul>
      {truncated && <Text size="xs" c="dimmed">{t('settings.plan.moreDevices', { count: changed - names.length })}</Text>}
    </div>
  )
}
