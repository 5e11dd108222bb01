import { Anchor, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Convergence } from '@/api/types'
import { DataList } from '@/parts/DataList'
import { useDeviceScope } from '../context'
import { Part } from './Part'

type File = Convergence['roads']['file']

/** On which ways the settings reach the phone: as parameters, and by its file. */
export function Roads({ convergence: { roads, managed, wanted, held, dataModel } }: { convergence: Convergence }) {
  const { t } = useTranslation()
  const { settings, confirmed } = roads.parameters
  return (
    <Part id="roads" title={t('convergence.roads')} explanation={t(managed ? 'convergence.roadsManaged' : 'convergence.roadsFile')}>
      <DataList facts={[
        [t('convergence.parameters'), settings > 0 || confirmed > 0 ? `${t('convergence.carried', { count: settings })} ${t('convergence.confirmed', { count: confirmed })}` : t('convergence.noParameters')],
        [t('convergence.file'), <FileRoad key="file" file={roads.file} />],
        [t('convergence.ca'), roads.ca && <FileRoad key="ca" file={roads.ca} />],
        [t('convergence.wanted'), wanted ? <code key="wanted">{wanted}</code> : ''],
        [t('convergence.held'), held ? <code key="held">{held}</code> : ''],
        [t('convergence.dataModel'), dataModel ? t('convergence.names', { count: dataModel.names, root: dataModel.root }) : undefined],
      ]} />
    </Part>
  )
}

function FileRoad({ file: { state, task, problem } }: { file: File }) {
  const { t } = useTranslation()
  const { openTask } = useDeviceScope()
  return (
    <>
      {t(`convergence.fileState.${state}`)}{' '}
      {task && <Anchor component="button" type="button" onClick={() => openTask(task)}>{t('convergence.openTask')}</Anchor>}
      {problem && <Text size="sm" c="var(--dialtone-bad)">{problem}</Text>}
    </>
  )
}
