import { Loader, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useChildren } from './api'
import classes from './GroupTree.module.css'
import { above } from './paths'
import { moveInTree } from './treeKeys'

interface GroupTreeProps {
  selected: string
  onSelect: (path: string) => void
}

interface Branches {
  selected: string
  isOpen: (path: string) => boolean
  onSelect: (path: string) => void
  toggle: (path: string, open: boolean) => void
}

/** The tree of groups; what is below a group is read when it is opened. */
export function GroupTree({ selected, onSelect }: GroupTreeProps) {
  const { t } = useTranslation()
  // What the viewer opened and closed; else the way to the selected group is open.
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map())
  const toggle = (path: string, to: boolean) => setChosen((old) => new Map(old).set(path, to))
  const way = above(selected)
  const isOpen = (path: string) => chosen.get(path) ?? way.includes(path)
  return (
    <ul role="tree" aria-label={t('groups.title')} className={classes.tree} onKeyDown={(event) => moveInTree(event, toggle)}>
      <Children parent="" branches={{ selected, isOpen, onSelect, toggle }} />
    </ul>
  )
}

function Children({ parent, branches }: { parent: string; branches: Branches }) {
  const { t } = useTranslation()
  const { query, items, more } = useChildren(parent)
  if (query.isPending) return <li role="none"><Loader size="xs" aria-label={t('parts.loading')} m="xs" /></li>
  return (
    <>
      {query.isError && <li role="none"><ProblemAlert problem={query.error} retry={() => void query.refetch()} /></li>}
      {items.map((group, i) => <Branch key={group.path} group={group} branches={branches} first={parent === '' && i === 0} />)}
      {query.hasNextPage && <li role="none"><UnstyledButton className={classes.more} onClick={more}>{t('groups.more')}</UnstyledButton></li>}
    </>
  )
}

function Branch({ group, branches, first }: { group: Group; branches: Branches; first: boolean }) {
  const { selected, onSelect, toggle } = branches
  const label = useId()
  const isOpen = group.hasChildren && branches.isOpen(group.path)
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    event.stopPropagation()
    onSelect(group.path)
  }
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <li
      role="treeitem" aria-selected={selected === group.path} aria-expanded={group.hasChildren ? isOpen : undefined} aria-labelledby={label}
      data-path={group.path} className={classes.item} tabIndex={selected === group.path || (first && !selected) ? 0 : -1} onKeyDown={pressed}
    >
      {/* The keys are those of the item. */}
      {/* eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/no-static-element-interactions */}
      <div className={classes.label} onClick={() => onSelect(group.path)}>
        {/* eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/no-static-element-interactions */}
        <span className={classes.chevron} onClick={(event) => { event.stopPropagation(); if (group.hasChildren) toggle(group.path, !isOpen) }}>
          {group.hasChildren && <Chevron size={16} aria-hidden />}
        </span>
        <span id={label}>{group.title || group.name}</span>
      </div>
      {isOpen && <ul role="group"><Children parent={group.path} branches={branches} /></ul>}
    </li>
  )
}
