package roster

import (
	"context"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

func (s *Service) applyLevel(ctx context.Context, l *Level, how How) (Outcome, error) {
	o := Outcome{Kind: "level", Row: l.Row, Name: strings.TrimSuffix(l.Kind+" "+l.ID, " ")}
	key := provisioners.LevelKey{Kind: provisioners.LevelKind(l.Kind), ID: l.ID}
	switch {
	case key.Kind == provisioners.GlobalLevel && l.ID == "":
		if how.Scope.Group != "" {
			return o.refuse(&RowError{l.Row, "kind", "must be group: the global level is for those who see all groups"})
		}
	case key.Kind == provisioners.GroupLevel && l.ID != "":
		if !how.Scope.Contains(l.ID) {
			return o.refuse(&RowError{l.Row, "id", "must be a group below " + how.Scope.Group})
		}
	default:
		return o.refuse(&RowError{l.Row, "kind", "must be global without an id, or group with the path of one"})
	}
	if problem, err := s.checkGroup(ctx, l.Row, l.ID, how); problem != nil || err != nil {
		o, _ = o.refuse(problem)
		return o, err
	}
	changed, wrong, err := s.mergeLevel(ctx, key, l.Row, l.Entries, how)
	if err != nil || len(wrong) > 0 {
		o, _ = o.refuse(wrong...)
		return o, err
	}
	if o.Action = Unchanged; changed {
		o.Action = Changed
	}
	return o, nil
}
