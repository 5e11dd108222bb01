package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// RestoredPaths is the body that names what is set back.
type RestoredPaths struct {
	Paths []string `json:"paths,omitempty" nullable:"false" maxItems:"500" doc:"The paths of parameters that drifted; absent for all of them."`
}

type restoreInput struct {
	DevicePath
	IfMatch string `header:"If-Match" doc:"The ETag of the differences that were looked at."`
	Body    RestoredPaths
}

func (a *API) restoreConvergence(ctx context.Context, in *restoreInput) (*convergenceOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), pathSummary(in.Body.Paths))
	if d.Root == "" {
		return nil, kindState.problem("the device never opened a CWMP session: nothing on it can have drifted")
	}
	for try := 1; ; try++ {
		before, err := a.convergence(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		if err := checkConvergenceTag(in.IfMatch, &before); err != nil {
			return nil, err
		}
		next, err := restored(before, in.Body.Paths)
		if err != nil {
			return nil, err
		}
		if slices.Equal(next.Restore, before.Restore) {
			return a.reconsidered(ctx, d.ID) // All of it was asked for already, or nothing drifted.
		}
		_, err = a.Provisioning.Convergence.PutConvergence(ctx, next)
		if errors.Is(err, provisioners.ErrConflict) && try < levelTries {
			continue
		}
		if err != nil {
			return nil, convergenceProblem(err)
		}
		change(ctx, auditedRestore{before.Restore}, auditedRestore{next.Restore})
		return a.reconsidered(ctx, d.ID)
	}
}

// auditedRestore is what the audit log compares of a device's way to its settings.
type auditedRestore struct {
	Restore []string `json:"restore"`
}

// restored returns what is known of a device with the paths that are to be set back:
// those named, or all that drifted.
func restored(c provisioners.Convergence, paths []string) (provisioners.Convergence, error) {
	c.Restore = slices.Clone(c.Restore)
	add := func(path string) {
		if !slices.Contains(c.Restore, path) {
			c.Restore = append(c.Restore, path)
		}
	}
	if len(paths) == 0 {
		for i := range c.Differences {
			if c.Differences[i].Kind == provisioners.Drifted {
				add(c.Differences[i].Path)
			}
		}
	}
	var wrong []FieldError
	for i, path := range paths {
		d := differenceOf(&c, path)
		if d == nil || d.Kind != provisioners.Drifted {
			wrong = append(wrong, pathError(i, path, "did not drift on the device"))
			continue
		}
		add(path)
	}
	slices.SortFunc(c.Restore, provisioners.ComparePaths)
	if len(wrong) > 0 {
		return c, invalidSettings(wrong)
	}
	return c, nil
}

// differenceOf returns the difference of a path, nil if there is none.
func differenceOf(c *provisioners.Convergence, path string) *provisioners.Difference {
	for i := range c.Differences {
		if c.Differences[i].Path == path {
			return &c.Differences[i]
		}
	}
	return nil
}

// pathError says what is wrong with a path of the body.
func pathError(i int, path, message string) FieldError {
	return FieldError{Location: fmt.Sprintf("body.paths[%d]", i), Message: path + " " + message}
}

// pathSummary says for the audit log which paths a request names.
func pathSummary(paths []string) string {
	if len(paths) == 0 {
		return "all"
	}
	return strings.Join(paths, ", ")
}

// checkConvergenceTag refuses what is based on differences that are not those of now.
func checkConvergenceTag(ifMatch string, c *provisioners.Convergence) error {
	if ifMatch != "" && !matches(ifMatch, convergenceTag(c)) {
		return kindPrecondition.problem("what is known of the device has the ETag " + convergenceTag(c) + " by now")
	}
	return nil
}

// convergenceProblem says what a conflict is about.
func convergenceProblem(err error) error {
	if errors.Is(err, provisioners.ErrConflict) {
		return kindConflict.problem("a session works at the settings of the device: read them and try again")
	}
	return err
}
