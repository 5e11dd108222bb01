package mongo

import (
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// copiedKinds are in the order of the fields of store.Record.
func (s *Store) copiedKinds() []copiedKind {
	imported := newImportedDevices()
	return []copiedKind{
		copiedDevices{imported: imported, sealedDocuments: sealed(s, devicesCollection, "version", func(r *store.Record) **device.Device { return &r.Device },
			(*deviceDocument).device, func(d *device.Device) deviceDocument { return newDeviceDocument(*d) })},
		copiedParameters{s, imported},
		sealed(s, credentialsCollection, "", func(r *store.Record) **device.Credential { return &r.Credential },
			func(d *credentialDocument) device.Credential { return device.Credential(*d) }, func(c *device.Credential) credentialDocument { return documentOfCredential(*c) }),
		copied(s, modelsCollection, func(r *store.Record) **store.Model { return &r.Model },
			(*modelDocument).model, func(m *store.Model) modelDocument { return documentOfModel(m.Key, m.Limits) }),
		copiedTasks{imported: imported, sealedDocuments: sealed(s, tasksCollection, "", func(r *store.Record) **tasks.Task { return &r.Task }, (*taskDocument).task, documentOfTask)},
		sealed(s, bulksCollection, "", func(r *store.Record) **tasks.Bulk { return &r.Bulk }, (*bulkDocument).bulk, documentOfBulk),
		copied(s, filesCollection, func(r *store.Record) **files.File { return &r.File },
			(*fileDocument).file, func(f *files.File) fileDocument { return documentOfFile(*f) }),
		copied(s, grantsCollection, func(r *store.Record) **files.Grant { return &r.Grant },
			func(d *grantDocument) files.Grant { return files.Grant(*d) }, func(g *files.Grant) grantDocument { return documentOfGrant(*g) }),
		copied(s, groupsCollection, func(r *store.Record) **device.Group { return &r.Group },
			(*groupDocument).group, func(g *device.Group) groupDocument { return documentOfGroup(*g) }),
		sealed(s, usersCollection, "", func(r *store.Record) **users.User { return &r.User },
			(*userDocument).user, func(u *users.User) userDocument { return documentOfUser(*u) }),
		copied(s, rolesCollection, func(r *store.Record) **users.RoleDefinition { return &r.Role },
			(*roleDocument).role, func(r *users.RoleDefinition) roleDocument { return documentOfRole(*r) }),
		copied(s, tokensCollection, func(r *store.Record) **users.Token { return &r.Token },
			(*tokenDocument).token, func(t *users.Token) tokenDocument { return documentOfToken(*t) }),
		copied(s, auditCollection, func(r *store.Record) **users.AuditEntry { return &r.Audit },
			(*auditDocument).entry, func(e *users.AuditEntry) auditDocument { return documentOfAudit(*e) }),
		copied(s, endedSessionsCollection, func(r *store.Record) **history.Session { return &r.Session },
			(*endedSessionDocument).session, func(h *history.Session) endedSessionDocument { return documentOfSession(*h) }),
		copied(s, countsCollection, func(r *store.Record) **history.Counts { return &r.Counts },
			(*countsDocument).counts, func(c *history.Counts) countsDocument { return documentOfCounts(*c) }),
		sealed(s, declaredCollection, "", func(r *store.Record) **declared.Document { return &r.Declared },
			(*declaredDocument).document, func(d *declared.Document) declaredDocument { return documentOfDeclared(*d) }),
		sealed(s, levelsCollection, "", func(r *store.Record) **provisioners.Level { return &r.Level },
			(*levelDocument).level, func(l *provisioners.Level) levelDocument { return documentOfLevel(*l) }),
		sealed(s, linesCollection, "", func(r *store.Record) **provisioners.Line { return &r.Line },
			(*lineDocument).line, func(l *provisioners.Line) lineDocument { return documentOfLine(*l) }),
		encoded(s, convergencesCollection, func(r *store.Record) **provisioners.Convergence { return &r.Convergence },
			(*convergenceDocument).convergence, documentOfConvergence),
		encoded(s, dataModelsCollection, func(r *store.Record) **provisioners.DataModel { return &r.DataModel },
			(*dataModelDocument).dataModel, documentOfDataModel),
	}
}

// copied is a kind of records, each a document D of a collection and a value R
// in a field of store.Record.
func copied[D, R any](s *Store, collection string, field func(*store.Record) **R, value func(*D) R, document func(*R) D) copiedDocuments[D] {
	return encoded(s, collection, field, func(d *D) (R, error) { return value(d), nil }, func(r R) (D, error) { return document(&r), nil })
}

// encoded is copied for documents of which a field is encoded, which may fail.
func encoded[D, R any](s *Store, collection string, field func(*store.Record) **R, value func(*D) (R, error), document func(R) (D, error)) copiedDocuments[D] {
	return copiedDocuments[D]{
		store: s, collection: collection,
		is: func(r *store.Record) bool { return *field(r) != nil },
		record: func(d *D) (store.Record, error) {
			var r store.Record
			v, err := value(d)
			*field(&r) = &v
			return r, err
		},
		document: func(r *store.Record) (D, error) { return document(**field(r)) },
	}
}

// sealed is a kind whose records may hold sealed secrets. The counter is that of
// sealedDocuments.
func sealed[D, R any](s *Store, collection, counter string, field func(*store.Record) **R, value func(*D) R, document func(*R) D) sealedDocuments[D] {
	return sealedDocuments[D]{copiedDocuments: copied(s, collection, field, value, document), counter: counter}
}
