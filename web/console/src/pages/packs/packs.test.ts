import { describe, expect, it, vi } from 'vitest'
import { answer, api } from '@/api/client'
import { drafted } from '../pack/drafts'
import { faultsOf } from './faults'
import { builtIn, shortVersion, versionBefore, versionsOf } from './version'

const upload = (version: string, createdAt: string) => ({ version, createdAt, createdBy: 'user:a', file: '', number: '1', size: 1, active: false })
const versions = [upload('aaa', '2031-01-01T00:00:00Z'), upload('bbb', '2031-01-02T00:00:00Z')]

describe('what is wrong with a pack', () => {
  it('is told with file and line', () => {
    expect(faultsOf([
      { location: 'phone.cfg.tmpl:12', message: 'no such setting' }, { location: 'pack.yaml', message: 'lacks a vendor' }, { location: 'body', message: 'is no zip' }, { location: 'a/b.tmpl:3', message: 'x' },
    ])).toEqual([
      { file: 'phone.cfg.tmpl', line: 12, message: 'no such setting' }, { file: 'pack.yaml', line: 0, message: 'lacks a vendor' }, { file: '', line: 0, message: 'is no zip' }, { file: 'a/b.tmpl', line: 3, message: 'x' },
    ])
  })
})

describe('the versions of a pack', () => {
  it('begin with that of the program', () => {
    expect(versionsOf({ builtIn: true, versions })).toEqual([builtIn, 'aaa', 'bbb'])
    expect(versionsOf({ builtIn: false, versions: [] })).toEqual([])
  })
  it.each([['bbb', true, 'aaa'], ['aaa', true, builtIn], ['aaa', false, undefined], [builtIn, true, undefined], ['', true, undefined]])('before %j was, with one built in %s, %s', (active, own, want) => {
    expect(versionBefore({ builtIn: own, versions, active })).toBe(want)
  })
  it('are shown by their begin', () => {
    expect(shortVersion('0123456789abcdef')).toBe('0123456789ab')
    expect(shortVersion('builtIn')).toBe('builtIn')
  })
})

it('A file that is as it was is no draft', () => {
  const one = drafted({}, 'a.tmpl', 'old', 'new')
  expect(one).toEqual({ 'a.tmpl': 'new' })
  expect(drafted(one, 'b.tmpl', '', 'x')).toEqual({ 'a.tmpl': 'new', 'b.tmpl': 'x' })
  expect(drafted(one, 'a.tmpl', 'old', 'old')).toEqual({})
})

it('A zip is sent as it is, and a path with folders as one segment', async () => {
  const sent: Request[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    sent.push((request as Request).clone())
    return new Response('{}', { status: 200, headers: { 'Content-Type': 'application/json' } })
  })
  const zip = new Blob(['PK..'])
  await answer(api.POST('/api/v1/packs', { body: zip as never, bodySerializer: (body: unknown) => body as Blob, headers: { 'Content-Type': 'application/zip' } }))
  await answer(api.GET('/api/v1/packs/{name}/files/{path}', { params: { path: { name: 'yealink', path: 'static/a b.bin' } } }))
  expect(sent[0]!.headers.get('Content-Type')).toBe('application/zip')
  expect(new URL(sent[1]!.url).pathname).toBe('/api/v1/packs/yealink/files/static%2Fa%20b.bin')
})
