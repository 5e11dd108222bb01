import type { AppliedProfile, DeviceBehaviour } from '@/api/types'

/** The fields that are not as toward every other device, or that a profile decides, and by which profile. */
export function decidedBy({ behaviour, profiles }: Pick<DeviceBehaviour, 'behaviour' | 'profiles'>): { fields: Record<string, unknown>; by: Map<string, AppliedProfile> } {
  const by = new Map(profiles.flatMap((profile) => profile.decides.map((field) => [field, profile] as const)))
  const said: Record<string, unknown> = { ...behaviour }
  // A profile may decide that a field is as by the book: the answer leaves such a value out.
  const fields = Object.fromEntries([...new Set([...Object.keys(said), ...by.keys()])].map((field) => [field, said[field]]))
  return { fields, by }
}
