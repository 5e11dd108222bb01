// In this order: browsers name those that they descend from, too.
const browsers = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']] as const
const systems = [['Windows', 'Windows'], ['Android', 'Android'], ['iPhone', 'iOS'], ['iPad', 'iPadOS'], ['Mac OS X', 'macOS'], ['Linux', 'Linux']] as const

/** Names the browser and system of a User-Agent, such as "Firefox, Linux"; what is unknown as it is, cut short. */
export function browserOf(userAgent: string): string {
  const of = (names: readonly (readonly [string, string])[]) => names.find(([sign]) => userAgent.includes(sign))?.[1]
  const known = [of(browsers), of(systems)].filter(Boolean).join(', ')
  return known || userAgent.slice(0, 60)
}
