import type { TaskKind, TaskState } from '@/api/types'

/** Every kind of task, in the order in which they are offered. */
export const taskKinds = [
  'refresh', 'getParameterValues', 'setParameterValues', 'getParameterNames', 'getParameterAttributes', 'setParameterAttributes',
  'addObject', 'deleteObject', 'download', 'scheduleDownload', 'upload', 'getQueuedTransfers', 'getAllQueuedTransfers', 'cancelTransfer',
  'scheduleInform', 'reboot', 'factoryReset', 'ipPing', 'traceRoute', 'downloadDiagnostics', 'uploadDiagnostics', 'nsLookup',
  'changeDUState', 'getOptions', 'setVouchers', 'getRPCMethods', 'vendorRPC',
] as const satisfies readonly TaskKind[]

/** The states in which a task still may change. */
export const openStates = ['queued', 'running', 'waiting'] as const satisfies readonly TaskState[]

/** Reports whether a task in this state still may change. */
export function isOpen(state: TaskState): boolean {
  return (openStates as readonly TaskState[]).includes(state)
}

/** Reports whether a task in this state can be cancelled: one that runs cannot, as the phone has the request. */
export function mayCancel(state: TaskState): boolean {
  return state === 'queued' || state === 'waiting'
}

/** Reports whether a task in this state can be sent again as a new task. */
export function mayRetry(state: TaskState): boolean {
  return state === 'failed' || state === 'expired' || state === 'cancelled'
}

/** The kinds that lose something or stop the phone from working for a while. */
export function hurts(kind: TaskKind): boolean {
  return kind === 'factoryReset' || kind === 'reboot' || kind === 'deleteObject' || kind === 'download'
    || kind === 'scheduleDownload' || kind === 'changeDUState' || kind === 'vendorRPC'
}
