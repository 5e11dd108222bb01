import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { Api } from './api.ts'
import { binary } from './environment.ts'
import { Program } from './program.ts'

const startPatience = 60_000
const commandPatience = 60_000

/** What a server is started with. */
export interface ServerOptions {
  flags?: string[]
  /** How many devices are in its store when it starts. */
  devices?: number
  /** Its store holds the devices whose texts are markup. */
  hostile?: boolean
  /** It has counted a week. */
  past?: boolean
  /** Its store holds a phone that drifted from its settings. */
  drift?: boolean
}

/** A server on a data folder of its own. */
export class Server {
  private constructor(
    private readonly folder: string,
    private readonly program: Program,
    /** Where the console and the API are. */
    readonly origin: string,
    /** Where phones inform. */
    readonly cwmp: string,
    /** Where phones fetch files. */
    readonly files: string,
  ) {}

  /** Starts a server and waits until it is ready. */
  static async start({ flags = [], ...population }: ServerOptions = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'dialtone-console-'))
    await populate(folder, population)
    const [web, cwmp, files] = await freeAddresses(3)
    const program = new Program(binary, [
      'serve', '--data-dir', folder, '--web-addr', web!, '--cwmp-addr', cwmp!, '--files-addr', files!, '--connreq-allow', '127.0.0.0/8', ...flags,
    ])
    try {
      await program.says(/^dialtone \S+ ready: /m, startPatience)
    } catch (thrown) {
      await program.stop()
      await rm(folder, { recursive: true, force: true })
      throw thrown
    }
    return new Server(folder, program, `http://${web}`, `http://${cwmp}/`, `http://${files}/`)
  }

  /** What the server wrote. */
  get log(): string { return this.program.log }

  /** The password that the first start prints. */
  get firstPassword(): string {
    const found = /^ {2}password: (\S+)$/m.exec(this.log)
    if (!found) throw new Error('the first start prints no password')
    return found[1]!
  }

  /** Makes a token on the command line, and returns a client that has it. */
  async client(role = 'admin', group = ''): Promise<Api> {
    const args = ['token', 'create', '--data-dir', this.folder, '--name', `test ${role}`, '--role', role, ...(group ? ['--group', group] : [])]
    const token = await new Program(binary, args).output(commandPatience)
    return new Api(this.origin, token.trim())
  }

  /** Stops the server and removes its data. */
  async stop(): Promise<void> {
    await this.program.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function populate(folder: string, { devices, hostile, past, drift }: ServerOptions): Promise<void> {
  const what = hostile ? ['--hostile'] : past ? ['--past'] : drift ? ['--drift'] : devices ? ['--devices', String(devices)] : []
  if (what.length > 0) await new Program(inject('populator'), ['--data-dir', folder, ...what]).output(120_000)
}

/** Returns loopback addresses that nobody listens at. */
async function freeAddresses(count: number): Promise<string[]> {
  const listeners = Array.from({ length: count }, () => createServer())
  const addresses = await Promise.all(listeners.map((listener) => new Promise<string>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(listener.address() as AddressInfo).port}`))
  })))
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))))
  return addresses
}
