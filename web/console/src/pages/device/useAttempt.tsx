import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { asProblem } from '@/api/problem'
import { ProblemAlert } from '@/parts/ProblemAlert'

/** Runs what a button does; what goes wrong is told in a notification that stays until it is closed. */
export function useAttempt() {
  const [busy, setBusy] = useState(false)
  const run = async <Result,>(deed: () => Promise<Result>): Promise<Result | undefined> => {
    setBusy(true)
    try {
      return await deed()
    } catch (thrown) {
      notifications.show({ color: 'red', autoClose: false, message: <ProblemAlert problem={asProblem(thrown)} p="xs" /> })
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { busy, run }
}
