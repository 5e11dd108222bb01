import { Alert, Anchor, Code, List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { faultsOf, type PackFault } from './faults'

interface FaultsProps {
  /** What was thrown; nothing is shown without. */
  problem: unknown
  /** Opens a file at a line; absent where there is no file to open. */
  onOpen?: (fault: PackFault) => void
}

/** What the check of a pack found, place by place; any other problem as everywhere. */
export function Faults({ problem, onOpen }: FaultsProps) {
  const { t } = useTranslation()
  if (!problem) return null
  const faults = faultsOf(asProblem(problem).errors)
  if (faults.length === 0) return <ProblemAlert problem={problem} />
  return (
    <Alert color="red" variant="outline" role="alert" title={t('packs.faults', { count: faults.length })}>
      <List size="sm">
        {faults.map((fault, i) => <List.Item key={i}><Place fault={fault} onOpen={onOpen} /> {fault.message}</List.Item>)}
      </List>
    </Alert>
  )
}

function Place({ fault, onOpen }: { fault: PackFault; onOpen: FaultsProps['onOpen'] }) {
  const place = [fault.file, fault.line || ''].filter(Boolean).join(':')
  if (place === '') return null
  if (!onOpen || fault.file === '') return <Code>{place}</Code>
  return <Anchor component="button" type="button" ff="monospace" size="sm" onClick={() => onOpen(fault)}>{place}</Anchor>
}
