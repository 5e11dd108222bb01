import { Alert, Button, Group, Kbd, Select, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TaskKind } from '@/api/types'
import { useMay } from '@/auth/me'
import { JsonEditor } from '@/json/JsonEditor'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { taskQuery } from '@/tasks/api'
import { argumentsOf, commonArguments, templateOf, type Argument } from '@/tasks/arguments'
import { formatted } from '@/tasks/json'
import { hurts, taskKinds } from '@/tasks/kinds'
import { TaskDetail } from '@/tasks/TaskDetail'
import { useDeviceScope } from '../context'
import { useBook } from '../parameters/context'
import { readBody, type Wrong } from './body'
import { hintsFor } from './hints'

const mostPaths = 2000

/** Any task, written by hand, for those who know CWMP. */
export default function Expert() {
  const { t } = useTranslation()
  const may = useMay('tasks.write')
  if (!may) return <EmptyState title={t('expert.mayNot')}>{t('device.lacks', { permission: 'tasks.write' })}</EmptyState>
  return <Writer />
}

function Writer() {
  const { t } = useTranslation()
  const { queue } = useDeviceScope()
  const { book } = useBook()
  const root = book.index.childrenOf('')[0] ?? 'Device.'
  const [kind, setKind] = useState<TaskKind>('getParameterValues')
  const [start] = useState(root)
  const template = formatted(templateOf(kind, start))
  const [text, setText] = useState(template)
  const [wrong, setWrong] = useState<Wrong>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [sent, setSent] = useState<string>()
  const choose = (next: TaskKind) => {
    setKind(next)
    setText(formatted(templateOf(next, start)))
    setWrong(undefined)
  }
  const send = async () => {
    const read = readBody(kind, text)
    setProblem(undefined)
    setWrong('wrong' in read ? read : undefined)
    if ('wrong' in read || busy) return
    setBusy(true)
    try {
      setSent((await queue(read.body)).id)
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  const paths = () => [...book.index.all()].slice(0, mostPaths).map((p) => p.path)
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Stack gap="sm">
        <Text c="dimmed" size="xs">{t('expert.explanation')}</Text>
        <Select label={t('expert.kind')} allowDeselect={false} value={kind} onChange={(next) => next && choose(next as TaskKind)}
          data={taskKinds.map((name) => ({ value: name, label: `${name} – ${t(`task.kind.${name}.name`)}` }))} description={t(`task.kind.${kind}.explanation`)} />
        <JsonEditor key={kind} template={template} label={t('expert.arguments')} hints={(place) => hintsFor(kind, place, paths())} onChange={setText} onSend={() => void send()} />
        {wrong && <Alert color="red" variant="outline" role="alert" title={t('expert.wrong.title')}>{t(`expert.wrong.${wrong.wrong}`, { detail: wrong.detail })}</Alert>}
        <ProblemAlert problem={problem} />
        {hurts(kind) && <Text c="var(--dialtone-warn)" fw={600}>{t('expert.hurts')}</Text>}
        <Group>
          <Button onClick={() => void send()} loading={busy}>{t('expert.send')}</Button>
          <Text size="xs" c="dimmed"><Kbd>Ctrl</Kbd> + <Kbd>Enter</Kbd> {t('expert.sendKey')} · <Kbd>Ctrl</Kbd> + <Kbd>Space</Kbd> {t('expert.hintKey')}</Text>
        </Group>
        <Arguments kind={kind} />
      </Stack>
      <section aria-label={t('expert.outcome')} aria-live="polite">
        <Title order={2} mb="xs">{t('expert.outcome')}</Title>
        {sent ? <Sent id={sent} onOpen={setSent} /> : <Text c="dimmed">{t('expert.nothing')}</Text>}
      </section>
    </SimpleGrid>
  )
}

function Sent({ id, onOpen }: { id: string; onOpen: (id: string) => void }) {
  const task = useQuery(taskQuery(id))
  return <Loaded query={task}>{(data) => <TaskDetail task={data} onOpen={onOpen} />}</Loaded>
}

function Arguments({ kind }: { kind: TaskKind }) {
  const { t } = useTranslation()
  const line = ({ name, type, required }: Argument) => (
    <Table.Tr key={name}>
      <Table.Th scope="row" fw={400} ff="monospace">{name}</Table.Th>
      <Table.Td ff="monospace">{type}</Table.Td>
      <Table.Td>{required ? t('expert.required') : t('expert.optional')}</Table.Td>
    </Table.Tr>
  )
  return (
    <Table aria-label={t('expert.arguments')} fz="xs" verticalSpacing={2}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('expert.argument')}</Table.Th>
          <Table.Th scope="col">{t('parameters.type')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{[...argumentsOf[kind], ...commonArguments].map(line)}</Table.Tbody>
    </Table>
  )
}
