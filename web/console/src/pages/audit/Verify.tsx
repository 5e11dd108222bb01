import { Alert, Button, Code, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AuditVerification } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { verifyAudit } from './api'

/** Has the chain checked, and says in words what came of it. */
export function Verify() {
  const { t } = useTranslation()
  const verify = useMutation({ mutationFn: verifyAudit })
  return (
    <>
      <Button onClick={() => verify.mutate()} loading={verify.isPending} leftSection={<IconShieldCheck size={16} aria-hidden />}>{t('audit.verify')}</Button>
      {(verify.data ?? verify.error) && (
        <div style={{ order: 1, flexBasis: '100%' }}>
          <ProblemAlert problem={verify.error} />
          {verify.data && <Result found={verify.data} onClose={() => verify.reset()} />}
        </div>
      )}
    </>
  )
}

function Result({ found, onClose }: { found: AuditVerification; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const number = (value: number) => value.toLocaleString(i18n.language)
  return (
    <Alert
      variant="outline" color={found.ok ? 'green' : 'red'} role={found.ok ? 'status' : 'alert'} withCloseButton onClose={onClose} closeButtonLabel={t('parts.close')}
      styles={{ title: { color: `var(--dialtone-${found.ok ? 'good' : 'bad'})` } }}
      title={found.ok ? t('audit.intact') : t('audit.broken', { sequence: found.brokenAt ?? 0 })}
    >
      {found.ok ? <Text>{t('audit.intactMeans', { checked: number(found.checked), first: found.first, last: found.last })}</Text>
        : <><Text>{found.problem}</Text><Text>{t('audit.brokenMeans')}</Text></>}
      {found.unchained > 0 && <Text>{t('audit.unchained', { count: found.unchained, number: number(found.unchained) })}</Text>}
      {found.hash && <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>{t('audit.lastHash')} <Code>{found.hash}</Code></Text>}
    </Alert>
  )
}
