import { Button, Center, Code } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { duration } from '@/time/format'
import { Moment } from '@/time/Moment'
import type { Conversation } from './conversation'
import { Message } from './Message'
import classes from './trace.module.css'

const atOnce = 20

/** The sessions of a trace, the newest first and open. */
export function Conversations({ conversations }: { conversations: readonly Conversation[] }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(atOnce)
  return (
    <>
      {conversations.slice(0, shown).map((conversation, i) => <Session key={conversation.session} conversation={conversation} newest={i === 0} />)}
      {conversations.length > shown && <Center py="sm"><Button variant="default" onClick={() => setShown(shown + atOnce)}>{t('trace.older')}</Button></Center>}
    </>
  )
}

function Session({ conversation: { session, messages }, newest }: { conversation: Conversation; newest: boolean }) {
  const { t, i18n } = useTranslation()
  const [chosen, setChosen] = useState<boolean>()
  const id = useId()
  const open = chosen ?? newest
  const first = messages[0]!
  const last = messages.at(-1)!
  const Sign = open ? IconChevronDown : IconChevronRight
  return (
    <section className={classes.session} aria-labelledby={id}>
      <h2 id={id} className={classes.title}>
        <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setChosen(!open)}>
          <Sign size={16} aria-hidden />
          <span><Moment at={first.at} exact /></span>
          <span className={classes.quiet}>{t('trace.messages', { count: messages.length })} · {duration(Date.parse(last.at) - Date.parse(first.at), i18n.language)}</span>
          <Code>{session}</Code>
        </button>
      </h2>
      {open && (
        <>
          <div className={classes.sides} aria-hidden><span>{t('trace.fromDevice')}</span><span>{t('trace.toDevice')}</span></div>
          <ol className={classes.messages}>{messages.map((message) => <Message key={message.id} message={message} />)}</ol>
        </>
      )}
    </section>
  )
}
