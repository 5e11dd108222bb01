package store

import "fmt"

// Kind is a kind of record: one for each field of Record, in their order.
type Kind int

// The kinds of records.
const (
	KindDevice Kind = iota
	KindParameters
	KindCredential
	KindModel
	KindTask
	KindBulk
	KindFile
	KindGrant
	KindGroup
	KindUser
	KindRole
	KindToken
	KindAudit
	KindSession
	KindCounts
	KindDeclared
	KindLevel
	KindLine
	KindConvergence
	KindDataModel

	kindCount
)

// Kinds returns every kind in the order in which stores export them.
func Kinds() []Kind {
	all := make([]Kind, kindCount)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// String returns what the records of a kind are called, such as "devices".
func (k Kind) String() string {
	switch k {
	case KindDevice:
		return "devices"
	case KindParameters:
		return "parameters"
	case KindCredential:
		return "credentials"
	case KindModel:
		return "models"
	case KindTask:
		return "tasks"
	case KindBulk:
		return "bulk tasks"
	case KindFile:
		return "files"
	case KindGrant:
		return "grants"
	case KindGroup:
		return "groups"
	case KindUser:
		return "users"
	case KindRole:
		return "roles"
	case KindToken:
		return "tokens"
	case KindAudit:
		return "audit entries"
	case KindSession:
		return "sessions"
	case KindCounts:
		return "counts"
	case KindDeclared:
		return "declared documents"
	case KindLevel:
		return "levels"
	case KindLine:
		return "lines"
	case KindConvergence:
		return "convergences"
	case KindDataModel:
		return "data models"
	default:
		return "no kind"
	}
}

// Kind returns which field of the record is set; -1 if none is.
func (r *Record) Kind() Kind {
	for i, set := range []bool{
		r.Device != nil, r.Parameters != nil, r.Credential != nil, r.Model != nil, r.Task != nil, r.Bulk != nil,
		r.File != nil, r.Grant != nil, r.Group != nil, r.User != nil, r.Role != nil, r.Token != nil, r.Audit != nil,
		r.Session != nil, r.Counts != nil, r.Declared != nil, r.Level != nil, r.Line != nil,
		r.Convergence != nil, r.DataModel != nil,
	} {
		if set {
			return Kind(i)
		}
	}
	return -1
}

// key returns the parts by which records of one kind are ordered and told
// apart. Parameters come in branches: theirs begins with the first path.
func (r *Record) key() [4]string {
	switch r.Kind() {
	case KindDevice:
		return [4]string{string(r.Device.ID)}
	case KindParameters:
		if len(r.Parameters.Parameters) == 0 {
			return [4]string{string(r.Parameters.Device)}
		}
		return [4]string{string(r.Parameters.Device), r.Parameters.Parameters[0].Path}
	case KindCredential:
		return [4]string{r.Credential.Username}
	case KindModel:
		return [4]string{r.Model.Key.Manufacturer, r.Model.Key.ProductClass, r.Model.Key.SoftwareVersion}
	case KindTask:
		return [4]string{string(r.Task.ID)}
	case KindBulk:
		return [4]string{string(r.Bulk.ID)}
	case KindFile:
		return [4]string{r.File.Name}
	case KindGrant:
		return [4]string{r.Grant.TokenHash}
	case KindGroup:
		return [4]string{r.Group.Path}
	case KindUser:
		return [4]string{r.User.Name}
	case KindRole:
		return [4]string{string(r.Role.Name)}
	case KindToken:
		return [4]string{r.Token.ID}
	case KindAudit:
		// Numbers up to 0 come first; shifted, all have one sign and one length.
		return [4]string{fmt.Sprintf("%020d", uint64(r.Audit.Sequence)+1<<63)}
	case KindSession:
		return [4]string{r.Session.ID}
	case KindCounts:
		return [4]string{fmt.Sprintf("%015d", r.Counts.At.UnixMilli()), r.Counts.Node}
	case KindDeclared:
		return [4]string{string(r.Declared.Kind), r.Declared.ID}
	case KindLevel:
		return [4]string{string(r.Level.Key.Kind), r.Level.Key.ID}
	case KindLine:
		return [4]string{r.Line.Group, r.Line.Number}
	case KindConvergence:
		return [4]string{string(r.Convergence.Device)}
	case KindDataModel:
		key := r.DataModel.Key
		return [4]string{key.Manufacturer, key.ProductClass, key.SoftwareVersion, r.DataModel.Root}
	default:
		return [4]string{}
	}
}

// Counts says how many records of each kind there are; parameters are counted
// one by one.
type Counts struct{ n [kindCount]int }

// Of returns how many records of a kind were counted.
func (c *Counts) Of(k Kind) int { return c.n[k] }

// Add counts a record.
func (c *Counts) Add(r *Record) {
	switch k := r.Kind(); k {
	case -1:
	case KindParameters:
		c.n[k] += len(r.Parameters.Parameters)
	default:
		c.n[k]++
	}
}
