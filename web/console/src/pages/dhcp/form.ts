import type { DhcpQuestion, DhcpServers } from '@/api/types'
import { usualAddress } from '@/provisioning/address'

/** The port of the CWMP listener, if the server was not started with another. */
const usualCWMPPort = 7547

/** What the form holds; lists are as they are typed. */
export interface DhcpForm {
  server: DhcpQuestion['server']
  acsUrl: string
  filesUrl: string
  classes: string[]
  existing66: boolean
  ipv6: boolean
  ciscoPath: string
  subnets: string[]
  tftpServers: string[]
  provisioningCode: string
}

/** What a form begins with: what the server knows of itself, else this page's host at the usual ports. */
export function emptyForm({ acsUrl, filesUrl, servers, classes }: DhcpServers, hostname: string): DhcpForm {
  const usual = usualAddress(hostname)
  return {
    server: servers[0]?.name ?? 'dnsmasq', acsUrl: acsUrl || usual.replace(/:\d+\/$/, `:${usualCWMPPort}/`), filesUrl: filesUrl || usual,
    classes: classes.filter((one) => one.default).map(({ name }) => name), existing66: false, ipv6: false, ciscoPath: '', subnets: [], tftpServers: [], provisioningCode: '',
  }
}

/** Returns the body of the call; what is empty is left out, but for URLs: there empty means none. */
export function questionOf(form: DhcpForm, ipv6: boolean): DhcpQuestion {
  return {
    server: form.server, acsUrl: form.acsUrl.trim(), filesUrl: form.filesUrl.trim(), classes: form.classes, existing66: form.existing66, ipv6: form.ipv6 && ipv6,
    ...(form.ciscoPath && { ciscoPath: form.ciscoPath }), ...(form.subnets.length > 0 && { subnets: form.subnets }),
    ...(form.tftpServers.length > 0 && { tftpServers: form.tftpServers }), ...(form.provisioningCode.trim() && { provisioningCode: form.provisioningCode.trim() }),
  }
}
