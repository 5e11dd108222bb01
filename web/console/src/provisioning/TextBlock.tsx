import classes from './provisioning.module.css'

/** A text as it is, in a box that scrolls. */
export function TextBlock({ label, text }: { label: string; text: string }) {
  // A long text scrolls, and what scrolls has to be reachable by keyboard.
  // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
  return <pre className={classes.text} tabIndex={0} role="group" aria-label={label}>{text}</pre>
}
