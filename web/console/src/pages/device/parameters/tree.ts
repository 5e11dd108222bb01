import type { Parameter } from '@/api/types'
import { inOrder, isObject, parentOf } from './paths'

/** The parameters that are known so far, and which is below which. Objects that only follow from a path count as well. */
export class Index {
  private readonly parameters = new Map<string, Parameter>()
  private readonly below = new Map<string, Set<string>>()
  private readonly ordered = new Map<string, string[]>()

  get size() {
    return this.parameters.size
  }

  get(path: string): Parameter | undefined {
    return this.parameters.get(path)
  }

  has(path: string): boolean {
    return this.parameters.has(path) || this.below.has(path)
  }

  all(): Iterable<Parameter> {
    return this.parameters.values()
  }

  put(parameter: Parameter) {
    this.parameters.set(parameter.path, parameter)
    let path = parameter.path
    while (path !== '') {
      const parent = parentOf(path)
      const siblings = this.below.get(parent)
      if (siblings?.has(path)) return
      if (siblings) siblings.add(path)
      else this.below.set(parent, new Set([path]))
      this.ordered.delete(parent)
      path = parent
    }
  }

  /** Forgets a path, and the objects above it that nothing is below any more. */
  remove(path: string) {
    this.parameters.delete(path)
    while (path !== '' && !this.has(path)) {
      const parent = parentOf(path)
      const siblings = this.below.get(parent)
      siblings?.delete(path)
      this.ordered.delete(parent)
      if (siblings?.size === 0) this.below.delete(parent)
      path = parent
    }
  }

  /** What is right below an object, in the order in which people look for it. */
  childrenOf(path: string): readonly string[] {
    const known = this.ordered.get(path)
    if (known) return known
    const children = [...(this.below.get(path) ?? [])].sort(inOrder)
    this.ordered.set(path, children)
    return children
  }

  /** Every path at or below one that the list has. */
  *under(path: string): Generator<string> {
    if (this.parameters.has(path)) yield path
    if (!isObject(path)) return
    for (const child of this.below.get(path) ?? []) yield* this.under(child)
  }
}
