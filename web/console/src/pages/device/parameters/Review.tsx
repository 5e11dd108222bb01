import { ActionIcon, Table, Text } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDrafts, type Draft } from './drafts'
import { nameOf } from './paths'
import { SendDialog } from './SendDialog'
import { taskOf } from './useSend'
import classes from './Review.module.css'

/** Shows every change, old and new, before all of them go out as one task. */
export function Review({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { drafts, drop, went } = useDrafts()
  const all = [...drafts.values()]
  return (
    <SendDialog title={t('parameters.review.title')} deed={t('parameters.review.deed', { count: all.length })} size="xl" body={taskOf(all)} disabled={all.length === 0} onClose={onClose} onSent={(task) => went(task.id)}>
      <Text mb="sm">{t('parameters.review.explanation')}</Text>
      <Table.ScrollContainer minWidth={480}>
        <Table aria-label={t('parameters.review.title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('parameters.review.parameter')}</Table.Th>
              <Table.Th scope="col">{t('parameters.review.old')}</Table.Th>
              <Table.Th scope="col">{t('parameters.review.new')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{all.map((draft) => <Line key={draft.path} draft={draft} onDrop={() => drop(draft.path)} />)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </SendDialog>
  )
}

function Line({ draft, onDrop }: { draft: Draft; onDrop: () => void }) {
  const { t } = useTranslation()
  const shown = (value: string | null) => (draft.secret ? '•••' : value === null ? t('parameters.unknown') : value === '' ? t('parameters.emptyValue') : value)
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.path}>{draft.path}</Table.Th>
      <Table.Td className={classes.value}><del>{shown(draft.old)}</del></Table.Td>
      <Table.Td className={classes.value}><ins>{shown(draft.value)}</ins></Table.Td>
      <Table.Td><ActionIcon aria-label={t('parameters.undoOf', { name: nameOf(draft.path) })} onClick={onDrop}><IconArrowBackUp size={16} aria-hidden /></ActionIcon></Table.Td>
    </Table.Tr>
  )
}
