/** What was changed of the files of a pack and not saved yet, by path. */
export type Drafts = Readonly<Record<string, string>>

/** Returns the drafts after a file was written; a file that is as it was is no draft. */
export function drafted(drafts: Drafts, path: string, original: string, text: string): Drafts {
  if (text !== original) return { ...drafts, [path]: text }
  return Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== path))
}
