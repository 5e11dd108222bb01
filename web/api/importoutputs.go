package api

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners/massdeployment"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
)

// maxOutputPhones bounds the phones of which an answer has what their templates make.
const maxOutputPhones = 1000

// madeWhenApplied stands for a password that is not made yet.
const madeWhenApplied = "(made when the import is applied)"

// ImportOutput is a file that templates of AstLinux make.
type ImportOutput struct {
	Context string `json:"context" doc:"The part of the templates that it comes from: phoneprov for the file of a phone; dialplan, dialplan2 to dialplan6, sip and pjsip for those of Asterisk."`
	Path    string `json:"path" doc:"The folder that the template names."`
	Name    string `json:"name"`
	Text    string `json:"text" doc:"With masks in the place of passwords, unless secrets was asked for."`
}

// importOutputs adds to the answer what the templates make. It changes the passwords of
// the list to those that may be shown.
func (a *API) importOutputs(ctx context.Context, result *ImportResult, body *importBody, read roster.Read, outcomes []roster.Outcome) error {
	if len(read.List.Phones) > maxOutputPhones {
		return invalid("body.outputs", fmt.Sprintf("must be of at most %d phones; dialtone import --generate has no such bound", maxOutputPhones))
	}
	devices := map[int]device.ID{}
	for _, o := range outcomes {
		devices[o.Row] = o.Device
	}
	for i := range read.List.Phones {
		p := &read.List.Phones[i]
		if err := a.fillPasswords(ctx, p, devices[p.Line], body.secrets); err != nil {
			return err
		}
	}
	files, wrong := massdeployment.Files(read.List, read.Templates, body.sipServer)
	for _, f := range files {
		result.Outputs = append(result.Outputs, ImportOutput{Context: f.Context, Path: f.Path, Name: f.Name, Text: f.Text.Reveal()})
	}
	for _, w := range wrong {
		result.OutputProblems = append(result.OutputProblems, ImportProblem{Row: w.Line, Column: w.Field, Expected: w.Expected})
	}
	if !body.secrets {
		return nil
	}
	x := exchangeOf(ctx)
	note(ctx, x.target, x.detail+"; passwords shown")
	return a.attest(ctx)
}

// fillPasswords masks the passwords of a phone, or fills in those that the list has not
// and the device has.
func (a *API) fillPasswords(ctx context.Context, p *massdeployment.Phone, id device.ID, shown bool) error {
	made := func(int) secret.Text { return secret.NewText(madeWhenApplied) }
	if id != "" && shown {
		d, err := a.Devices.Get(ctx, id)
		if err != nil {
			return err
		}
		effective, err := a.Provisioning.Resolver.Effective(ctx, d)
		if err != nil {
			return err
		}
		made = func(n int) secret.Text {
			s, _ := effective.Setting(fmt.Sprintf("account.%d.password", n))
			return s.Secret
		}
	}
	for i := range p.Extensions {
		e := &p.Extensions[i]
		switch {
		case !shown:
			e.Password = secret.NewText(masked)
		case e.Password.IsZero():
			e.Password = made(i + 1)
		}
	}
	return nil
}
