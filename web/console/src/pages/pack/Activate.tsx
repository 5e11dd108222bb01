import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PackDetail } from '@/api/types'
import { Loaded } from '@/parts/Loaded'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { planQuery, useActivatePack } from '../packs/api'
import { builtIn, shortVersion } from '../packs/version'
import { PlanResult } from './PlanResult'

interface ActivateProps {
  pack: PackDetail
  version: string
  mayPlan: boolean
  onClose: () => void
}

/** Says which phones a version would change, and puts it in force. */
export function Activate({ pack, version, mayPlan, onClose }: ActivateProps) {
  const { t } = useTranslation()
  const plan = useQuery({ ...planQuery(pack.name, version), enabled: mayPlan })
  const activate = useActivatePack(pack.name)
  const named = version === builtIn ? t('packs.builtIn') : shortVersion(version)
  return (
    <Modal opened onClose={onClose} size="lg" title={t('packs.activateOne', { version: named })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Stack gap="sm">
        {mayPlan ? <Loaded query={plan}>{(data) => <PlanResult plan={data} />}</Loaded> : <Text>{t('packs.mayNotPlan')}</Text>}
        <Text size="sm" c="dimmed">{t('packs.activateMeans')}</Text>
        <ProblemAlert problem={activate.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
          <Button loading={activate.isPending} disabled={mayPlan && plan.isPending} onClick={() => activate.mutate(version, { onSuccess: onClose })}>{t('packs.activate')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
