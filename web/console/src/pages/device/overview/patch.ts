import type { Device, Schemas } from '@/api/types'

type Edited = Pick<Device, 'tags' | 'group' | 'model' | 'mac'>

/** The merge patch from what a device has to what was entered: only what differs; what was emptied is null. */
export function patchOf(device: Edited, entered: Edited): Schemas['DevicePatch'] {
  const patch: Schemas['DevicePatch'] = {}
  const tags = [...new Set(entered.tags.map((tag) => tag.trim()).filter(Boolean))]
  if (tags.length !== device.tags.length || tags.some((tag) => !device.tags.includes(tag))) patch.tags = tags
  for (const name of ['group', 'model', 'mac'] as const) {
    const value = entered[name].trim()
    if (value !== device[name]) patch[name] = value || null
  }
  return patch
}
