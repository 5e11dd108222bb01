package tasks

import (
	"slices"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Secrets returns the secrets among a task's arguments in clear, to be taken out of
// what a device says of it. Its errors are those of OpenArgs.
func (t *Task) Secrets(opener Opener) ([]string, error) {
	args, err := t.Kind.decode(t.Args)
	if err != nil {
		return nil, err
	}
	s, ok := args.(sealing)
	if !ok {
		return nil, nil
	}
	var plain []string
	err = s.open(func(sealed secret.Sealed) (string, error) {
		text, err := opener.Open(sealed, argsOwner(t.ID))
		if err != nil {
			return "", err
		}
		plain = append(plain, text.Reveal())
		return text.Reveal(), nil
	})
	return plain, err
}

// Secrets returns the secrets among a task's arguments in clear.
func (q *Queue) Secrets(t Task) ([]string, error) { return t.Secrets(q.keeper) }

// concealed takes the task's own secrets out of a fault: a device may say which
// value it does not take. What cannot be opened was not sent either.
func (q *Queue) concealed(t Task, f Fault) Fault {
	secrets, _ := q.Secrets(t)
	f.String = secret.Conceal(f.String, secrets)
	f.Parameters = slices.Clone(f.Parameters)
	for i := range f.Parameters {
		f.Parameters[i].String = secret.Conceal(f.Parameters[i].String, secrets)
	}
	return f
}
