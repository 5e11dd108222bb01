package mongo

// otherIndexes are those of the small collections. The parts of files, nodes,
// leases, messages, roles, counts, declared documents, lines, convergences and data
// models are found by _id alone.
func otherIndexes() []index {
	return []index{
		{collection: credentialsCollection, keys: ascending("device", "createdAt", idField)},
		{collection: filesCollection, keys: ascending("folded.device", idField)},
		{collection: bulksCollection, keys: ascending("open", idField)},
		{collection: bulksCollection, keys: ascending("finishedAt")},
		{collection: grantsCollection, keys: ascending("expires")},
		{collection: groupsCollection, keys: ascending("parent", idField)},
		{collection: usersCollection, keys: ascending("subjectKey"), unique: true},
		{collection: tokensCollection, keys: ascending("hash"), unique: true},
		{collection: browserSessionsCollection, keys: ascending("hash"), unique: true},
		{collection: browserSessionsCollection, keys: ascending("user", "-createdAt", "-"+idField)},
		{collection: browserSessionsCollection, keys: ascending("-createdAt", "-"+idField)},
		{collection: browserSessionsCollection, keys: ascending("expires")},
		{collection: browserSessionsCollection, keys: ascending("lastUsed")},
		{collection: auditCollection, keys: ascending("folded.target", "-"+idField)},
		{collection: auditCollection, keys: ascending("folded.actor", "-"+idField)},
		{collection: auditCollection, keys: ascending("at")},
		{collection: endedSessionsCollection, keys: ascending("device", "-endedAt", "-"+idField)},
		{collection: endedSessionsCollection, keys: ascending("endedAt")},
		{collection: levelsCollection, keys: ascending("sharedAt", idField)},
		{collection: fetchesCollection, keys: ascending("device", "-"+idField)},
		{collection: fetchesCollection, keys: ascending("group", "-"+idField)},
		{collection: fetchesCollection, keys: ascending("failed", "-"+idField)},
		{collection: fetchesCollection, keys: ascending("at")},
		{collection: strangersCollection, keys: ascending("-last", "-"+idField)},
		tracesByDevice(),
		tracesByTime(),
		{collection: carriedCollection, keys: ascending("wanted", "until")},
		{collection: carriedCollection, keys: ascending("until")},
	}
}
