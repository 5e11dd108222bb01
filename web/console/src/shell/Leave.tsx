import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** Leads to a page from which the viewer returns here. */
export function Leave({ to }: { to: '/sign-in' | '/change-password' }) {
  const navigate = useNavigate()
  // Read once: while the other page is loaded the address is its already.
  const [from] = useState(() => location.pathname + location.search)
  useEffect(() => {
    void navigate({ to, search: from === '/' ? {} : { returnTo: from }, replace: true })
  }, [navigate, to, from])
  return null
}
