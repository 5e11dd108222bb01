import type { TaskKind } from '@/api/types'

/** One argument of a kind of task, as the REST interface takes it. */
export interface Argument {
  name: string
  /** As JSON has it: string, number, boolean, or what a list is of. */
  type: string
  required?: boolean
}

const paths: Argument[] = [{ name: 'paths', type: 'string[]', required: true }]

/** The arguments of every kind; a test holds them against the description of the interface. */
export const argumentsOf: Record<TaskKind, readonly Argument[]> = {
  refresh: [{ name: 'path', type: 'string', required: true }],
  getParameterValues: paths,
  setParameterValues: [
    { name: 'parameters', type: '{path, value, type?}[]', required: true },
    { name: 'onlyIfDifferent', type: 'boolean' },
    { name: 'parameterKey', type: 'string' },
  ],
  getParameterNames: [{ name: 'path', type: 'string', required: true }, { name: 'nextLevel', type: 'boolean' }],
  getParameterAttributes: paths,
  setParameterAttributes: [{ name: 'parameters', type: '{path, notification?, accessList?}[]', required: true }],
  addObject: [{ name: 'objectName', type: 'string', required: true }, { name: 'parameters', type: '{path, value, type?}[]' }],
  deleteObject: [{ name: 'objectName', type: 'string', required: true }],
  download: [
    { name: 'file', type: 'string' }, { name: 'url', type: 'string' }, { name: 'fileType', type: 'string' }, { name: 'username', type: 'string' },
    { name: 'password', type: 'string' }, { name: 'targetFileName', type: 'string' }, { name: 'delaySeconds', type: 'number' },
  ],
  reboot: [],
  factoryReset: [],
  getRPCMethods: [],
}

/** What every task may have beside its arguments. */
export const commonArguments: readonly Argument[] = [
  { name: 'priority', type: 'number' }, { name: 'notBefore', type: 'time' }, { name: 'expires', type: 'time' },
  { name: 'after', type: 'string[]' }, { name: 'uniqueKey', type: 'string' },
]

/** Arguments to begin with, for somebody who writes a task by hand; the root is the name of the phone's topmost object. */
export function templateOf(kind: TaskKind, root = 'Device.'): Record<string, unknown> {
  switch (kind) {
    case 'refresh':
      return { path: root }
    case 'getParameterNames':
      return { path: root, nextLevel: true }
    case 'getParameterValues':
    case 'getParameterAttributes':
      return { paths: [`${root}DeviceInfo.`] }
    case 'setParameterValues':
      return { parameters: [{ path: `${root}ManagementServer.PeriodicInformInterval`, value: 300, type: 'xsd:unsignedInt' }] }
    case 'setParameterAttributes':
      return { parameters: [{ path: `${root}DeviceInfo.SoftwareVersion`, notification: 2 }] }
    case 'addObject':
      return { objectName: `${root}Services.VoiceService.1.VoiceProfile.` }
    case 'deleteObject':
      return { objectName: `${root}Services.VoiceService.1.VoiceProfile.2.` }
    case 'download':
      return { file: '' }
    case 'reboot':
    case 'factoryReset':
    case 'getRPCMethods':
      return {}
  }
}
