import { Code } from '@mantine/core'

/** A path on lines of its own, however long it is. */
export function PathBlock({ path }: { path: string }) {
  return <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{path}</Code>
}
