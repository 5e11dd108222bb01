import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

const outcomes = ['completed', 'timedOut', 'superseded', 'broken']

/** How a session ended: a sign and words. */
export function SessionOutcome({ outcome }: { outcome: string }) {
  const { t } = useTranslation()
  const good = outcome === 'completed'
  const Sign = good ? IconCircleCheck : IconCircleX
  return (
    <span style={{ display: 'inline-flex', verticalAlign: 'bottom', gap: 5, alignItems: 'center', color: `var(--dialtone-${good ? 'good' : 'warn'})` }}>
      <Sign size={16} aria-hidden /> {outcomes.includes(outcome) ? t(`device.sessions.how.${outcome}`) : outcome}
    </span>
  )
}
