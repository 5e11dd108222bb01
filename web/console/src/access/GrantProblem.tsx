import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { ProblemAlert } from '@/parts/ProblemAlert'

/** A problem with giving rights; of a refusal it says the rule behind it. */
export function GrantProblem({ problem }: { problem: unknown }) {
  const { t } = useTranslation()
  if (!problem) return null
  return (
    <div>
      <ProblemAlert problem={problem} />
      {asProblem(problem).kind === 'forbidden' && <Text mt={4}>{t('access.grantRule')}</Text>}
      {asProblem(problem).kind === 'state' && <Text mt={4}>{t('access.lastAdmin')}</Text>}
    </div>
  )
}
