package mongo

// otherIndexes are those of the small collections. The parts of files, nodes,
// leases and messages are found by _id alone.
func otherIndexes() []index {
	return []index{
		{collection: credentialsCollection, keys: ascending("device")},
		{collection: bulksCollection, keys: ascending("open", idField)},
		{collection: bulksCollection, keys: ascending("finishedAt")},
		{collection: grantsCollection, keys: ascending("expires")},
		{collection: tokensCollection, keys: ascending("hash"), unique: true},
		{collection: auditCollection, keys: ascending("at")},
		{collection: carriedCollection, keys: ascending("wanted", "until")},
		{collection: carriedCollection, keys: ascending("until")},
	}
}
