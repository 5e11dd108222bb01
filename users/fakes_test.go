package users

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
)

// memory is every store of a Directory in memory. What it gives and takes is
// copied.
type memory struct {
	mu       sync.Mutex
	users    map[string]User
	roles    map[Role]RoleDefinition
	tokens   []Token
	sessions []BrowserSession
	// reads and writes are those of tokens and browser sessions.
	reads, writes int
	// meddle, if set, is called before a user is stored, without the lock.
	meddle func(User)
}

func newMemory() *memory {
	return &memory{users: map[string]User{}, roles: map[Role]RoleDefinition{}}
}

func copyUser(u User) User {
	u.SecondFactor.Recovery = slices.Clone(u.SecondFactor.Recovery)
	return u
}

func (m *memory) PutUser(_ context.Context, u User) error {
	if m.meddle != nil {
		m.meddle(u)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, known := m.users[u.Name]
	if u.Revision == 0 && known {
		return ErrExists
	}
	if u.Revision != stored.Revision {
		return ErrConflict
	}
	for _, other := range m.users {
		if u.Subject != "" && other.Subject == u.Subject && other.Name != u.Name {
			return ErrExists
		}
	}
	u.Revision++
	m.users[u.Name] = copyUser(u)
	return nil
}

func (m *memory) User(_ context.Context, name string) (User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	u, known := m.users[name]
	if !known {
		return User{}, ErrNotFound
	}
	return copyUser(u), nil
}

func (m *memory) UserBySubject(_ context.Context, subject string) (User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, u := range m.users {
		if u.Subject == subject {
			return copyUser(u), nil
		}
	}
	return User{}, ErrNotFound
}

func (m *memory) Users(context.Context) ([]User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []User
	for _, u := range m.users {
		all = append(all, copyUser(u))
	}
	slices.SortFunc(all, func(a, b User) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func (m *memory) DeleteUser(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.users[name]; !known {
		return ErrNotFound
	}
	delete(m.users, name)
	return nil
}

func (m *memory) PutRole(_ context.Context, r RoleDefinition) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, known := m.roles[r.Name]
	if r.Revision == 0 && known {
		return ErrExists
	}
	if r.Revision != stored.Revision {
		return ErrConflict
	}
	r.Revision++
	m.roles[r.Name] = r
	return nil
}

func (m *memory) Role(_ context.Context, name Role) (RoleDefinition, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	r, known := m.roles[name]
	if !known {
		return RoleDefinition{}, ErrNotFound
	}
	return r, nil
}

func (m *memory) Roles(context.Context) ([]RoleDefinition, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []RoleDefinition
	for _, r := range m.roles {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b RoleDefinition) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

func (m *memory) DeleteRole(_ context.Context, name Role) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.roles[name]; !known {
		return ErrNotFound
	}
	delete(m.roles, name)
	return nil
}

func (m *memory) PutToken(_ context.Context, t Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writes++
	m.tokens = append(slices.DeleteFunc(m.tokens, func(o Token) bool { return o.ID == t.ID }), t)
	return nil
}

func (m *memory) TokenByHash(_ context.Context, hash string) (Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	for _, t := range m.tokens {
		if t.Hash == hash {
			return t, nil
		}
	}
	return Token{}, ErrNotFound
}

func (m *memory) Tokens(context.Context) ([]Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.tokens), nil
}

func (m *memory) TouchToken(_ context.Context, id string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writes++
	for i := range m.tokens {
		if m.tokens[i].ID == id {
			m.tokens[i].LastUsed = at
			return nil
		}
	}
	return ErrNotFound
}

func (m *memory) DeleteToken(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := len(m.tokens)
	m.tokens = slices.DeleteFunc(m.tokens, func(t Token) bool { return t.ID == id })
	return notFoundUnless(len(m.tokens) < before)
}

func notFoundUnless(found bool) error {
	if !found {
		return ErrNotFound
	}
	return nil
}

func (m *memory) PutBrowserSession(_ context.Context, b BrowserSession) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writes++
	m.sessions = append(m.sessions, b)
	return nil
}

func (m *memory) BrowserSessionByHash(_ context.Context, hash string) (BrowserSession, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	for _, b := range m.sessions {
		if b.Hash == hash {
			return b, nil
		}
	}
	return BrowserSession{}, ErrNotFound
}

func (m *memory) BrowserSessions(_ context.Context, user string, limit int) ([]BrowserSession, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []BrowserSession
	for _, b := range m.sessions {
		if user == "" || b.User == user {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b BrowserSession) int { return strings.Compare(b.ID, a.ID) })
	return all[:min(limit, len(all))], nil
}

func (m *memory) TouchBrowserSession(_ context.Context, id string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writes++
	for i := range m.sessions {
		if m.sessions[i].ID == id {
			m.sessions[i].LastUsed = at
			return nil
		}
	}
	return ErrNotFound
}

func (m *memory) DeleteBrowserSession(_ context.Context, id string) error {
	return notFoundUnless(m.dropSessions(func(b BrowserSession) bool { return b.ID == id }) > 0)
}

func (m *memory) DeleteBrowserSessions(_ context.Context, user, keep string) (int, error) {
	return m.dropSessions(func(b BrowserSession) bool { return b.User == user && b.ID != keep }), nil
}

func (m *memory) DeleteOldBrowserSessions(_ context.Context, expired, unused time.Time, limit int) (int, error) {
	return m.dropSessions(func(b BrowserSession) bool {
		old := b.Expires.Before(expired) || b.LastUsed.Before(unused)
		if old {
			limit--
		}
		return old && limit >= 0
	}), nil
}

func (m *memory) dropSessions(gone func(BrowserSession) bool) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := len(m.sessions)
	m.sessions = slices.DeleteFunc(m.sessions, gone)
	return before - len(m.sessions)
}

// auditMemory is an AuditStore in memory.
type auditMemory struct {
	mu      sync.Mutex
	entries []AuditEntry
	// appends counts calls of AppendAudit.
	appends int
	// before, if set, is called at the beginning of AppendAudit, without the lock;
	// its error is the answer.
	before func() error
	// after, if set, gives the error of an AppendAudit that went well.
	after func() error
	// most is how many entries an AppendAudit stores, 0 for all.
	most int
	// failDelete, if set, is the answer of DeleteAudit once that many are removed.
	failDelete error
	failAfter  int
}

func (m *auditMemory) AppendAudit(_ context.Context, entries []AuditEntry) (int, error) {
	if m.before != nil {
		if err := m.before(); err != nil {
			return 0, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.appends++
	for i, e := range entries {
		if m.most > 0 && i == m.most {
			return i, nil
		}
		if slices.ContainsFunc(m.entries, func(o AuditEntry) bool { return o.Sequence == e.Sequence }) {
			return i, ErrConflict
		}
		m.entries = append(m.entries, e)
	}
	if m.after != nil {
		return 0, m.after()
	}
	return len(entries), nil
}

func (m *auditMemory) LastAudit(context.Context) (AuditEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.entries) == 0 {
		return AuditEntry{}, ErrNotFound
	}
	return m.entries[len(m.entries)-1], nil
}

func (m *auditMemory) Audit(_ context.Context, l AuditList) ([]AuditEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.entries)
	if !l.Ascending {
		slices.Reverse(all)
	}
	var page []AuditEntry
	for _, e := range all {
		beyond := l.After == nil || l.Ascending && e.Sequence > *l.After || !l.Ascending && e.Sequence < *l.After
		if beyond && query.Match(l.Filter, e.Field) && len(page) < l.Limit {
			page = append(page, e)
		}
	}
	return page, nil
}

func (m *auditMemory) DeleteAudit(_ context.Context, before time.Time, limit int) (last AuditEntry, removed int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failDelete != nil {
		limit = min(limit, m.failAfter)
	}
	for removed < limit && len(m.entries) > 0 && m.entries[0].At.Before(before) {
		last = m.entries[0]
		m.entries = m.entries[1:]
		removed++
	}
	return last, removed, m.failDelete
}
