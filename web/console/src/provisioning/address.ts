/** The port of the files listener, if the server was not started with another. */
export const usualFilesPort = 7567

/** The address that phones are given to find their files, if no setting says another: the host of this page and the usual port. */
export function usualAddress(hostname: string): string {
  return `http://${hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname}:${usualFilesPort}/`
}

/** The value of DHCP option 66 for phones that only know TFTP: the host of the address, empty if it is none. */
export function hostOf(address: string): string {
  try {
    return new URL(address).hostname
  } catch {
    return ''
  }
}
