import { Button, Group, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PackDetail } from '@/api/types'
import { useUrlState } from '@/listing/useUrlState'
import { bytesText } from '@/pages/files/bytes'
import { Actor } from '@/parts/Actor'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { WideTable } from '@/parts/WideTable'
import { Moment } from '@/time/Moment'
import { useDeleteVersion } from '../packs/api'
import { builtIn, shortVersion, versionBefore, versionsOf } from '../packs/version'
import { Activate } from './Activate'
import { VersionName } from './VersionName'

interface VersionsProps {
  pack: PackDetail
  /** Whether versions may be put in force and deleted. */
  may: boolean
  /** Whether it may be asked what that would change. */
  mayPlan: boolean
}

/** The versions of a pack; each can be looked at, put in force, and deleted if it was uploaded. */
export function Versions({ pack, may, mayPlan }: VersionsProps) {
  const { t } = useTranslation()
  const [, change] = useUrlState(['version'])
  const [activated, setActivated] = useState('')
  const [deleted, setDeleted] = useState('')
  const before = versionBefore(pack)
  return (
    <>
      <h2 id="versions" style={{ display: 'none' }}>{t('packs.tab.versions')}</h2>
      {may && before && <Button variant="default" mb="sm" onClick={() => setActivated(before)}>{t('packs.rollBack', { version: before === builtIn ? t('packs.builtIn') : shortVersion(before) })}</Button>}
      <WideTable labelledBy="versions" minWidth={680}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('packs.version')}</Table.Th>
            <Table.Th scope="col">{t('packs.createdAt')}</Table.Th>
            <Table.Th scope="col" ta="right">{t('files.size')}</Table.Th>
            <Table.Th scope="col">{t('packs.actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versionsOf(pack).map((version) => (
            <Version key={version} pack={pack} version={version} may={may} onShow={() => change({ version })} onActivate={() => setActivated(version)} onDelete={() => setDeleted(version)} />
          ))}
        </Table.Tbody>
      </WideTable>
      {activated && <Activate pack={pack} version={activated} mayPlan={mayPlan} onClose={() => setActivated('')} />}
      {deleted && <Delete pack={pack} version={deleted} onClose={() => setDeleted('')} onDeleted={() => change({ version: '' })} />}
    </>
  )
}

interface VersionProps extends Pick<VersionsProps, 'pack' | 'may'> {
  version: string
  onShow: () => void
  onActivate: () => void
  onDelete: () => void
}

function Version({ pack, version, may, onShow, onActivate, onDelete }: VersionProps) {
  const { t, i18n } = useTranslation()
  const upload = pack.versions.find((one) => one.version === version)
  const named = version === builtIn ? t('packs.builtIn') : shortVersion(version)
  return (
    <Table.Tr>
      <Table.Td><VersionName pack={pack} version={version} /></Table.Td>
      <Table.Td>{upload ? <><Moment at={upload.createdAt} exact /> · <Actor actor={upload.createdBy} /></> : <Text span c="dimmed">{t('packs.cameWith')}</Text>}</Table.Td>
      <Table.Td ta="right">{upload ? bytesText(upload.size, i18n.language) : '–'}</Table.Td>
      <Table.Td>
        <Group gap={6}>
          {version !== pack.version && <Button size="xs" variant="default" onClick={onShow} aria-label={t('packs.showOne', { version: named })}>{t('packs.show')}</Button>}
          {may && version !== pack.active && <Button size="xs" variant="default" onClick={onActivate} aria-label={t('packs.activateOne', { version: named })}>{t('packs.activate')}</Button>}
          {may && upload && <Button size="xs" variant="outline" color="red" onClick={onDelete} aria-label={t('packs.deleteOne', { version: named })}>{t('packs.delete')}</Button>}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function Delete({ pack, version, onClose, onDeleted }: { pack: PackDetail; version: string; onClose: () => void; onDeleted: () => void }) {
  const { t } = useTranslation()
  const remove = useDeleteVersion(pack.name)
  const deed = async () => {
    // The page must not ask for a version that is gone.
    await remove.mutateAsync(version)
    if (version === pack.version) onDeleted()
  }
  return (
    <ConfirmDeed title={t('packs.deleteOne', { version: shortVersion(version) })} deed={t('packs.delete')} harmful onClose={onClose} onConfirm={deed}>
      {t(version === pack.active ? 'packs.deleteActiveMeans' : 'packs.deleteMeans')}
    </ConfirmDeed>
  )
}
