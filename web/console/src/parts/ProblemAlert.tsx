import { Alert, Button, Code, List, Text, type AlertProps } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { waiting } from '@/time/format'
import { localeOf } from '@/time/locale'

interface ProblemAlertProps extends Omit<AlertProps, 'title' | 'children'> {
  /** What was thrown; nothing is shown without. */
  problem: unknown
  retry?: () => void
}

/** Says what went wrong, what to try, and under which id the server's log has it. */
export function ProblemAlert({ problem: thrown, retry, ...rest }: ProblemAlertProps) {
  const { t, i18n } = useTranslation()
  if (!thrown) return null
  const problem = asProblem(thrown)
  return (
    <Alert color="red" variant="outline" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t(`problem.${problem.kind}.title`)} {...rest}>
      {problem.status > 0 && problem.errors.length === 0 && problem.detail && <Text mb={4}>{problem.detail}</Text>}
      {problem.errors.length > 0 && (
        <List mb={4}>
          {problem.errors.map((e) => <List.Item key={e.location + e.message}><Code>{e.location}</Code> {e.message}</List.Item>)}
        </List>
      )}
      <Text>{t(`problem.${problem.kind}.try`)}{problem.retryAfter > 0 && ` ${t('problem.retryAfter', { span: waiting(problem.retryAfter, localeOf(i18n.language)) })}`}</Text>
      {problem.request && <Text size="xs" c="dimmed" mt={4}>{t('problem.request')} <Code>{problem.request}</Code></Text>}
      {retry && <Button variant="default" mt="xs" onClick={retry}>{t('problem.retry')}</Button>}
    </Alert>
  )
}
