package sqlite

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// export gives every record of one kind to each.
type export func(ctx context.Context, c *conn, each func(store.Record) error) error

// exports are in the order of the kinds. Their statements walk an index that has
// the order, so that nothing is sorted.
func exports() []export {
	return []export{
		exportRows(exportDevices, recordOfDevice), exportParameters, exportRows(exportCredentials, recordOfCredential),
		exportRows(exportModels, recordOfModel), exportRows(exportTasks, recordOfTask), exportRows(exportBulks, recordOfBulk),
		exportRows(exportFiles, recordOfFile), exportRows(exportGrants, recordOfGrant), exportRows(exportGroups, recordOfGroup),
		exportRows(exportUsers, recordOfUser), exportRows(exportRoles, recordOfRole), exportRows(exportTokens, recordOfToken),
		exportRows(exportAudit, recordOfAudit), exportRows(exportSessions, recordOfSession), exportRows(exportCounts, recordOfCounts),
		exportRows(exportDeclared, recordOfDeclared), exportRows(exportLevels, recordOfLevel), exportRows(exportLines, recordOfLine),
		exportRows(exportConvergences, recordOfConvergence), exportRows(exportDataModels, recordOfDataModel),
	}
}

const (
	exportDevices     = "SELECT " + deviceColumns + " FROM devices d INDEXED BY sqlite_autoindex_devices_1 ORDER BY d.id"
	exportTree        = "SELECT d.id, " + parameterColumns + " FROM devices d INDEXED BY sqlite_autoindex_devices_1 CROSS JOIN parameters p ON p.device = d.n ORDER BY d.id, p.path"
	exportCredentials = "SELECT " + credentialColumns + " FROM credentials ORDER BY username"
	exportModels      = "SELECT manufacturer, product_class, software_version, limits FROM model_limits ORDER BY manufacturer, product_class, software_version"
	exportTasks       = "SELECT " + taskColumns + " FROM tasks t INDEXED BY sqlite_autoindex_tasks_1 ORDER BY t.id"
	exportBulks       = "SELECT bulk FROM bulks ORDER BY id"
	exportFiles       = "SELECT " + fileColumns + " FROM files f ORDER BY f.name"
	exportGrants      = "SELECT " + grantColumns + " FROM grants ORDER BY token_hash"
	exportUsers       = "SELECT " + userColumns + " FROM users ORDER BY name"
	exportTokens      = "SELECT " + tokenColumns + " FROM tokens INDEXED BY sqlite_autoindex_tokens_1 ORDER BY id"
	exportGroups      = "SELECT " + groupColumns + " FROM groups ORDER BY path"
	exportRoles       = "SELECT " + roleColumns + " FROM roles ORDER BY name"
	exportAudit       = "SELECT " + auditColumns + " FROM audit ORDER BY sequence"
	exportSessions    = "SELECT " + pastSessionColumns + " FROM past_sessions ORDER BY id"
	exportCounts      = "SELECT " + countsColumns + " FROM counts ORDER BY at, node"
	exportDeclared    = "SELECT " + declaredColumns + " FROM declared INDEXED BY sqlite_autoindex_declared_1 ORDER BY kind, id"
	exportLevels      = "SELECT " + levelColumns + " FROM levels INDEXED BY sqlite_autoindex_levels_1 ORDER BY kind, id"
	exportLines       = "SELECT " + lineColumns + " FROM lines ORDER BY group_path, number"

	exportConvergences = "SELECT " + convergenceColumns + " FROM convergences INDEXED BY sqlite_autoindex_convergences_1 ORDER BY device"
	exportDataModels   = "SELECT " + dataModelColumns + ` FROM data_models INDEXED BY sqlite_autoindex_data_models_1
	ORDER BY manufacturer, product_class, software_version, root`
)

func exportRows(sql string, record func(*row) (store.Record, error)) export {
	return func(ctx context.Context, c *conn, each func(store.Record) error) error {
		return c.search(ctx, func(r *row) error {
			found, err := record(r)
			if err != nil {
				return err
			}
			return each(found)
		}, sql, nil)
	}
}

// exportParameters gives the tree of each device in branches.
func exportParameters(ctx context.Context, c *conn, each func(store.Record) error) error {
	b := branches{each: each}
	if err := c.search(ctx, b.add, exportTree, nil); err != nil {
		return err
	}
	return b.end()
}

// branches makes full branches of rows that have the device before the
// parameter, in order.
type branches struct {
	each func(store.Record) error
	open *store.Branch
}

func (b *branches) add(r *row) error {
	id := device.ID(r.text())
	p, err := scanParameter(r)
	if err != nil {
		return fmt.Errorf("device %s: %w", id, err)
	}
	if b.open != nil && (b.open.Device != id || len(b.open.Parameters) == store.MaxBranch) {
		if err := b.end(); err != nil {
			return err
		}
	}
	if b.open == nil {
		b.open = &store.Branch{Device: id}
	}
	b.open.Parameters = append(b.open.Parameters, p)
	return nil
}

// end gives away the branch that is open.
func (b *branches) end() error {
	if b.open == nil {
		return nil
	}
	ended := store.Record{Parameters: b.open}
	b.open = nil
	return b.each(ended)
}

func recordOfDevice(r *row) (store.Record, error) {
	d, err := scanDevice(r)
	return store.Record{Device: &d.Device}, err
}

func recordOfCredential(r *row) (store.Record, error) {
	c := scanCredential(r)
	return store.Record{Credential: &c}, nil
}

func recordOfModel(r *row) (store.Record, error) {
	m := &store.Model{Key: device.ModelKey{Manufacturer: r.text(), ProductClass: r.text(), SoftwareVersion: r.text()}}
	err := r.json(&m.Limits)
	return store.Record{Model: m}, err
}

func recordOfTask(r *row) (store.Record, error) {
	t, err := scanTask(r)
	return store.Record{Task: &t}, err
}

func recordOfBulk(r *row) (store.Record, error) {
	b, err := scanBulk(r)
	return store.Record{Bulk: &b}, err
}

func recordOfFile(r *row) (store.Record, error) {
	f, err := scanFile(r)
	return store.Record{File: &f}, err
}

func recordOfGrant(r *row) (store.Record, error) {
	g, err := scanGrant(r)
	return store.Record{Grant: &g}, err
}

func recordOfGroup(r *row) (store.Record, error) {
	g := scanGroup(r)
	return store.Record{Group: &g}, nil
}

func recordOfUser(r *row) (store.Record, error) {
	u, err := scanUser(r)
	return store.Record{User: &u}, err
}

func recordOfRole(r *row) (store.Record, error) {
	role, err := scanRole(r)
	return store.Record{Role: &role}, err
}

func recordOfToken(r *row) (store.Record, error) {
	t := scanToken(r)
	return store.Record{Token: &t}, nil
}

func recordOfAudit(r *row) (store.Record, error) {
	e := scanAudit(r)
	return store.Record{Audit: &e}, nil
}

func recordOfSession(r *row) (store.Record, error) {
	s, err := scanPastSession(r)
	return store.Record{Session: &s}, err
}

func recordOfCounts(r *row) (store.Record, error) {
	counts, err := scanCounts(r)
	return store.Record{Counts: &counts}, err
}

func recordOfDeclared(r *row) (store.Record, error) {
	d := scanDeclared(r)
	return store.Record{Declared: &d}, nil
}

func recordOfLevel(r *row) (store.Record, error) {
	l, err := scanLevel(r)
	return store.Record{Level: &l}, err
}

func recordOfLine(r *row) (store.Record, error) {
	l := scanLine(r)
	return store.Record{Line: &l}, nil
}

func recordOfConvergence(r *row) (store.Record, error) {
	c, err := scanConvergence(r)
	return store.Record{Convergence: &c}, err
}

func recordOfDataModel(r *row) (store.Record, error) {
	m, err := scanDataModel(r)
	return store.Record{DataModel: &m}, err
}
