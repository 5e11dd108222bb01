/** What is said of a file that is uploaded. */
export interface FileFields {
  name: string
  type: string
  oui: string
  productClass: string
  version: string
  /** Names of other files, with spaces or commas between them. */
  siblings: string
}

/** The file types of TR-069 A.3.2.8 that phones commonly know, and the examples of a vendor's own. */
export const knownTypes = ['1 Firmware Upgrade Image', '2 Web Content', '3 Vendor Configuration File', '4 Tone File', '5 Ringer File', 'X Custom CA'] as const

const typeRule = /^(?:[1-9][0-9]*|X [^\s\p{C}]+)(?: [^\s\p{C}]+)+$/u
const nameRule = /^(?!\.)(?!.*\.\.)[A-Za-z0-9._+-]{1,128}$/
const ouiRule = /^[0-9A-Fa-f]{6}$/

/** What is wrong with fields, by field: the last part of a key of the texts. */
export function faultsOf(fields: FileFields): Partial<Record<keyof FileFields, 'name' | 'type' | 'oui' | 'long' | 'siblings'>> {
  const faults: ReturnType<typeof faultsOf> = {}
  const type = fields.type.trim()
  if (!nameRule.test(fields.name.trim())) faults.name = 'name'
  if (type && !(type.length <= 64 && typeRule.test(type))) faults.type = 'type'
  if (fields.oui.trim() && !ouiRule.test(fields.oui.trim())) faults.oui = 'oui'
  if (fields.productClass.length > 64) faults.productClass = 'long'
  if (fields.version.length > 64) faults.version = 'long'
  if (fields.siblings.split(/[\s,]+/).some((sibling) => sibling && !nameRule.test(sibling))) faults.siblings = 'siblings'
  return faults
}

/** A name that the server takes, as near as can be to that of the file on the viewer's disk. */
export function storedName(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^A-Za-z0-9._+-]+/g, '-').replace(/\.{2,}/g, '.').replace(/^[.-]+/, '').slice(-128) || 'file'
}

/** What is likely to be true of a file by its name. */
export function guessedFields(name: string): FileFields {
  const stored = storedName(name)
  const ending = stored.split('.').at(-1)!.toLowerCase()
  const type = ['rom', 'loads', 'img', 'bin', 'z', 'fw', 'sbn'].includes(ending) ? knownTypes[0]
    : ['cfg', 'xml', 'conf'].includes(ending) ? knownTypes[2]
      : ['pem', 'crt', 'cer'].includes(ending) ? 'X Custom CA' : ['wav', 'mp3'].includes(ending) ? knownTypes[4] : ''
  return { name: stored, type, oui: '', productClass: '', version: '', siblings: '' }
}
