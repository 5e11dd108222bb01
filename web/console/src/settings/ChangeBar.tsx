import { Button, Group, Paper, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, ProblemError } from '@/api/problem'
import type { FieldError, Schemas } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { usePlan, useSaveLevel } from './api'
import { otherFaults, useDesk } from './desk'
import { patchOf } from './draft'
import type { Patch } from './model'
import { PlanDialog } from './PlanDialog'
import classes from './settings.module.css'

interface ChangeBarProps {
  /** The revision of the level that the change is based on. */
  revision: number
  onFaults: (faults: readonly FieldError[]) => void
  /** Nothing is to be changed any longer. */
  onClear: () => void
}

/** What a preview was asked of, and its answer. */
interface Asked {
  patch: Patch
  plan: Schemas['SettingsPlan']
  /** Tells one preview from another. */
  at: number
}

/** Says how much is to change, and shows what that does before it is done. */
export function ChangeBar({ revision, onFaults, onClear }: ChangeBarProps) {
  const { t } = useTranslation()
  const { level, draft, device } = useDesk()
  const plan = usePlan()
  const save = useSaveLevel()
  const [asked, setAsked] = useState<Asked>()
  const failed = (thrown: unknown) => onFaults(asProblem(thrown).errors)
  const preview = () => {
    const patch = patchOf(draft)
    save.reset()
    plan.mutate({ level, patch }, { onSuccess: (found) => { onFaults([]); setAsked({ patch, plan: found, at: Date.now() }) }, onError: failed })
  }
  const apply = async (patch: Patch) => {
    plan.reset()
    try {
      await save.mutateAsync({ level, patch, revision })
    } catch (thrown) {
      failed(thrown)
      throw thrown
    }
    notifications.show({ message: t('settings.applied') })
    onClear()
  }
  return (
    <Paper withBorder shadow="md" p="sm" className={classes.bar} role="region" aria-label={t('settings.changes')}>
      <ProblemAlert problem={!asked && beside(plan.error ?? save.error, new Set([...draft.values()].map(({ entry }) => entry.path)))} mb="sm" />
      <Group justify="space-between" gap="xs">
        <Text fw={600} role="status">{t('settings.changeCount', { count: draft.size })}</Text>
        <Group gap="xs">
          <Button variant="subtle" onClick={onClear}>{t('settings.discard')}</Button>
          {device && <Button variant="default" loading={save.isPending && !asked} onClick={() => void apply(patchOf(draft)).catch(() => undefined)}>{t('settings.applyAtOnce')}</Button>}
          <Button loading={plan.isPending} onClick={preview}>{t('settings.preview')}</Button>
        </Group>
      </Group>
      {asked && <PlanDialog {...asked} level={level} device={device} onApply={() => apply(asked.patch)} onClose={() => setAsked(undefined)} />}
    </Paper>
  )
}

/** The problem without what its fields tell already; a short one stays, so that nobody wonders why nothing happened. */
function beside(thrown: unknown, paths: ReadonlySet<string>): unknown {
  if (!thrown) return undefined
  const problem = asProblem(thrown)
  if (problem.errors.length === 0) return problem
  return new ProblemError(problem.kind, problem.status, problem.detail, otherFaults(problem.errors, paths), problem.request, problem.retryAfter)
}
