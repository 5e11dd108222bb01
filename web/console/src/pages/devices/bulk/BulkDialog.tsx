import { Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Bulk } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { infoOf, type BulkAction } from './actions'
import { beginBulk, tryBulk } from './calls'
import { Confirm } from './Confirm'
import { emptyForm, filtersOf, type BulkForm } from './payload'
import { Progress } from './Progress'
import { Ask } from './Ask'

interface BulkDialogProps {
  action: BulkAction
  selection: { all: boolean; ids: ReadonlySet<string> }
  /** The filter of the list. */
  filter: string
  onClose: () => void
}

/** Leads through an action for many devices: what exactly, for how many, and how far it came. */
export function BulkDialog({ action, selection, filter, onClose }: BulkDialogProps) {
  const { t } = useTranslation()
  const [form, setForm] = useState<BulkForm>(emptyForm)
  const [begun, setBegun] = useState<Bulk[]>([])
  // What is selected now is meant, not what is selected while the dialog is open.
  const [filters] = useState(() => filtersOf(selection, filter))
  const attempt = useMutation({ mutationFn: () => tryBulk(action, form, filters) })
  const begin = useMutation({ mutationFn: () => beginBulk(action, form, filters, (bulk) => setBegun((all) => [...all, bulk])) })
  const found = attempt.data
  return (
    <Modal opened onClose={onClose} title={t(`devices.bulk.action.${action}`).replace(/\s*…$/, '')} size="lg" closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <ProblemAlert problem={begin.error ?? attempt.error} mb="sm" />
      {begun.length > 0 && found ? <Progress bulks={begun} matched={found.matched} onClose={onClose} />
        : found ? (
          <Confirm
            found={found} action={action} form={form} typed={infoOf(action).disruptive} busy={begin.isPending}
            onBack={() => { attempt.reset(); begin.reset() }} onConfirm={() => begin.mutate()}
          />
        ) : <Ask action={action} form={form} onChange={setForm} busy={attempt.isPending} onCancel={onClose} onContinue={() => attempt.mutate()} />}
    </Modal>
  )
}
