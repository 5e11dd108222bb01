import { binary } from './environment.ts'
import { Program } from './program.ts'
import type { Server } from './server.ts'

interface PhoneOptions {
  devices: number
  /** The same seed gives the same phones. */
  seed?: number
  /** How often they inform, such as 30s. */
  interval?: string
  /** They keep to it whatever the server sets. */
  holdInterval?: boolean
  /** Whether the server may call them. */
  callable?: boolean
  productClass?: string
  /** What they show when they are asked who they are. */
  credentials?: { username: string; password: string }
}

/** Switches simulated phones on; stop switches them off. */
export function switchOn(server: Server, { devices, seed = 1, interval = '30s', holdInterval = false, callable = true, productClass, credentials }: PhoneOptions): Program {
  return new Program(binary, [
    'sim', '--acs', server.cwmp, '--devices', String(devices), '--seed', String(seed), '--interval', interval, '--duration', '0s',
    '--reboot-duration', '500ms', '--connection-request-addr', callable ? '127.0.0.1:0' : '', ...(holdInterval ? ['--hold-interval'] : []),
    ...(productClass ? ['--product-class', productClass] : []),
    ...(credentials ? ['--username', credentials.username, '--password', credentials.password] : []),
  ])
}
