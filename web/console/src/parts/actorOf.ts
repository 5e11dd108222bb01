/** Who did something, taken apart. */
export interface ActorParts {
  kind: 'user' | 'token' | 'other'
  name: string
}

/** Reads "user:NAME" and "token:ID NAME"; what is neither, such as "system", is its own name. */
export function actorOf(actor: string): ActorParts {
  const user = /^user:(.+)$/.exec(actor)
  if (user) return { kind: 'user', name: user[1]! }
  const token = /^token:\S+ (.+)$/.exec(actor)
  if (token) return { kind: 'token', name: token[1]! }
  return { kind: 'other', name: actor }
}
