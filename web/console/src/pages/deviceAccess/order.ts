import type { AccessRule } from '@/api/types'

/** The rules in the order in which they count: the highest priority first, of equal ones the first by ID, and last the one of the server's options. */
export function inOrder(rules: readonly AccessRule[]): AccessRule[] {
  return [...rules].sort((a, b) => Number(a.builtIn) - Number(b.builtIn) || (b.priority ?? 0) - (a.priority ?? 0) || (a.id < b.id ? -1 : Number(a.id > b.id)))
}

/** Reports whether the rule is for every device at every listener, so that none behind it ever counts. */
function isForAll(rule: AccessRule): boolean {
  return rule.enabled && !rule.filter && !rule.listeners?.length
}

/** Returns the rule, if there is one, because of which this one of the ordered rules never counts. */
export function hiddenBy(rules: readonly AccessRule[], rule: AccessRule): AccessRule | undefined {
  return rules.slice(0, rules.indexOf(rule)).find((before) => !before.builtIn && isForAll(before))
}

/** Reports whether devices that no rule fits are taken without any proof. */
export function isOpen(rules: readonly AccessRule[]): boolean {
  const last = rules.at(-1)
  return last !== undefined && last.builtIn && last.methods.includes('none') && !hiddenBy(rules, last)
}
