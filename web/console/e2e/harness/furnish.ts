import { setTimeout as pause } from 'node:timers/promises'
import type { Device } from './api.ts'
import { switchOn } from './phones.ts'
import type { Program } from './program.ts'
import type { House } from './scenario.ts'

/** Gives a server phones, groups, people, files and tasks of every outcome, so that no page is empty. */
export async function furnish({ server, admin }: Pick<House, 'server' | 'admin'>, count: number): Promise<{ phones: Program; devices: Device[] }> {
  for (const [path, title] of [['acme', 'Acme'], ['acme/north', 'Acme North'], ['acme/south', 'Acme South'], ['globex', 'Globex']]) {
    await admin.post('groups', { path, title })
  }
  const phones = switchOn(server, { devices: count, interval: '60s' })
  const devices = await admin.arrived(count)
  const groups = ['acme/north', 'acme/south', 'globex']
  for (const [i, { id }] of devices.entries()) {
    await admin.settled(id)
    await admin.patch(`devices/${id}`, { group: groups[i % groups.length], tags: i % 4 === 0 ? ['lobby'] : [] })
  }
  await admin.post('devices', { mac: '00:15:65:0a:0b:01', group: 'globex', tags: ['awaited'] })
  const [first] = devices
  await admin.post('traceOrders', { device: first!.id, minutes: 60, reason: 'Loses its registration' })
  await admin.patch(`devices/${devices[6]?.id ?? first!.id}`, { quarantined: true })
  // Tracing begins within seconds of the order.
  await pause(6000)
  await admin.post(`devices/${first!.id}/tasks?connectionRequest=true`, { kind: 'refresh', path: '' })
  await admin.post(`devices/${first!.id}/tasks?connectionRequest=true`, { kind: 'ipPing', host: '127.0.0.1', numberOfRepetitions: 4 })
  for (const { id } of devices.slice(0, 5)) {
    await admin.post(`devices/${id}/tasks?connectionRequest=true`, { kind: 'setParameterValues', parameters: [{ path: 'Device.X_Missing.Parameter', value: '1' }] })
  }
  await admin.post(`devices/${first!.id}/tasks`, { kind: 'reboot', notBefore: new Date(Date.now() + 86_400_000).toISOString() })
  const form = new FormData()
  for (const [name, value] of Object.entries({ name: 'sip88xx.13-0-1.loads', type: '1 Firmware Upgrade Image', version: '13.0.1', productClass: 'CP-8841-3PCC' })) form.append(name, value)
  form.append('file', new Blob([Buffer.alloc(1 << 16, 'firmware')]), 'sip88xx.13-0-1.loads')
  await admin.post('files', form)
  await admin.user('anna', 'operator')
  await admin.user('ben', 'support', 'acme/south')
  await admin.post('roles', { name: 'night-shift', description: 'Watches and wakes phones at night', permissions: ['devices.read', 'devices.wake', 'tasks.read'] })
  await admin.put('sharedCredentials/maker', { name: 'Set by the maker', username: 'phone', password: 'as in the shop', enabled: true, rule: 'cisco' })
  await admin.put('sharedCredentials/provisioning', { username: 'provisioning', password: 'from the server before', enabled: false, filter: 'group = "acme"' })
  await admin.put('accessRules/cisco', {
    name: 'Cisco', priority: 20, enabled: true, filter: 'productClass = "CP-9999-3PCC"', methods: ['certificate', 'digest'], unknown: 'accept', rebootstrap: 'quarantine', rotate: true, rotateAfter: '2160h',
    identity: { productClass: '{OU}', serialNumber: '{L}', mac: '{ST}', generic: ['ciscogeneric'] },
  })
  await admin.post('lines', { group: 'acme', number: '201', displayName: 'Reception', password: 'auto', listed: true })
  await admin.post('lines', { group: 'acme', number: '202', displayName: 'Workshop' })
  await admin.patchSettings('settings/global', [{ path: 'account.*.registrar', value: 'sip.example' }, { path: 'time.zone', value: 'Europe/Berlin' }, { path: 'admin.password', generate: true }])
  await admin.patchSettings('groups/acme/settings', [{ path: 'account.*.registrar', value: 'sip.acme.example', locked: true }, { path: 'syslog.server', value: 'log.acme.example' }, { path: 'syslog.server', value: 'log8841.acme.example', models: ['CP-8841*'] }])
  await admin.patchSettings(`devices/${first!.id}/settings`, [{ path: 'account.1.line', value: '201' }, { path: 'account.1.registrar', value: 'own.example' }, { path: 'syslog.server', value: 'own.example' }, { path: 'key.1.type', value: 'blf' }, { path: 'key.1.value', value: '202' }])
  await admin.put('accessRules/old', { name: 'Old phones', priority: 10, enabled: false, listeners: ['cwmp-legacy'], methods: ['basic'], unknown: 'refuse', rebootstrap: 'refuse' })
  await admin.post('tokens', { name: 'monitoring', role: 'viewer', expires: new Date(Date.now() + 90 * 86_400_000).toISOString() })
  for (const { id } of devices.slice(1, 5)) await admin.settled(id)
  return { phones, devices }
}
