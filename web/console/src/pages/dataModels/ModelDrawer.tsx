import { Alert, Button, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DataModel, Schemas } from '@/api/types'
import { useMay } from '@/auth/me'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { DataList } from '@/parts/DataList'
import { Loaded } from '@/parts/Loaded'
import { TextBlock } from '@/provisioning/TextBlock'
import { UnmappedTable } from '@/provisioning/UnmappedTable'
import { Moment } from '@/time/Moment'
import { dataModelQuery, useAskAgain } from './api'
import { modelName } from './name'

type Detail = Schemas['DataModelDetail']

/** What a model told: what it has, and which settings cannot reach it. */
export function ModelDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const model = useQuery(dataModelQuery(id))
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title={model.data ? modelName(model.data) : t('dataModels.one')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Loaded query={model}>{(data) => <Body model={data} onClose={onClose} />}</Loaded>
    </Drawer>
  )
}

function Body({ model, onClose }: { model: Detail; onClose: () => void }) {
  const { t } = useTranslation()
  const may = useMay('settings.write')
  const [asking, setAsking] = useState(false)
  return (
    <Stack gap="md">
      <DataList facts={[
        [t('dataModels.root'), <code key="root">{model.root}</code>],
        [t('dataModels.pack'), model.pack],
        [t('dataModels.updatedAt'), <Moment key="at" at={model.updatedAt} />],
        [t('dataModels.asked'), model.asked.length > 0 ? model.asked.join(', ') : ''],
        [t('dataModels.names'), t('dataModels.namesCount', { count: model.names.length })],
        [t('dataModels.noNotification'), model.noNotification.length > 0 ? t('dataModels.noNotificationCount', { count: model.noNotification.length }) : undefined],
      ]} />
      {may && <Group><Button variant="default" onClick={() => setAsking(true)}>{t('dataModels.askAgain')}</Button></Group>}
      <div>
        <Title order={3} size="h4" id="unmapped">{t('dataModels.unmapped')}</Title>
        {model.unmapped.length === 0
          ? <Text>{t('dataModels.allMappedMeans')}</Text>
          : <><Text c="dimmed" size="xs" mb="xs">{t('dataModels.unmappedMeans')}</Text><UnmappedTable labelledBy="unmapped" settings={model.unmapped} /></>}
      </div>
      <section aria-labelledby="names">
        <Title order={3} size="h4" id="names">{t('dataModels.names')}</Title>
        {model.names.length === 0
          ? <Alert variant="outline" color="yellow">{t('dataModels.noNames')}</Alert>
          : <><Text c="dimmed" size="xs">{t('dataModels.namesMean')}</Text><TextBlock label={t('dataModels.names')} text={model.names.map(lineOf).join('\n')} /></>}
      </section>
      {asking && <AskAgain model={model} onClose={() => setAsking(false)} onAsked={onClose} />}
    </Stack>
  )
}

function lineOf({ path, writable }: Detail['names'][number]): string {
  return `${writable ? 'w' : '-'} ${path}`
}

function AskAgain({ model, onClose, onAsked }: { model: DataModel; onClose: () => void; onAsked: () => void }) {
  const { t } = useTranslation()
  const ask = useAskAgain(model.id)
  return (
    <ConfirmDeed title={t('dataModels.askAgainOne', { model: modelName(model) })} deed={t('dataModels.askAgain')} onClose={onClose} onConfirm={() => ask.mutateAsync().then(onAsked)}>
      {t('dataModels.askAgainMeans')}
    </ConfirmDeed>
  )
}
