import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '@/parts/Loaded'
import { differenceQuery } from './api'
import type { LevelName, Patch } from './model'
import { UnifiedDifference } from './UnifiedDifference'

interface DeviceDifferenceProps {
  device: string
  level: LevelName
  patch: Patch
  at: number
}

/** How the files of one device would change; secrets are masked by the server. */
export function DeviceDifference({ device, level, patch, at }: DeviceDifferenceProps) {
  const { t } = useTranslation()
  const found = useQuery(differenceQuery(device, level, patch, at))
  return (
    <Loaded query={found}>
      {({ files }) => files.length === 0 ? <Text c="dimmed" size="sm">{t('settings.plan.noFiles')}</Text> : (
        <>
          {files.map(({ name, difference, added, removed, truncated, problem }) => (
            <div key={name} style={{ marginBottom: 8 }}>
              <Text size="sm"><Text span fw={600} ff="monospace">{name}</Text> <Text span c="dimmed">{t('settings.plan.lines', { added, removed })}</Text></Text>
              {problem && <Text size="sm" c="var(--dialtone-bad)">{problem}</Text>}
              {difference && <UnifiedDifference label={t('settings.plan.differenceIn', { name })} text={difference} />}
              {truncated && <Text size="xs" c="dimmed">{t('settings.plan.cut')}</Text>}
            </div>
          ))}
        </>
      )}
    </Loaded>
  )
}
