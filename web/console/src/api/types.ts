// The things that the REST interface shows, by the names that pages use.
import type { components, paths } from './schema'

export type Schemas = components['schemas']

export type AccessRule = Schemas['AccessRule']
export type AppliedProfile = Schemas['AppliedProfile']
export type AttentionItem = Schemas['AttentionItem']
export type AuditEntry = Schemas['AuditEntry']
export type AuditVerification = Schemas['AuditVerification']
export type BrowserSession = Schemas['BrowserSession']
export type Bulk = Schemas['Bulk']
export type BulkEdit = Schemas['BulkEdit']
export type BulkEditDryRun = Schemas['DryRun']
export type Behaviour = Schemas['Behaviour']
export type Convergence = Schemas['Convergence']
export type ConvergenceDifference = Schemas['ConvergenceDifference']
export type DataModel = Schemas['DataModel']
export type Device = Schemas['Device']
export type DeviceAlarm = Schemas['DeviceAlarm']
export type DeviceBehaviour = Schemas['DeviceBehaviour']
export type DeviceFile = Schemas['DeviceFile']
export type DeviceProvisioning = Schemas['DeviceProvisioning']
export type DeviceSession = Schemas['Session']
export type DeviceState = Device['state']
export type DeviceSummary = Schemas['DeviceSummary']
export type DhcpConfiguration = Schemas['DHCPConfiguration']
export type DhcpQuestion = Schemas['DHCPQuestion']
export type DhcpServers = Schemas['DHCPServers']
export type Fetch = Schemas['Fetch']
export type FieldError = Schemas['FieldError']
export type File = Schemas['File']
export type FilterField = Schemas['FilterField']
export type Group = Schemas['Group']
export type GroupDetail = Schemas['GroupDetail']
export type Line = Schemas['Line']
export type Me = Schemas['Me']
export type NewAccessRule = Schemas['NewAccessRule']
export type NewSharedCredential = Schemas['NewSharedCredential']
export type NewUser = Schemas['NewUser']
export type Pack = Schemas['Pack']
export type PackDetail = Schemas['PackDetail']
export type PackUpload = Schemas['PackUpload']
export type Parameter = Schemas['Parameter']
export type PermissionInfo = Schemas['PermissionInfo']
/** What the console keeps for a user: the name of a choice and its value. */
export type Preferences = Record<string, unknown>
export type Problem = Schemas['Problem']
export type ProvisioningState = DeviceProvisioning['state']
export type QuirkProfile = Schemas['QuirkProfile']
export type RetryOutcome = Schemas['Retries']
export type Role = Schemas['RoleInfo']
export type SecondFactor = Schemas['SecondFactor']
export type SharedCredential = Schemas['SharedCredential']
export type SignInMethods = Schemas['SignInMethods']
export type Stranger = Schemas['Stranger']
export type SystemInfo = Schemas['System']
export type Task = Schemas['Task']
export type TaskCause = Schemas['Cause']
export type TaskKind = Task['kind']
export type TaskState = Task['state']
export type TimelineItem = Schemas['TimelineItem']
export type Token = Schemas['Token']
export type TraceMessage = Schemas['TraceMessage']
export type TraceOrder = Schemas['TraceOrder']
export type UnmappedSetting = Schemas['UnmappedSetting']
export type User = Schemas['User']
export type UserPatch = Schemas['UserPatch']

/** Counts over time. The description allows null for a series; the server leaves such a one out. */
export type Statistics = Omit<Schemas['Statistics'], 'series'> & { series: Record<string, number[]> }

/** The calls of the REST interface. Where the description is looser than the server is, this is the one place that narrows it. */
export type Paths = Omit<paths, '/api/v1/statistics'> & {
  '/api/v1/statistics': { get: Answering<paths['/api/v1/statistics']['get'], Statistics> }
}

type Answering<Call extends { responses: { 200: unknown } }, Body> = Omit<Call, 'responses'> & {
  responses: Omit<Call['responses'], 200> & { 200: { headers: { [name: string]: unknown }; content: { 'application/json': Body } } }
}

/** The names of users/permission.go. */
export type Permission =
  | 'devices.read' | 'devices.write' | 'devices.wake' | 'secrets.reveal' | 'tasks.read' | 'tasks.write' | 'files.read' | 'files.write'
  | 'events.read' | 'groups.read' | 'groups.write' | 'users.read' | 'users.write' | 'tokens.read' | 'tokens.write' | 'audit.read' | 'system.read'
  | 'policies.read' | 'policies.write' | 'traces.read' | 'traces.write' | 'settings.read' | 'settings.write' | 'packs.write'

/** A page of a list. */
export interface Page<Item> {
  items: Item[]
  nextPageToken: string
  totalSize?: number
}
