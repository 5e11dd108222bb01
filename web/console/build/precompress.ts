import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const compressible = /\.(js|css|svg|json|txt)$/
// Below this a compressed copy saves no packet.
const leastBytes = 1024

/** Writes FILE.br and FILE.gz beside every asset, for the server to choose from. */
export function precompress(): Plugin {
  let dist = ''
  return {
    name: 'dialtone-precompress',
    apply: 'build',
    configResolved(config) {
      dist = config.build.outDir
    },
    async closeBundle() {
      const names = await readdir(dist, { recursive: true })
      await Promise.all(names.filter((name) => compressible.test(name)).map((name) => compress(join(dist, name))))
      // Emptying the directory removed the file that keeps it in git.
      await writeFile(join(dist, '.gitkeep'), '')
    },
  }
}

async function compress(file: string) {
  const content = await readFile(file)
  if (content.length < leastBytes) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(content, { params }), promisify(gzip)(content, { level: 9 })])
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
}
