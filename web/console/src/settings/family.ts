import type { Setting } from './model'
import { every, indexesIn, type Family } from './paths'

const mostColumns = 6

/** The settings of a family that its table shows: all if they are few, else those that anything is said of, in the order of the catalogue. */
export function columnsOf({ settings, indexes }: Family, paths: Iterable<string>): Setting[] {
  const shown = settings.filter(({ deprecated }) => !deprecated)
  if (shown.length <= mostColumns) return shown
  const all = [...paths]
  const said = shown.filter((setting) => all.some((path) => indexesIn(path, setting.path, indexes)))
  return (said.length > 0 ? said : shown).slice(0, mostColumns)
}

/** The indexes that come next: after the greatest of the last index, below the greatest of those before it. */
export function nextIndexes({ indexes }: Family, taken: readonly string[][]): string[] {
  let among = taken.filter((at) => !at.includes(every))
  return indexes.map(({ from, to }, i) => {
    const greatest = Math.max(from - 1, ...among.map((at) => Number(at[i])))
    const last = i === indexes.length - 1
    const index = String(last ? Math.min(greatest + 1, to) : Math.max(greatest, from))
    among = among.filter((at) => at[i] === index)
    return index
  })
}
