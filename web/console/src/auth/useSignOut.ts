import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { preferencesWriter } from '@/preferences/usePreferences'
import { tellOtherTabs } from './tabs'

/** Ends the session; what was read in it is forgotten then. */
export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      await preferencesWriter(client).flush()
      await answer(api.POST('/api/v1/signOut'))
    },
    onSuccess: () => {
      client.setQueryData(keys.me, null)
      tellOtherTabs()
    },
  })
}
