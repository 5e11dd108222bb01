import classes from './devices.module.css'

/** The tags of a device in one line; those that find no room are in the tooltip of the whole. */
export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <span className={classes.tags} title={tags.join(', ')}>
      {tags.map((tag) => <span key={tag} className={classes.tag}>{tag}</span>)}
    </span>
  )
}
