import { Alert, Anchor, Code, List, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'
import { useLevelText } from './words'

interface UnreachedProps {
  unreached: Schemas['UnreachedSettings']
  /** The one device that the change is for. */
  device?: string
}

/** What devices would not take: because a level below says otherwise, or one above locked it. */
export function Unreached({ unreached: { overridden, refused, unused, places, truncated }, device }: UnreachedProps) {
  const { t } = useTranslation()
  if (overridden + refused + unused === 0) return null
  return (
    <Alert color={refused > 0 ? 'red' : 'yellow'} variant="outline" role="note" title={t(refused > 0 ? 'settings.plan.refusedTitle' : 'settings.plan.unreachedTitle')} styles={refused > 0 ? undefined : { title: { color: 'var(--dialtone-warn)' } }}>
      {refused > 0 && <Text size="sm">{t('settings.plan.refused', { count: refused })}</Text>}
      {overridden > 0 && <Text size="sm">{t('settings.plan.overridden', { count: overridden })}</Text>}
      {unused > 0 && <Text size="sm">{t('settings.plan.unused', { count: unused })}</Text>}
      <List size="sm" mt={4} style={{ maxHeight: '14rem', overflowY: 'auto' }} tabIndex={0} aria-label={t('settings.plan.places')}>
        {places.map((place) => <List.Item key={`${place.device.id} ${place.path}`}><Place place={place} alone={device !== undefined} /></List.Item>)}
      </List>
      {truncated && <Text size="xs" c="dimmed">{t('settings.plan.morePlaces')}</Text>}
    </Alert>
  )
}

function Place({ place: { device, path, why, by, reason }, alone }: { place: Schemas['UnreachedPlace']; alone: boolean }) {
  const { t } = useTranslation()
  const levelText = useLevelText()
  return (
    <>
      {!alone && <><Anchor underline="always" component={Link} to={`/devices/${device.id}` as string} search={{ tab: 'settings' } as never}>{device.mac || device.serialNumber || device.id}</Anchor> </>}
      <Code>{path}</Code> {t(`settings.plan.why.${why}`, { level: levelText(by) })}{reason && `: ${reason}`}
    </>
  )
}
