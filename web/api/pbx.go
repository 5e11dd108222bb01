package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pbx"
)

func (a *API) registerPBX() {
	const accounts = "The accounts are those that are in force for all phones; one without a password, or that is not enabled, is left out. " +
		"Not for those who are limited to a group, and 409 state at a server that was started without --pbx-dir."
	register(a, operation{
		id: "previewPBX", method: http.MethodGet, path: "/pbx/preview", tag: importsTag, summary: "Show the files for the PBX as they would be",
		description: "With masks in the place of passwords, and which of them are not so yet. " + accounts, problems: []problemKind{kindState},
	}, a.previewPBX)
	register(a, operation{
		id: "applyPBX", method: http.MethodPost, path: "/pbx/apply", tag: importsTag, summary: "Write the files for the PBX, and tell it to read them",
		description: "Each file that changed is replaced at once; then the command of --pbx-reload runs, if there is one. " + accounts, problems: []problemKind{kindState},
	}, a.applyPBX)
}

// PBXPreview is what applying would write.
type PBXPreview struct {
	PBXAccounts
	Files []PBXFile `json:"files" nullable:"false"`
}

// PBXAccounts counts what the files are made of.
type PBXAccounts struct {
	Phones          int `json:"phones" doc:"How many phones have accounts."`
	Accounts        int `json:"accounts" doc:"How many accounts the PBX is told of: once each, however many phones have it."`
	WithoutPassword int `json:"withoutPassword" doc:"How many accounts of phones were left out as they have no password."`
}

// PBXFile is a file for the PBX as it would be.
type PBXFile struct {
	Name      string `json:"name"`
	Changed   bool   `json:"changed" doc:"It is not so yet."`
	Text      string `json:"text" doc:"With masks in the place of passwords."`
	Truncated bool   `json:"truncated" doc:"The text goes on."`
}

// PBXResult says what applying did.
type PBXResult struct {
	PBXAccounts
	Changed  []string `json:"changed" nullable:"false" doc:"The files that were replaced."`
	Reloaded bool     `json:"reloaded" doc:"The command ran: the PBX reads what it was told."`
	Problem  string   `json:"problem" doc:"Why the command failed, as far as it is told; empty if it did not. The server's log has its output. The next apply runs it again."`
}

type previewPBXOutput struct{ Body PBXPreview }

type applyPBXOutput struct{ Body PBXResult }

// maxPBXText bounds the text that a preview shows of one file in bytes.
const maxPBXText = 256 << 10

func (a *API) previewPBX(ctx context.Context, _ *noInput) (*previewPBXOutput, error) {
	endpoints, counts, free, err := a.pbxEndpoints(ctx, false)
	if err != nil {
		return nil, err
	}
	defer free()
	files, err := a.PBX.Preview(endpoints)
	if err != nil {
		return nil, err
	}
	shown := PBXPreview{PBXAccounts: counts, Files: make([]PBXFile, 0, len(files))}
	for _, f := range files {
		text := strings.ToValidUTF8(f.Text[:min(len(f.Text), maxPBXText)], "")
		shown.Files = append(shown.Files, PBXFile{Name: f.Name, Changed: f.Changed, Text: text, Truncated: len(f.Text) > maxPBXText})
	}
	return &previewPBXOutput{Body: shown}, nil
}

func (a *API) applyPBX(ctx context.Context, _ *noInput) (*applyPBXOutput, error) {
	note(ctx, "pbx", "")
	endpoints, counts, free, err := a.pbxEndpoints(ctx, true)
	if err != nil {
		return nil, err
	}
	defer free()
	// Who leaves meanwhile does not leave a PBX that was told of half of it.
	done, err := a.PBX.Publish(context.WithoutCancel(ctx), endpoints)
	result := PBXResult{PBXAccounts: counts, Changed: append([]string{}, done.Changed...), Reloaded: done.Reloaded}
	note(ctx, "pbx", fmt.Sprintf("%d accounts; changed: %s; reloaded: %t", counts.Accounts, strings.Join(done.Changed, ", "), done.Reloaded))
	if errors.Is(err, pbx.ErrReload) {
		a.Logger.ErrorContext(ctx, "the files of the PBX were written, and it was not told", slog.String(logkeys.Request, requestID(ctx)), slog.Any(logkeys.Error, err))
		result.Problem = "the files are written, but the command of --pbx-reload failed"
		err = nil
	}
	return &applyPBXOutput{Body: result}, err
}

// pbxEndpoints returns what the PBX is to be told; free is to be called at the end.
// Generate says that passwords are made that are yet to be.
func (a *API) pbxEndpoints(ctx context.Context, generate bool) (endpoints []pbx.Endpoint, counts PBXAccounts, free func(), err error) {
	if err := wholeFleet(ctx, "the files of the PBX"); err != nil {
		return nil, counts, nil, err
	}
	if a.PBX == nil {
		return nil, counts, nil, kindState.problem("the server was started without --pbx-dir")
	}
	p, err := principal(ctx)
	if err != nil {
		return nil, counts, nil, err
	}
	if free, err = a.plans.take(p.Actor); err != nil {
		return nil, counts, nil, err
	}
	exchangeOf(ctx).extendWriteDeadline(planTime)
	accounts, err := a.pbxAccounts(ctx, generate, &counts)
	if err == nil {
		if endpoints, err = pbx.Endpoints(accounts); err != nil {
			err = kindState.problem(err.Error())
		}
	}
	if err != nil {
		free()
		return nil, counts, nil, err
	}
	counts.Accounts = len(endpoints)
	return endpoints, counts, free, nil
}

// everySetting is the vendor packs as if they could give a phone every setting: what a
// phone cannot be given, such as the number of an account, the PBX is told all the same.
type everySetting struct{ provisioners.Packs }

// For implements provisioners.Packs.
func (p everySetting) For(d device.Device) (provisioners.Served, bool) {
	served, ok := p.Packs.For(d)
	served.Unsupported = nil
	return served, ok
}

// pbxAccounts returns the accounts of all phones.
func (a *API) pbxAccounts(ctx context.Context, generate bool, counts *PBXAccounts) ([]pbx.Account, error) {
	var all []pbx.Account
	list := device.List{PageSize: exportPage, Now: a.Now()}
	for {
		page, err := a.Devices.List(ctx, list)
		if err != nil {
			return nil, err
		}
		effective, err := a.pbxSettings(ctx, page.Devices, generate)
		if err != nil {
			return nil, err
		}
		for i := range effective {
			d := &page.Devices[i]
			if effective[i].Err != nil {
				return nil, kindState.problem("the settings of the phone " + d.MAC + " (" + string(d.ID) + ") are incomplete: a secret cannot be opened, or a level cannot be read")
			}
			accounts, without := accountsOf(&effective[i], d)
			counts.WithoutPassword += without
			if len(accounts) > 0 {
				counts.Phones++
			}
			all = append(all, accounts...)
		}
		if page.NextPageToken == "" {
			return all, nil
		}
		list.PageToken = page.NextPageToken
	}
}

// pbxSettings returns the settings of phones as the PBX is told them.
func (a *API) pbxSettings(ctx context.Context, devices []device.Device, generate bool) ([]provisioners.Effective, error) {
	if generate {
		// What is asked of settings as they would be makes no passwords.
		if _, err := a.Provisioning.Resolver.EffectiveOf(ctx, devices, provisioners.Change{}); err != nil {
			return nil, err
		}
	}
	return a.Provisioning.Resolver.EffectiveOf(ctx, devices, provisioners.Change{Packs: everySetting{a.Provisioning.Shelf}})
}

// accountsOf returns the accounts of a phone, and how many it has without a password.
func accountsOf(e *provisioners.Effective, d *device.Device) (accounts []pbx.Account, without int) {
	indexes := map[string]bool{}
	for i := range e.Settings {
		rest, ok := strings.CutPrefix(e.Settings[i].Path, "account.")
		index, _, _ := strings.Cut(rest, ".")
		if !ok || indexes[index] {
			continue
		}
		indexes[index] = true
		text := func(name string) string {
			s, _ := e.Setting("account." + index + "." + name)
			return s.Value
		}
		password, _ := e.Setting("account." + index + ".password")
		switch {
		case text("user") == "" || text("enabled") == "false":
		case password.Secret.IsZero() && !password.Ungenerated:
			without++
		default:
			account := pbx.Account{
				User: text("user"), AuthUser: text("authUser"), Password: password.Secret, DisplayName: text("displayName"), Number: text("number"),
				Voicemail: text("voicemail"), Transport: text("transport"), SRTP: text("srtp"), DTMF: text("dtmf"), Group: d.Group, MAC: d.MAC, Model: d.Model,
			}
			if codecs := text("codecs"); codecs != "" {
				account.Codecs = strings.Split(codecs, ",")
			}
			accounts = append(accounts, account)
		}
	}
	return accounts, without
}
