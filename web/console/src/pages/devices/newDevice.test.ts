import { describe, expect, it } from 'vitest'
import { acsURL } from './FirstDevices'
import { emptyDevice, newDeviceOf, saysWhich } from './newDevice'

describe('a new device', () => {
  it('is sent with what was filled in', () => {
    expect(newDeviceOf({ ...emptyDevice, mac: ' 00:15:65:aa:bb:01 ', tags: ['vip'], cwmpUsername: 'u', cwmpPassword: ' p ' })).toEqual({ mac: '00:15:65:aa:bb:01', tags: ['vip'], cwmpUsername: 'u', cwmpPassword: ' p ' })
  })
  it('needs to say which one it is', () => {
    expect(saysWhich(emptyDevice)).toBe(false)
    expect(saysWhich({ ...emptyDevice, serialNumber: '1' })).toBe(false)
    expect(saysWhich({ ...emptyDevice, oui: '001565', serialNumber: '1' })).toBe(true)
    expect(saysWhich({ ...emptyDevice, mac: '001565aabb01' })).toBe(true)
  })
  it('is told the host under which the viewer knows the server', () => expect(acsURL('acs.example')).toBe('http://acs.example:7547/'))
})
