import { queryOptions, useMutation } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { DhcpConfiguration, DhcpQuestion, DhcpServers } from '@/api/types'

/** The DHCP servers for which configurations are written, and what the server knows of its own URLs. */
export const dhcpServersQuery = queryOptions({
  queryKey: keys.dhcpServers, staleTime: Infinity,
  queryFn: ({ signal }): Promise<DhcpServers> => answer(api.GET('/api/v1/dhcp/servers', { signal })),
})

/** Writes a configuration; nothing is stored. */
export function useDhcpConfiguration() {
  return useMutation({ mutationFn: (body: DhcpQuestion): Promise<DhcpConfiguration> => answer(api.POST('/api/v1/dhcp/configuration', { body })) })
}
