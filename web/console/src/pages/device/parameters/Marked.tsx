import classes from './Tree.module.css'

/** A text in which the first place of what was searched for is marked. */
export function Marked({ text, wanted }: { text: string; wanted: string }) {
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase())
  if (at < 0) return <>{text}</>
  return <>{text.slice(0, at)}<mark className={classes.mark}>{text.slice(at, at + wanted.length)}</mark>{text.slice(at + wanted.length)}</>
}
