import { describe, expect, it } from 'vitest'
import { bytesText } from './bytes'
import { checksumOf, compared, shortened } from './checksum'
import { faultsOf, guessedFields, storedName } from './fields'
import { nextOf, queueAfter, type Queued, type Stage } from './queue'
import { bodyOf } from './sendFile'
import { devicesFor } from './SendToPhone'

const fields = { name: 'a.rom', type: '1 Firmware Upgrade Image', oui: '805EC0', productClass: ' T46S ', version: '', siblings: 'b.sbn, c.sbn' }

describe('the body of an upload', () => {
  it('has the fields before the content, each sibling once, and nothing empty', () => {
    const body = bodyOf(new File(['x'], 'on disk.rom'), fields)
    expect([...body.keys()]).toEqual(['name', 'type', 'oui', 'productClass', 'siblings', 'siblings', 'file'])
    expect(body.get('productClass')).toBe('T46S')
    expect(body.getAll('siblings')).toEqual(['b.sbn', 'c.sbn'])
  })
})

describe('the fields of a file', () => {
  it('are right as the server takes them', () => {
    expect(faultsOf(fields)).toEqual({})
    expect(faultsOf({ ...fields, type: '', oui: '', siblings: '' })).toEqual({})
    expect(faultsOf({ ...fields, type: 'X 00562B Custom CA' })).toEqual({})
  })

  it('are wrong with the name of what was expected', () => {
    expect(faultsOf({ name: '.a', type: 'Firmware', oui: '12', productClass: 'x'.repeat(65), version: '', siblings: 'a/b' })).toEqual({
      name: 'name', type: 'type', oui: 'oui', productClass: 'long', siblings: 'siblings',
    })
  })

  it('are guessed of the name', () => {
    expect(storedName('Größe (1)..rom')).toBe('Gro-e-1-.rom')
    expect(guessedFields('T46S-66.86.rom').type).toBe('1 Firmware Upgrade Image')
    expect(guessedFields('y000.cfg').type).toBe('3 Vendor Configuration File')
    expect(guessedFields('readme').type).toBe('')
  })
})

describe('a checksum', () => {
  it('is that of the content', async () => {
    expect(await checksumOf(new Blob(['abc']))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('is compared in words', () => {
    expect(compared('ab', 'AB')).toBe('same')
    expect(compared('ab', 'ac')).toBe('different')
    expect(compared(undefined, 'ac')).toBe('unknown')
    expect(shortened('a'.repeat(64))).toBe(`${'a'.repeat(12)}…`)
  })
})

describe('a size', () => {
  it.each([[0, '0 bytes'], [999, '999 bytes'], [1500, '1.5 kB'], [12_345_678, '12.3 MB'], [1e15, '1,000 TB']])('of %d is %s', (bytes, wanted) => {
    expect(bytesText(bytes, 'en')).toBe(wanted)
  })
})

describe('the queue', () => {
  const queued = (id: number, state: Stage): Queued => ({ id, file: new File([], 'a'), fields, state })

  it('sends one file at a time, in order', () => {
    const queue = [queued(1, { stage: 'ready' }), queued(2, { stage: 'waiting' }), queued(3, { stage: 'waiting' })]
    expect(nextOf(queue)?.id).toBe(2)
    expect(nextOf(queueAfter(queue, { do: 'stage', id: 2, state: { stage: 'sending', part: 0.5 } }))).toBeUndefined()
  })

  it('starts and edits nothing that is on its way or done', () => {
    const sending = [queued(1, { stage: 'sending', part: 0 })]
    expect(queueAfter(sending, { do: 'start', ids: [1] })).toEqual(sending)
    expect(queueAfter(sending, { do: 'edit', id: 1, fields: { ...fields, version: '2' } })).toEqual(sending)
  })

  it('has a file that failed ready again once it is edited', () => {
    const [edited] = queueAfter([queued(1, { stage: 'failed', problem: 'x' })], { do: 'edit', id: 1, fields: { ...fields, version: '2' } })
    expect(edited).toMatchObject({ state: { stage: 'ready' }, fields: { version: '2' } })
  })
})

describe('the phones that a file is for', () => {
  it('are those that it names, or all', () => {
    expect(devicesFor({ oui: '', productClass: '' })).toBe('')
    expect(devicesFor({ oui: '', productClass: 'CP-8841-3PCC' })).toBe('productClass = CP-8841-3PCC')
    expect(devicesFor({ oui: '000E08', productClass: 'CP 8841' })).toBe('oui = 000E08 productClass = "CP 8841"')
  })
})
