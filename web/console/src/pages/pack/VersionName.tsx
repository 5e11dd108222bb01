import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PackDetail } from '@/api/types'
import { builtIn, shortVersion } from '../packs/version'

/** A version of a pack in words, and whether it is in force. */
export function VersionName({ pack, version }: { pack: Pick<PackDetail, 'versions' | 'active'>; version: string }) {
  const { t } = useTranslation()
  const upload = pack.versions.find((one) => one.version === version)
  return (
    <Group gap={6} component="span">
      {version === builtIn ? t('packs.builtIn') : <code title={version}>{shortVersion(version)}</code>}
      {upload && <span>{t('packs.number', { number: upload.number })}</span>}
      {version === pack.active && <Badge variant="outline" color="green" c="var(--dialtone-good)" tt="none">{t('packs.inForce')}</Badge>}
    </Group>
  )
}
