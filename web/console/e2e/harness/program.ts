import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

const stopPatience = 15_000

/** The environment of the tests without options of the program. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DIALTONE_')))
}

/** A program that a test started, with what it wrote. */
export class Program {
  private readonly child: ChildProcess
  private readonly ended: Promise<void>
  private written = ''
  private out = ''

  constructor(file: string, args: string[]) {
    this.child = spawn(file, args, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    this.child.stdout?.on('data', (chunk: Buffer) => { this.out += chunk.toString() })
    this.child.stderr?.on('data', (chunk: Buffer) => { this.written += chunk.toString() })
    this.ended = new Promise((resolve) => {
      this.child.once('close', () => resolve())
      this.child.once('error', (error) => { this.written += String(error); resolve() })
    })
  }

  /** What it wrote to standard error. */
  get log(): string { return this.written }

  /** Whether the process has not ended. */
  get running(): boolean { return this.child.exitCode === null && this.child.signalCode === null }

  /** Waits until standard error holds what the pattern says. */
  async says(pattern: RegExp, within: number): Promise<RegExpExecArray> {
    const end = Date.now() + within
    for (;;) {
      const found = pattern.exec(this.written)
      if (found) return found
      if (!this.running || Date.now() > end) throw new Error(`the program does not say ${pattern}: ${this.written.slice(-4000)}`)
      await pause(20)
    }
  }

  /** Waits for its end, and returns standard output. */
  async output(within: number): Promise<string> {
    await Promise.race([this.ended, pause(within, undefined, { ref: false })])
    if (this.child.exitCode !== 0) {
      await this.stop()
      throw new Error(`the program ended with ${this.child.exitCode ?? this.child.signalCode}: ${this.written.slice(-4000)}`)
    }
    return this.out
  }

  /** Ends the process, gently first. */
  async stop(): Promise<void> {
    if (!this.running) return this.ended
    this.child.kill('SIGTERM')
    await Promise.race([this.ended, pause(stopPatience, undefined, { ref: false })])
    if (this.running) this.child.kill('SIGKILL')
    return this.ended
  }
}
