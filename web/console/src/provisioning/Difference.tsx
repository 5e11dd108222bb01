import { useMemo } from 'react'
import { differenceLines } from './difference'
import classes from './provisioning.module.css'

/** A unified difference; what comes and what goes differs by sign and by colour. */
export function Difference({ label, text }: { label: string; text: string }) {
  const lines = useMemo(() => differenceLines(text), [text])
  return (
    // A long text scrolls, and what scrolls has to be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
    <pre className={classes.text} tabIndex={0} role="group" aria-label={label}>
      {lines.map((line, i) => <span key={i} className={classes.line} data-kind={line.kind}>{`${line.text}\n`}</span>)}
    </pre>
  )
}
