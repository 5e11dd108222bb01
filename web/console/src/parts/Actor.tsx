import { useTranslation } from 'react-i18next'
import { actorOf } from './actorOf'

/** Who did something, by the name that people know; the whole text, which the audit filter takes, is the tooltip. */
export function Actor({ actor }: { actor: string }) {
  const { t } = useTranslation()
  const { kind, name } = actorOf(actor)
  return <span title={actor}>{kind === 'token' ? t('parts.token', { name }) : name}</span>
}
