import { kindsOf } from './difference'
import classes from './settings.module.css'

/** A difference in the unified format; the signs at the beginning of lines stay, the colours only add to them. */
export function UnifiedDifference({ label, text }: { label: string; text: string }) {
  const lines = text.replace(/\n$/, '').split('\n')
  const kinds = kindsOf(lines)
  return (
    // It scrolls, so that keys have to reach it.
    // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
    <div role="region" aria-label={label} tabIndex={0} className={classes.difference}>
      {lines.map((line, i) => <span key={i} className={kinds[i] && classes[kinds[i]]}>{line || ' '}</span>)}
    </div>
  )
}
