import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { local, relative, utc } from './format'
import { localeOf } from './locale'
import { useNow } from './now'

interface MomentProps {
  /** RFC 3339; null for a time that never was. */
  at: string | null | undefined
  /** Shows the date and time instead of how long ago it was. */
  exact?: boolean
  /** What to show for a time that never was; "never" if absent. */
  never?: string
}

/** A time as the viewer reads it; the tooltip has the date in the viewer's zone and the exact time in UTC. */
export function Moment({ at, exact = false, never }: MomentProps) {
  const { t, i18n } = useTranslation()
  if (!at) return <span>{never ?? t('time.never')}</span>
  return <Known at={new Date(at)} exact={exact} language={localeOf(i18n.language)} />
}

function Known({ at, exact, language }: { at: Date; exact: boolean; language: string }) {
  const now = useNow()
  const here = local(at, language)
  return (
    <Tooltip label={<>{here}<br />{utc(at)}</>} withArrow events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at.toISOString()}>{exact ? here : relative(at, now, language)}</time>
    </Tooltip>
  )
}
