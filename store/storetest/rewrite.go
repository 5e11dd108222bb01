package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// renew changes what is sealed, once: a stand-in for sealing with a new key.
func renew(r *store.Record) (changed bool, err error) {
	renewed := func(s *secret.Sealed) {
		if *s != "" && !strings.HasPrefix(string(*s), "new ") {
			*s, changed = "new "+*s, true
		}
	}
	switch {
	case r.Device != nil:
		renewed(&r.Device.ConnectionRequest.Password)
		renewed(&r.Device.ConnectionRequest.PendingPassword)
	case r.Parameters != nil:
		for i := range r.Parameters.Parameters {
			renewed(&r.Parameters.Parameters[i].Sealed)
		}
	case r.Credential != nil:
		renewed(&r.Credential.Password)
	case r.Task != nil:
		changed = renewArgs((*[]byte)(&r.Task.Args))
	case r.Bulk != nil:
		changed = renewArgs((*[]byte)(&r.Bulk.Args))
	case r.User != nil:
		renewed(&r.User.SecondFactor.Key)
		renewed(&r.User.SecondFactor.Pending)
	case r.Declared != nil:
		changed = renewArgs((*[]byte)(&r.Declared.Body))
	case r.Level != nil:
		for i := range r.Level.Entries {
			renewed(&r.Level.Entries[i].Sealed)
		}
	case r.Line != nil:
		renewed(&r.Line.Password)
	}
	return changed, nil
}

const newArgs = `{"new":true}`

func renewArgs(args *[]byte) bool {
	if len(*args) == 0 || string(*args) == newArgs {
		return false
	}
	*args = []byte(newArgs)
	return true
}

func rewritten(t *testing.T, s, other store.Store) {
	fill(t, s)
	copyAll(t, s, other)
	want, seen := 0, make(map[string]int)
	all := exported(t, s)
	for i := range all {
		changed, err := renew(&all[i])
		must(t, err)
		if changed {
			want++
		}
	}
	changed := got[int](t)(s.Copier().Rewrite(t.Context(), func(r *store.Record) (bool, error) {
		seen[secretKey(r)]++
		return renew(r)
	}))
	same(t, "changed", changed, want)
	sameRecords(t, "store", exported(t, s), all)
	expected := make(map[string]int)
	for i := range all {
		if all[i].Kind() <= store.KindBulk && all[i].Model == nil || all[i].User != nil || all[i].Declared != nil || all[i].Level != nil || all[i].Line != nil {
			expected[secretKey(&all[i])] = 1
		}
	}
	same(t, "records that were seen", seen, expected)
	same(t, "changed by a second rewrite", got[int](t)(s.Copier().Rewrite(t.Context(), renew)), 0)
	fails(t, store.Compare(t.Context(), s.Copier(), other.Copier()), store.ErrDifferent)
}

// secretKey names a record that may hold secrets.
func secretKey(r *store.Record) string {
	switch {
	case r.Device != nil:
		return fmt.Sprint("device ", r.Device.ID)
	case r.Parameters != nil:
		return fmt.Sprint("parameters ", r.Parameters.Device)
	case r.Credential != nil:
		return fmt.Sprint("credential ", r.Credential.Username)
	case r.Task != nil:
		return fmt.Sprint("task ", r.Task.ID)
	case r.Bulk != nil:
		return fmt.Sprint("bulk ", r.Bulk.ID)
	case r.User != nil:
		return fmt.Sprint("user ", r.User.Name)
	case r.Declared != nil:
		return fmt.Sprint("document ", r.Declared.Kind, " ", r.Declared.ID)
	case r.Level != nil:
		return fmt.Sprint("level ", r.Level.Key)
	case r.Line != nil:
		return fmt.Sprint("line ", r.Line.LineKey)
	default:
		return fmt.Sprint("a record of the ", r.Kind())
	}
}

func rewriteEnds(t *testing.T, s, _ store.Store) {
	fill(t, s)
	before := exported(t, s)
	_, err := s.Copier().Rewrite(t.Context(), func(r *store.Record) (bool, error) { return r.Device != nil, errEnough })
	fails(t, err, errEnough)
	sameRecords(t, "store", exported(t, s), before)
}

// rewriteLosesNothing rewrites again and again while others change the same
// records. What they did must all be there in the end, and a last rewrite, with
// nobody else at work, must leave nothing as it was.
func rewriteLosesNothing(t *testing.T, s, _ store.Store) {
	const rounds = 8
	ctx := t.Context()
	d := addDevice(t, s, fullDevice(1))
	must(t, s.Parameters().Observe(ctx, d.ID, now(), []device.Observation{{Path: "Device.Password", Value: &device.Value{Sealed: "p"}}}))
	task := addTask(t, s, queuedTask(d.ID, now()))
	must(t, s.Users().PutUser(ctx, fullUser("admin")))
	level, line := putLevel(t, s, fullLevel(provisioners.GroupLevel, "a")), putLine(t, s, fullLine("a", "1"))
	together(t, func(worker int) error {
		for round := range rounds {
			var err error
			switch worker % 4 {
			case 0:
				_, err = s.Copier().Rewrite(ctx, renew)
			case 1:
				err = errors.Join(s.Sessions().RaiseWork(ctx, d.ID), s.Sessions().RaiseAlarm(ctx, d.ID, device.RaisedAlarm{Kind: device.AlarmTransfers}, now()))
			case 2:
				err = s.Parameters().Observe(ctx, d.ID, now(), []device.Observation{valueOf(fmt.Sprintf("Device.%d.%d", worker, round), "x")})
			default:
				err = errors.Join(raisePriority(t, s, task.ID), raiseLastStep(t, s, "admin"), lengthen(t, s, level.Key, line.LineKey))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	must(t, second(s.Copier().Rewrite(ctx, renew)))
	after := deviceOf(t, s, d.ID)
	same(t, "raised", after.Work.Raised, d.Work.Raised+rounds*workers/4)
	same(t, "count of an alarm", after.Alarms[1].Count, d.Alarms[1].Count+rounds*workers/4)
	same(t, "password", after.ConnectionRequest.Password, "new "+d.ConnectionRequest.Password)
	same(t, "pending password", after.ConnectionRequest.PendingPassword, "new "+d.ConnectionRequest.PendingPassword)
	tree := treeOf(t, s, d.ID, "")
	same(t, "parameters", len(tree), 1+rounds*workers/4)
	same(t, "parameter", tree[len(tree)-1].Sealed, secret.Sealed("new p"))
	changed := taskOf(t, s, task.ID)
	same(t, "priority", changed.Priority, rounds*workers/4)
	same(t, "arguments", string(changed.Args), newArgs)
	sameSettings(t, s, level, line, rounds*workers/4)
	user := userOf(t, s, "admin")
	same(t, "last step", user.SecondFactor.LastStep, fullUser("admin").SecondFactor.LastStep+rounds*workers/4)
	same(t, "revision of the user", user.Revision, int64(1+rounds*workers/4))
	same(t, "keys", []secret.Sealed{user.SecondFactor.Key, user.SecondFactor.Pending}, []secret.Sealed{"new sealed key", "new sealed pending"})
}

// sameSettings checks what a rewrite and those who lengthened a level and a line left.
func sameSettings(t *testing.T, s store.Store, level provisioners.Level, line provisioners.Line, times int) {
	t.Helper()
	for range times {
		level.Entries = append(level.Entries, provisioners.Entry{Path: "owner", Sealed: "sealed"})
		line.Label += "x"
	}
	for i := range level.Entries {
		if level.Entries[i].Sealed != "" {
			level.Entries[i].Sealed = "new " + level.Entries[i].Sealed
		}
	}
	line.Password = "new " + line.Password
	level.Revision, line.Revision = level.Revision+int64(times), line.Revision+int64(times)
	same(t, "level", levelsOf(t, s, level.Key), []provisioners.Level{level})
	same(t, "line", linesOf(t, s, line.LineKey), []provisioners.Line{line})
}

// lengthen changes a level and a line as all do: by compare-and-set, until it wins.
func lengthen(t *testing.T, s store.Store, level provisioners.LevelKey, line provisioners.LineKey) error {
	for {
		levels, err := s.Levels().Levels(t.Context(), []provisioners.LevelKey{level})
		if err != nil {
			return err
		}
		levels[0].Entries = append(levels[0].Entries, provisioners.Entry{Path: "owner", Sealed: "sealed"})
		if _, err := s.Levels().PutLevel(t.Context(), levels[0]); !errors.Is(err, provisioners.ErrConflict) {
			if err != nil {
				return err
			}
			break
		}
	}
	for {
		lines, err := s.Lines().Lines(t.Context(), []provisioners.LineKey{line})
		if err != nil {
			return err
		}
		lines[0].Label += "x"
		if _, err := s.Lines().PutLine(t.Context(), lines[0]); !errors.Is(err, provisioners.ErrConflict) {
			return err
		}
	}
}

// raiseLastStep changes a user as all do: by compare-and-set, until it wins.
func raiseLastStep(t *testing.T, s store.Store, name string) error {
	for {
		u, err := s.Users().User(t.Context(), name)
		if err != nil {
			return err
		}
		u.SecondFactor.LastStep++
		if err := s.Users().PutUser(t.Context(), u); !errors.Is(err, users.ErrConflict) {
			return err
		}
	}
}

// raisePriority changes a task as all do: by compare-and-set, until it wins.
func raisePriority(t *testing.T, s store.Store, id tasks.ID) error {
	for {
		task, err := s.Tasks().Get(t.Context(), id)
		if err != nil {
			return err
		}
		task.Priority++
		if _, err := s.Tasks().Save(t.Context(), task); !errors.Is(err, tasks.ErrConflict) {
			return err
		}
	}
}
