import { Button, Group, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Convergence, ConvergenceDifference } from '@/api/types'
import { useMay } from '@/auth/me'
import { Confirm, type Deed } from './Confirm'
import { deedsOf } from './choice'
import { DifferenceTable } from './DifferenceTable'
import { Part } from './Part'

/** What the phone has otherwise than it should, and the choice to keep or to undo it. */
export function Differences({ convergence, etag }: { convergence: Convergence; etag: string }) {
  const { t } = useTranslation()
  const may = useMay('settings.write')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [deed, setDeed] = useState<{ kind: Deed; differences: ConvergenceDifference[] }>()
  const { differences } = convergence
  if (differences.length === 0) {
    return (
      <Part id="differences" title={t('convergence.differences')}>
        <Group gap={6} wrap="nowrap"><IconCircleCheck size={18} aria-hidden /><Text>{t(convergence.updatedAt ? 'convergence.noDifferences' : 'convergence.neverCompared')}</Text></Group>
      </Part>
    )
  }
  const { restorable, adoptable } = deedsOf(differences, chosen)
  const close = () => {
    setDeed(undefined)
    setChosen(new Set())
  }
  return (
    <Part id="differences" table title={t('convergence.differences')} explanation={t('convergence.differencesMean')}>
      <DifferenceTable differences={differences} chosen={chosen} onChoose={may ? setChosen : undefined} labelledBy="differences" />
      {may ? (
        <Group mt="sm" gap="xs">
          <Button disabled={restorable.length === 0} onClick={() => setDeed({ kind: 'restore', differences: restorable })}>{t('convergence.restore.deed', { count: restorable.length })}</Button>
          <Button variant="default" disabled={adoptable.length === 0} onClick={() => setDeed({ kind: 'adopt', differences: adoptable })}>{t('convergence.adopt.deed', { count: adoptable.length })}</Button>
          {chosen.size === 0 && <Text size="xs" c="dimmed">{t('convergence.choose')}</Text>}
        </Group>
      ) : <Text size="xs" c="dimmed" mt="sm">{t('convergence.mayNot')}</Text>}
      {deed && <Confirm deed={deed.kind} differences={deed.differences} etag={etag} onClose={() => setDeed(undefined)} onDone={close} />}
    </Part>
  )
}
