import type { QueryKey } from '@tanstack/react-query'

type Params = Readonly<Record<string, unknown>>

/**
 * The keys of all cached answers. Live updates find what they patch by the first part, so that every
 * query of devices, tasks and sessions has to use these: one thing has the key [kind, id, …], a list
 * (a Page, or infinite pages of them) [kinds, params].
 */
export const keys = {
  me: ['me'] as const,
  signIn: ['signIn'] as const,
  ownSessions: ['ownSessions'] as const,
  preferences: ['preferences'] as const,
  system: ['system'] as const,

  device: (id: string) => ['device', id] as const,
  devices: (params: Params = {}) => ['devices', params] as const,
  deviceSummary: ['deviceSummary'] as const,
  /** Counted anew whenever the summary is. */
  provisioningSummary: ['deviceSummary', 'provisioning'] as const,
  /** How a device is brought to its settings over CWMP. */
  convergence: (device: string) => ['convergence', device] as const,
  dataModels: ['dataModels'] as const,
  dhcpServers: ['dhcpServers'] as const,
  /** How the server behaves toward a device. */
  behaviour: (device: string) => ['behaviour', device] as const,
  trace: (device: string) => ['trace', device] as const,
  traceOrders: ['traceOrders'] as const,
  quirkProfiles: ['quirkProfiles'] as const,
  settingsCatalogue: ['settingsCatalogue'] as const,
  /** What is declared at a level, and what follows from it for a device. */
  settings: (of: string, id: string) => ['settings', of, id] as const,
  lines: (params: Params = {}) => ['lines', params] as const,
  parameters: (device: string, params: Params = {}) => ['parameters', device, params] as const,

  task: (id: string) => ['task', id] as const,
  /** Lists of tasks, of one device too: {device: id}. */
  tasks: (params: Params = {}) => ['tasks', params] as const,
  taskCauses: (params: Params = {}) => ['taskCauses', params] as const,
  bulk: (id: string) => ['bulk', id] as const,

  /** CWMP sessions of one device. */
  sessions: (device: string, params: Params = {}) => ['sessions', device, params] as const,
  timeline: (device: string, params: Params = {}) => ['timeline', device, params] as const,

  packs: ['packs'] as const,
  pack: (name: string, version = '') => ['pack', name, version] as const,
  packSource: (name: string, version: string, path: string) => ['packSource', name, version, path] as const,
  strangers: ['strangers'] as const,
  /** What phones asked for; of one device: {device: id}. */
  fetches: (params: Params = {}) => ['fetches', params] as const,
  /** The files that a device would be given. */
  deviceFiles: (device: string) => ['deviceFiles', device] as const,

  attention: ['attention'] as const,
  statistics: (params: Params = {}) => ['statistics', params] as const,

  groups: (params: Params = {}) => ['groups', params] as const,
  group: (path: string) => ['group', path] as const,
  users: (params: Params = {}) => ['users', params] as const,
  user: (name: string) => ['user', name] as const,
  roles: ['roles'] as const,
  permissions: ['permissions'] as const,
  tokens: ['tokens'] as const,
  files: (params: Params = {}) => ['files', params] as const,
  audit: (params: Params = {}) => ['audit', params] as const,
  auditVerification: ['auditVerification'] as const,
  accessRules: ['accessRules'] as const,
  sharedCredentials: ['sharedCredentials'] as const,
  filterFields: (of: string) => ['filterFields', of] as const,
} satisfies Record<string, QueryKey | ((...args: never[]) => QueryKey)>
