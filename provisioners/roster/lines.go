package roster

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// generatedPassword is how many characters a password has that is made for a line.
const generatedPassword = 20

func (s *Service) applyLine(ctx context.Context, l *Line, how How) (Outcome, error) {
	key := provisioners.LineKey{Group: l.Group, Number: l.Number}
	o := Outcome{Kind: "line", Row: l.Row, Name: key.String()}
	if !how.Scope.Contains(l.Group) {
		return o.refuse(&RowError{l.Row, "group", "must be a group below " + how.Scope.Group})
	}
	if problem, err := s.checkGroup(ctx, l.Row, l.Group, how); problem != nil || err != nil {
		o, _ = o.refuse(problem)
		return o, err
	}
	stored, err := s.o.Lines.Lines(ctx, []provisioners.LineKey{key})
	if err != nil {
		return o, fmt.Errorf("read line: %w", err)
	}
	line := provisioners.Line{LineKey: key}
	if len(stored) > 0 {
		line = stored[0]
	}
	former := line
	l.fill(&line)
	if err := s.setPassword(&line, l.Password); err != nil {
		return o, err
	}
	var problems provisioners.SettingErrors
	if err := provisioners.CheckLine(line); errors.As(err, &problems) {
		for _, e := range problems {
			o.Problems = append(o.Problems, rowError(l.Row, e))
		}
		o.Action = Refused
		return o, nil
	}
	return s.putLine(ctx, o, former, line, how)
}

func (s *Service) putLine(ctx context.Context, o Outcome, former, line provisioners.Line, how How) (Outcome, error) {
	switch {
	case former.Revision == 0:
		o.Action = Created
	case former == line:
		o.Action = Unchanged
		return o, nil
	default:
		o.Action = Changed
	}
	if how.DryRun {
		return o, nil
	}
	line.UpdatedAt, line.UpdatedBy = s.o.Now(), how.By
	_, err := s.o.Lines.PutLine(ctx, line)
	if errors.Is(err, provisioners.ErrConflict) {
		return o.refuse(&RowError{o.Row, "number", "was changed by somebody else at this moment; apply the row again"})
	}
	if err != nil {
		return o, fmt.Errorf("store line: %w", err)
	}
	return o, nil
}

// fill puts what the row says into the line.
func (l *Line) fill(line *provisioners.Line) {
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&line.User, l.User}, {&line.AuthUser, l.AuthUser}, {&line.DisplayName, l.DisplayName},
		{&line.Label, l.Label}, {&line.Voicemail, l.Voicemail},
	} {
		if field.from != "" {
			*field.to = field.from
		}
	}
	if l.Listed != nil {
		line.Listed = *l.Listed
	}
}

// setPassword seals a new password, unless it is the one that the line has.
func (s *Service) setPassword(line *provisioners.Line, password string) error {
	if password == "" || password == Auto && line.Password != "" {
		return nil
	}
	plain := secret.NewText(password)
	if password == Auto {
		plain = secret.RandomText(generatedPassword)
	}
	former, err := s.o.Keeper.Open(line.Password, line.Owner())
	if err == nil && former.Equal(plain) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("line %s: %w", line.LineKey, err)
	}
	line.Password, err = s.o.Keeper.Seal(plain, line.Owner())
	if err != nil {
		return fmt.Errorf("line %s: %w", line.LineKey, err)
	}
	return nil
}
