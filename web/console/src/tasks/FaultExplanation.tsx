import { Code, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { faultName, type Fault } from './faults'
import classes from './tasks.module.css'

const mostInBrief = 3

/** Says in words why a task failed: what the code means, what to try, and what the phone itself said. */
export function FaultExplanation({ fault, brief = false }: { fault: Fault; brief?: boolean }) {
  const { t } = useTranslation()
  const name = faultName(fault)
  return (
    <div className={classes.fault} data-tone={fault.reason === 'expired' || fault.reason === 'cancelled' ? 'warn' : undefined}>
      <Text fw={600}>{t(`task.fault.${name}.meaning`)}{fault.code > 0 && <> <Code>{fault.code}</Code></>}</Text>
      <Text>{t(`task.fault.${name}.try`)}</Text>
      {fault.string && <Text size="xs" c="dimmed" mt={4}>{t(fault.reason ? 'task.serverSaid' : 'task.phoneSaid')} <q>{fault.string}</q></Text>}
      {fault.parameters.length > 0 && (
        <List mt={6} spacing={4} size="sm">
          {fault.parameters.slice(0, brief ? mostInBrief : undefined).map((p) => (
            <List.Item key={p.path}>
              <span className={classes.subject}>{p.path}</span>: {t(`task.fault.${faultName(p)}.meaning`)} <Code>{p.code}</Code>
              {p.string && <Text span size="xs" c="dimmed"> <q>{p.string}</q></Text>}
            </List.Item>
          ))}
        </List>
      )}
    </div>
  )
}
