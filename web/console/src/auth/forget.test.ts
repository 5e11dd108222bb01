import { QueryClient } from '@tanstack/react-query'
import { beforeEach, expect, it } from 'vitest'
import { keys } from '@/api/keys'
import { forgetOnLeave } from './forget'

let client: QueryClient
beforeEach(() => {
  client = new QueryClient()
  forgetOnLeave(client)
  client.setQueryData(keys.signIn, { password: true })
  client.setQueryData(keys.me, { actor: 'user:anna' })
  client.setQueryData(keys.devices(), { items: [] })
})

const known = () => client.getQueryCache().getAll().map((query) => query.queryKey[0])

it('While the same one is signed in, everything is kept', () => {
  client.setQueryData(keys.me, { actor: 'user:anna', role: 'viewer' })
  expect(known()).toContain('devices')
})

it.each([['nobody', null], ['somebody else', { actor: 'user:ben' }]])('Once %s is signed in, what was read before is forgotten', (_, me) => {
  client.setQueryData(keys.me, me)
  expect(known().sort()).toEqual(['me', 'signIn'])
})

it('What the next one reads is kept', () => {
  client.setQueryData(keys.me, null)
  client.setQueryData(keys.me, { actor: 'user:ben' })
  client.setQueryData(keys.devices(), { items: [] })
  client.setQueryData(keys.me, { actor: 'user:ben' })
  expect(known()).toContain('devices')
})
