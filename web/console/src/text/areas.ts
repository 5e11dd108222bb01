/** Puts the texts of each file under its name: messages/en/live.json has the keys live.… */
export function byArea(files: Record<string, Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).map(([file, texts]) => [file.replace(/^.*\/|\.json$/g, ''), texts]))
}
