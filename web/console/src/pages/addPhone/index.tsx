import { useTranslation } from 'react-i18next'
import { useUrlState } from '@/listing/useUrlState'
import { PageHeader } from '@/parts/PageHeader'
import { NextSteps } from './NextSteps'
import { PhoneFormCard } from './PhoneForm'

/** Adds a phone, says what to do next, and shows how far the phone has come. The address keeps which phone it is. */
export default function AddPhonePage() {
  const { t } = useTranslation()
  const [{ device }, change] = useUrlState(['device'])
  return (
    <>
      <PageHeader title={t('addPhone.title')}>{t('addPhone.explanation')}</PageHeader>
      {device ? <NextSteps id={device} onAnother={() => change({ device: '' })} /> : <PhoneFormCard onAdded={(id) => change({ device: id })} />}
    </>
  )
}
