import { Text, Tooltip, VisuallyHidden } from '@mantine/core'
import { memo, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TraceMessage } from '@/api/types'
import { bytesText } from '@/pages/files/bytes'
import { clock, local, utc } from '@/time/format'
import { localeOf } from '@/time/locale'
import { isRefusal, sizeOf, statusOf } from './conversation'
import classes from './trace.module.css'
import { indented } from './xml'

/** One message as a bubble: what the phone says at the left, what the server says at the right. It opens for its headers and its body. */
export const Message = memo(function Message({ message }: { message: TraceMessage }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const language = localeOf(i18n.language)
  const at = new Date(message.at)
  const size = sizeOf(message)
  const status = statusOf(message.start)
  return (
    <li className={classes.message} data-side={message.direction} data-refusal={isRefusal(message) || undefined}>
      <button type="button" className={classes.bubble} aria-expanded={open} onClick={() => setOpen(!open)}>
        <VisuallyHidden>{t(`trace.${message.direction}`)}: </VisuallyHidden>
        <strong>{message.method || t(size === 0 ? 'trace.empty' : 'trace.noMethod')}</strong>
        <span className={classes.facts}>
          <Tooltip label={<>{local(at, language)}<br />{utc(at)}</>} withArrow><time dateTime={message.at}>{clock(at, language)}</time></Tooltip>
          {status && <span>{status}</span>}
          <span>{bytesText(size, i18n.language)}</span>
        </span>
      </button>
      {open && <Content message={message} />}
    </li>
  )
})

function Content({ message }: { message: TraceMessage }) {
  const { t } = useTranslation()
  const body = useMemo(() => indented(message.body), [message.body])
  const headers = [message.start, ...message.headers].join('\n')
  return (
    <div className={classes.content}>
      <Text size="xs" fw={600}>{t('trace.headers')}</Text>
      <Block label={t('trace.headers')} text={headers} />
      {message.body !== '' && <><Text size="xs" fw={600} mt="xs">{t('trace.body')}</Text><Block label={t('trace.body')} text={body} /></>}
      {message.cut > 0 && <Text size="xs" mt={4} c="var(--dialtone-warn)">{t('trace.cut', { count: message.cut })}</Text>}
    </div>
  )
}

function Block({ label, text }: { label: string; text: string }) {
  // A long text scrolls, and what scrolls has to be reachable by keyboard.
  // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
  return <pre className={classes.text} tabIndex={0} role="group" aria-label={label}>{text}</pre>
}
