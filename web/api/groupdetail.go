package api

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// GroupPath is the path of what belongs to a group.
type GroupPath struct {
	Path string `path:"path" maxLength:"256" doc:"The path of the group, percent-encoded as one segment: acme%2Fsouth."`
}

// GroupDetail is a group and how its devices are.
type GroupDetail struct {
	Group
	Devices int                  `json:"devices" doc:"How many devices its subtree has."`
	States  map[device.State]int `json:"states" nullable:"false" doc:"How many of them are online, late, offline and never seen."`
}

// TransformSchema implements huma.SchemaTransformer.
func (GroupDetail) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	states := &huma.Schema{Type: huma.TypeObject, Description: s.Properties["states"].Description, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, state := range device.States() {
		states.Properties[string(state)] = &huma.Schema{Type: huma.TypeInteger, Format: "int64"}
		states.Required = append(states.Required, string(state))
	}
	states.PrecomputeMessages()
	s.Properties["states"] = states
	return s
}

type groupDetailOutput struct {
	Body GroupDetail
}

func (a *API) getGroup(ctx context.Context, in *GroupPath) (*groupDetailOutput, error) {
	g, err := a.visibleGroup(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	shown, err := a.showGroup(ctx, g)
	if err != nil {
		return nil, err
	}
	detail := GroupDetail{Group: shown, States: map[device.State]int{}}
	for _, state := range device.States() {
		count, err := a.countDevices(ctx, g.Path, stateFilter(state))
		if err != nil {
			return nil, err
		}
		detail.States[state] = count
		detail.Devices += count
	}
	return &groupDetailOutput{Body: detail}, nil
}

// stateFilter is the filter for the devices in a state.
func stateFilter(s device.State) string {
	if s == device.StateNever {
		return "neverSeen"
	}
	return string(s)
}

// countDevices counts the devices of a subtree that match a filter.
func (a *API) countDevices(ctx context.Context, group, filter string) (int, error) {
	now := a.Now()
	expr, err := query.Parse(a.deviceSchema, filter, query.WithNow(now))
	if err != nil {
		return 0, err
	}
	page, err := a.Devices.List(ctx, device.List{Scope: device.Scope{Group: group}, Filter: expr, PageSize: 1, Now: now, Count: true})
	return page.Total, err
}

// GroupPatch is the body that changes a group.
type GroupPatch struct {
	Title       patch[string] `json:"title" required:"false"`
	Description patch[string] `json:"description" required:"false"`
}

type updateGroupInput struct {
	GroupPath
	Body GroupPatch `contentType:"application/merge-patch+json"`
}

type groupOutput struct {
	Body Group
}

func (a *API) updateGroup(ctx context.Context, in *updateGroupInput) (*groupOutput, error) {
	before, err := a.visibleGroup(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	note(ctx, "group/"+before.Path, "")
	after := before
	if in.Body.Title.Set {
		after.Title = in.Body.Title.Value
	}
	if in.Body.Description.Set {
		after.Description = in.Body.Description.Value
	}
	if err := checkGroupTexts(after); err != nil {
		return nil, err
	}
	after.UpdatedAt = a.moment()
	if err := a.Groups.PutGroup(ctx, after); err != nil {
		return nil, groupProblem(err)
	}
	change(ctx, auditedGroupOf(before), auditedGroupOf(after))
	shown, err := a.showGroup(ctx, after)
	return &groupOutput{Body: shown}, err
}

func (a *API) deleteGroup(ctx context.Context, in *GroupPath) (*nothing, error) {
	g, err := a.visibleGroup(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	note(ctx, "group/"+g.Path, "")
	holds, err := a.holds(ctx, g.Path)
	if err != nil {
		return nil, err
	}
	if len(holds) > 0 {
		return nil, kindState.problem("the group still has " + strings.Join(holds, ", "))
	}
	if err := a.Groups.DeleteGroup(ctx, g.Path); err != nil {
		return nil, groupProblem(err)
	}
	if err := a.restoreIfUsed(ctx, g); err != nil {
		return nil, err
	}
	change(ctx, auditedGroupOf(g), nil)
	return nil, nil
}

// restoreIfUsed restores a group that was just deleted if something was put into it
// at the same moment, and returns the problem of that.
func (a *API) restoreIfUsed(ctx context.Context, g device.Group) error {
	ctx = context.WithoutCancel(ctx)
	holds, err := a.holds(ctx, g.Path)
	if err != nil || len(holds) == 0 {
		return err
	}
	if err := a.restoreGroup(ctx, g); err != nil {
		return err
	}
	return kindState.problem("the group was given " + strings.Join(holds, ", ") + " at the same moment, and stays")
}

// holds says what a group still has: whatever is in its subtree.
func (a *API) holds(ctx context.Context, group string) ([]string, error) {
	s := device.Scope{Group: group}
	below, err := a.Groups.Groups(ctx, device.GroupList{Parent: group, Children: true, Limit: 1})
	if err != nil {
		return nil, err
	}
	devices, err := a.hasDevices(ctx, group)
	if err != nil {
		return nil, err
	}
	people, err := a.Directory.Users(ctx)
	if err != nil {
		return nil, err
	}
	tokens, err := a.Directory.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	scopes := map[string]bool{"groups": len(below) > 0, "devices": devices}
	if err := a.noteDeclared(ctx, group, scopes); err != nil {
		return nil, err
	}
	for _, u := range people {
		scopes["users"] = scopes["users"] || inScope(s, u.Scope.Group)
	}
	for _, t := range tokens {
		scopes["tokens"] = scopes["tokens"] || inScope(s, t.Scope.Group)
	}
	var holds []string
	for _, what := range []string{"groups", "devices", "users", "tokens", "lines", "settings"} {
		if scopes[what] {
			holds = append(holds, what)
		}
	}
	return holds, nil
}

// noteDeclared notes whether a group has lines and settings: a group of the same path
// that is made later must not inherit them.
func (a *API) noteDeclared(ctx context.Context, group string, holds map[string]bool) error {
	lines, err := a.Provisioning.Lines.ListLines(ctx, provisioners.LineList{Scope: device.Scope{Group: group}, Limit: 1})
	if err != nil {
		return err
	}
	level, err := a.level(ctx, provisioners.LevelKey{Kind: provisioners.GroupLevel, ID: group})
	holds["lines"], holds["settings"] = len(lines) > 0, len(level.Entries) > 0
	return err
}
