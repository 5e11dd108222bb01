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
  scheduleDownload: [
    { name: 'windows', type: '{startSeconds, endSeconds, mode, userMessage?, maxRetries?}[]', required: true },
    { name: 'file', type: 'string' }, { name: 'url', type: 'string' }, { name: 'fileType', type: 'string' }, { name: 'username', type: 'string' },
    { name: 'password', type: 'string' }, { name: 'targetFileName', type: 'string' },
  ],
  upload: [
    { name: 'fileType', type: 'string', required: true }, { name: 'instance', type: 'number' }, { name: 'url', type: 'string' },
    { name: 'username', type: 'string' }, { name: 'password', type: 'string' }, { name: 'delaySeconds', type: 'number' },
  ],
  getQueuedTransfers: [],
  getAllQueuedTransfers: [],
  cancelTransfer: [{ name: 'task', type: 'string' }, { name: 'commandKey', type: 'string' }],
  scheduleInform: [{ name: 'delaySeconds', type: 'number', required: true }],
  changeDUState: [{ name: 'operations', type: '{operation, url?, uuid?, version?, executionEnvironment?, username?, password?}[]', required: true }],
  getOptions: [{ name: 'optionName', type: 'string' }],
  setVouchers: [{ name: 'vouchers', type: 'string[]', required: true }],
  vendorRPC: [{ name: 'name', type: 'string', required: true }, { name: 'body', type: 'string' }],
  ipPing: [
    { name: 'host', type: 'string', required: true }, { name: 'numberOfRepetitions', type: 'number' }, { name: 'timeoutMilliseconds', type: 'number' },
    { name: 'dataBlockSize', type: 'number' }, { name: 'dscp', type: 'number' }, { name: 'interface', type: 'string' },
  ],
  traceRoute: [
    { name: 'host', type: 'string', required: true }, { name: 'numberOfTries', type: 'number' }, { name: 'timeoutMilliseconds', type: 'number' },
    { name: 'dataBlockSize', type: 'number' }, { name: 'dscp', type: 'number' }, { name: 'maxHopCount', type: 'number' }, { name: 'interface', type: 'string' },
  ],
  downloadDiagnostics: [{ name: 'url', type: 'string', required: true }, { name: 'dscp', type: 'number' }, { name: 'interface', type: 'string' }],
  uploadDiagnostics: [
    { name: 'url', type: 'string', required: true }, { name: 'testFileLength', type: 'number', required: true }, { name: 'dscp', type: 'number' },
    { name: 'interface', type: 'string' },
  ],
  nsLookup: [
    { name: 'host', type: 'string', required: true }, { name: 'dnsServer', type: 'string' }, { name: 'numberOfRepetitions', type: 'number' },
    { name: 'timeoutMilliseconds', type: 'number' }, { name: 'interface', type: 'string' },
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
    case 'scheduleDownload':
      return { file: '', windows: [{ startSeconds: 0, endSeconds: 14_400, mode: '3 When Idle' }] }
    case 'upload':
      return { fileType: '2 Vendor Log File' }
    case 'cancelTransfer':
      return { task: '' }
    case 'scheduleInform':
      return { delaySeconds: 300 }
    case 'changeDUState':
      return { operations: [{ operation: 'install', url: 'https://' }] }
    case 'setVouchers':
      return { vouchers: [''] }
    case 'vendorRPC':
      return { name: 'X_00156D_Name', body: '' }
    case 'ipPing':
    case 'traceRoute':
    case 'nsLookup':
      return { host: '' }
    case 'downloadDiagnostics':
      return { url: 'http://' }
    case 'uploadDiagnostics':
      return { url: 'http://', testFileLength: 1_048_576 }
    case 'getQueuedTransfers':
    case 'getAllQueuedTransfers':
    case 'getOptions':
    case 'reboot':
    case 'factoryReset':
    case 'getRPCMethods':
      return {}
  }
}
