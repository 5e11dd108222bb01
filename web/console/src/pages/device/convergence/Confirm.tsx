import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConvergenceDifference } from '@/api/types'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { useDeviceScope } from '../context'
import { useAdopt, useRestore } from './api'

/** What can be done about differences. */
export type Deed = 'restore' | 'adopt'

interface ConfirmProps {
  deed: Deed
  differences: readonly ConvergenceDifference[]
  /** That of the differences which the viewer sees. */
  etag: string
  onClose: () => void
  onDone: () => void
}

/** Says what will be set or become a setting before it is. */
export function Confirm({ deed, differences, etag, onClose, onDone }: ConfirmProps) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const restore = useRestore(device.id)
  const adopt = useAdopt(device.id)
  const paths = differences.map(({ path }) => path)
  const doing = deed === 'restore' ? restore : adopt
  const confirm = () => doing.mutateAsync({ paths, etag }).then(onDone)
  const value = ({ wanted, has, secret }: ConvergenceDifference) => (secret ? t('convergence.secret') : (deed === 'restore' ? wanted : has) || t('convergence.empty'))
  return (
    <ConfirmDeed title={t(`convergence.${deed}.title`, { count: differences.length })} deed={t(`convergence.${deed}.deed`, { count: differences.length })} onClose={onClose} onConfirm={confirm}>
      <Text mb="xs">{t(`convergence.${deed}.means`)}</Text>
      <List size="sm" spacing={2} style={{ maxHeight: '16rem', overflow: 'auto' }}>
        {differences.map((difference) => (
          <List.Item key={difference.path} style={{ overflowWrap: 'anywhere' }}><code>{deed === 'adopt' ? [difference.setting, ...difference.also].join(', ') : difference.path}</code> → <code>{value(difference)}</code></List.Item>
        ))}
      </List>
    </ConfirmDeed>
  )
}
