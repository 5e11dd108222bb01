package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/users"
)

const systemTag = "System"

// SystemOptions say what getSystem shows.
type SystemOptions struct {
	// Node is the ID of this node.
	Node string
	// Nodes returns every node, this one included; nil for this one alone.
	Nodes func(ctx context.Context) ([]NodeInfo, error)
	// StoreKind says what the store is, such as "sqlite".
	StoreKind string
	StartedAt time.Time
	// Console says that the web console is served.
	Console bool
}

// NodeInfo is one node. It is how answers show it, too.
type NodeInfo struct {
	ID       string    `json:"id"`
	Host     string    `json:"host,omitempty" doc:"The name of its host."`
	Version  string    `json:"version,omitempty" doc:"That of its program."`
	Since    time.Time `json:"since" doc:"When it was started."`
	LastSeen time.Time `json:"lastSeen" doc:"When it last said that it is there."`
	Self     bool      `json:"self" doc:"It is the one that answers."`
	Leader   *bool     `json:"leader,omitempty" doc:"It does the work that must be done once; absent where the node that answers does not know."`
}

func (a *API) registerSystem() {
	register(a, operation{
		id: "getSystem", method: http.MethodGet, path: "/system", tag: systemTag, summary: "Get what the server is",
	}, a.system)
}

// System is what the server is.
type System struct {
	Version   string      `json:"version"`
	GoVersion string      `json:"goVersion"`
	StartedAt *time.Time  `json:"startedAt" doc:"When this node was started."`
	Node      string      `json:"node" doc:"The id of this node."`
	Store     StoreStatus `json:"store"`
	Nodes     []NodeInfo  `json:"nodes" nullable:"false"`
	Audit     *AuditEnd   `json:"audit,omitempty" doc:"The end of the audit log: whoever keeps it can tell later that the log was not rewritten. Absent for those who may not read the log, and while there is none."`
	Console   bool        `json:"console" doc:"This node serves the web console."`
}

// StoreStatus is how the store is.
type StoreStatus struct {
	Kind string `json:"kind"`
	OK   bool   `json:"ok" doc:"It can be used now."`
}

// AuditEnd is the newest entry of the audit log.
type AuditEnd struct {
	Last int64  `json:"last" doc:"Its sequence."`
	Hash string `json:"hash"`
}

type systemOutput struct {
	Body System
}

// pingTime bounds asking whether the store can be used.
const pingTime = 3 * time.Second

func (a *API) system(ctx context.Context, _ *noInput) (*systemOutput, error) {
	o := a.System
	shown := System{
		Version: a.Version, GoVersion: runtime.Version(), StartedAt: shownTime(o.StartedAt), Node: o.Node, Console: o.Console,
		Store: StoreStatus{Kind: o.StoreKind, OK: a.storeAnswers(ctx)}, Nodes: []NodeInfo{},
	}
	if !shown.Store.OK {
		return &systemOutput{Body: shown}, nil // What the store is asked for would fail.
	}
	if o.Nodes != nil {
		nodes, err := o.Nodes(ctx)
		if err != nil {
			return nil, err
		}
		shown.Nodes = append(shown.Nodes, nodes...)
	}
	end, err := a.auditEnd(ctx)
	shown.Audit = end
	return &systemOutput{Body: shown}, err
}

func (a *API) storeAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	err := a.Ping(ctx)
	if err != nil {
		a.Logger.WarnContext(ctx, "store does not answer", slog.String(logkeys.Request, requestID(ctx)), slog.Any(logkeys.Error, err))
	}
	return err == nil
}

// auditEnd returns the end of the audit log for those who may read it.
func (a *API) auditEnd(ctx context.Context) (*AuditEnd, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	if a.AuditHead == nil || !readsAudit(p) {
		return nil, nil
	}
	last, err := a.AuditHead.LastAudit(ctx)
	if errors.Is(err, users.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &AuditEnd{Last: last.Sequence, Hash: last.Hash}, nil
}

// readsAudit reports whether somebody may read the audit log, which belongs to
// the whole fleet.
func readsAudit(p users.Principal) bool { return p.Allows(users.ReadAudit) && p.Scope.Group == "" }
