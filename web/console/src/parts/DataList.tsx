import { Fragment, type ReactNode } from 'react'
import classes from './parts.module.css'

/** Facts of one thing: pairs of a name and a value. Pairs whose value is undefined are left out. */
export function DataList({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.filter(([, value]) => value !== undefined).map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value === '' || value === null ? '–' : value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
