import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '@/parts/Loaded'
import { UnmappedTable } from '@/provisioning/UnmappedTable'
import { useDeviceScope } from '../context'
import { convergenceQuery, useFollowConvergence } from './api'
import { Differences } from './Differences'
import { Part } from './Part'
import { Roads } from './Roads'
import { Standing } from './Standing'

/** Whether the phone is as it was declared, what differs and why, and what can be done about it. */
export default function ConvergenceTab() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const convergence = useQuery(convergenceQuery(device.id))
  useFollowConvergence(device)
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('convergence.explanation')}</Text>
      <Loaded query={convergence}>
        {({ data, etag }) => (
          <Stack gap="md">
            <Standing convergence={data} />
            <Differences convergence={data} etag={etag} />
            <Roads convergence={data} />
            {data.unmapped.length > 0 && (
              <Part id="unmapped" title={t('convergence.unmapped')} explanation={t('convergence.unmappedMeans')} table><UnmappedTable labelledBy="unmapped" settings={data.unmapped} /></Part>
            )}
          </Stack>
        )}
      </Loaded>
    </>
  )
}
