import type { FieldError } from '@/api/types'

/** What is wrong with a pack: in which file, at which line if that is known, and what. */
export interface PackFault {
  /** Empty for the pack as a whole. */
  file: string
  line: number
  message: string
}

/** Returns what the check of a pack found, located as FILE:LINE. */
export function faultsOf(errors: readonly FieldError[]): PackFault[] {
  return errors.map(({ location = '', message }) => {
    const found = /^(.*?)(?::(\d+))?$/.exec(location)
    const file = found?.[1] ?? ''
    return { file: file === 'body' || file.startsWith('body.') ? '' : file, line: Number(found?.[2] ?? 0), message }
  })
}
