import { Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device, PackDetail, Schemas } from '@/api/types'
import { PhoneSelect } from '@/devices/PhoneSelect'
import { equals } from '@/listing/filters'
import { Loaded } from '@/parts/Loaded'
import { Difference } from '@/provisioning/Difference'
import { devicePlanQuery } from '../packs/api'
import { builtIn, shortVersion, versionsOf } from '../packs/version'

/** How the files of one phone would differ if a version were in force. */
export default function Preview({ pack }: { pack: PackDetail }) {
  const { t } = useTranslation()
  const [version, setVersion] = useState(pack.version)
  const [device, setDevice] = useState<Device>()
  const versions = versionsOf(pack).map((value) => ({ value, label: [value === builtIn ? t('packs.builtIn') : shortVersion(value), value === pack.active && t('packs.inForce')].filter(Boolean).join(' · ') }))
  return (
    <Stack gap="sm">
      <Text c="dimmed" size="sm">{t('packs.preview.means')}</Text>
      <PhoneSelect label={t('packs.preview.phone')} placeholder={t('packs.preview.phoneHow')} among={equals('pack', pack.name)} value={device} onChange={setDevice} maw={480} />
      <Select label={t('packs.version')} data={versions} value={version} onChange={(next) => setVersion(next ?? pack.version)} allowDeselect={false} maw={480} />
      {device && <Differences device={device.id} pack={pack.name} version={version} />}
    </Stack>
  )
}

function Differences({ device, pack, version }: { device: string; pack: string; version: string }) {
  const { t } = useTranslation()
  const plan = useQuery(devicePlanQuery(device, pack, version))
  return (
    <Loaded query={plan}>
      {({ files }) => (files.length === 0 ? <Text role="status">{t('packs.preview.same')}</Text> : <>{files.map((file) => <FileChange key={file.name} file={file} />)}</>)}
    </Loaded>
  )
}

function FileChange({ file }: { file: Schemas['FileDifference'] }) {
  const { t } = useTranslation()
  return (
    <section aria-label={file.name}>
      <Text fw={600}><code>{file.name}</code> · {t('packs.preview.lines', { added: file.added, removed: file.removed })}</Text>
      {file.problem ? <Text c="var(--dialtone-bad)">{file.problem}</Text> : <Difference label={t('packs.preview.of', { name: file.name })} text={file.difference} />}
      {file.truncated && <Text size="xs" c="dimmed">{t('packs.preview.cut')}</Text>}
    </section>
  )
}
