import { describe, expect, it } from 'vitest'
import type { DhcpServers } from '@/api/types'
import { emptyForm, questionOf } from './form'

const servers: DhcpServers = {
  acsUrl: '', filesUrl: '', ciscoOrder: [66, 160],
  servers: [{ name: 'kea', title: 'Kea', ipv6: true, tellsApart: true }],
  classes: [
    { name: 'cisco', title: 'Cisco', default: true, vendorClass: 'Cisco', acs: true, options: [66], ouis: [] },
    { name: 'every', title: 'Every', default: false, vendorClass: '', acs: false, options: [66], ouis: [] },
  ],
}

describe('the form of a DHCP configuration', () => {
  it('begins with the host of the page at the usual ports', () => {
    expect(emptyForm(servers, 'acs.example')).toMatchObject({ server: 'kea', acsUrl: 'http://acs.example:7547/', filesUrl: 'http://acs.example:7567/', classes: ['cisco'] })
    expect(emptyForm(servers, '2001:db8::1').acsUrl).toBe('http://[2001:db8::1]:7547/')
  })

  it('begins with what the server knows of itself', () => {
    expect(emptyForm({ ...servers, acsUrl: 'https://acs.example:443/', filesUrl: 'https://files.example/' }, 'other')).toMatchObject({ acsUrl: 'https://acs.example:443/', filesUrl: 'https://files.example/' })
  })

  it('asks for no DHCPv6 of a server that has none, and says that a URL is none', () => {
    const form = { ...emptyForm(servers, 'acs.example'), ipv6: true, acsUrl: '  ' }
    expect(questionOf(form, false)).toEqual({ server: 'kea', acsUrl: '', filesUrl: 'http://acs.example:7567/', classes: ['cisco'], existing66: false, ipv6: false })
    expect(questionOf({ ...form, subnets: ['10.9.0.0/24'], ciscoPath: '$MA.xml' }, true)).toMatchObject({ ipv6: true, subnets: ['10.9.0.0/24'], ciscoPath: '$MA.xml' })
  })
})
