package api

import (
	"context"
	"net/http"

	"github.com/dialtone-acs/dialtone/provisioners"
)

const settingsTag = "Settings"

// maxSettingsBody bounds a change of settings: a level has at most
// provisioners.MaxLevelBytes, and JSON needs more for the same.
const maxSettingsBody = 2 << 20

func (a *API) registerSettings() {
	register(a, operation{
		id: "getSettingsCatalogue", method: http.MethodGet, path: "/settings/catalogue", tag: settingsTag, summary: "Get all settings that may be declared",
		description: "A letter such as N in a path stands for an index; a level may say * for every index that exists on a device. vendor.PACK.KEY takes any text beside.",
	}, a.getSettingsCatalogue)
	register(a, operation{
		id: "getGlobalSettings", method: http.MethodGet, path: "/settings/global", tag: settingsTag, summary: "Get the settings that are declared above all groups",
		description: "Not for those who are limited to a group.",
	}, a.getGlobalSettings)
	register(a, operation{
		id: "updateGlobalSettings", method: http.MethodPatch, path: "/settings/global", tag: settingsTag, summary: "Change the settings that are declared above all groups",
		description: levelEditText + " Not for those who are limited to a group.", maxBody: maxSettingsBody, problems: levelEditProblems(),
	}, a.updateGlobalSettings)
	register(a, operation{
		id: "getGroupSettings", method: http.MethodGet, path: "/groups/{path}/settings", tag: settingsTag, summary: "Get the settings that a group declares",
		problems: []problemKind{kindNotFound},
	}, a.getGroupSettings)
	register(a, operation{
		id: "updateGroupSettings", method: http.MethodPatch, path: "/groups/{path}/settings", tag: settingsTag, summary: "Change the settings that a group declares",
		description: levelEditText, maxBody: maxSettingsBody, problems: levelEditProblems(),
	}, a.updateGroupSettings)
	register(a, operation{
		id: "getDeviceSettings", method: http.MethodGet, path: "/devices/{id}/settings", tag: settingsTag, summary: "Get the settings that are declared for a device itself",
		problems: []problemKind{kindNotFound},
	}, a.getDeviceSettings)
	register(a, operation{
		id: "updateDeviceSettings", method: http.MethodPatch, path: "/devices/{id}/settings", tag: settingsTag, summary: "Change the settings that are declared for a device itself",
		description: levelEditText, maxBody: maxSettingsBody, problems: levelEditProblems(),
	}, a.updateDeviceSettings)
	register(a, operation{
		id: "getUserSettings", method: http.MethodGet, path: "/devices/{id}/settings/user", tag: settingsTag, summary: "Get the settings that the end user of a device chose",
		problems: []problemKind{kindNotFound},
	}, a.getUserSettings)
	register(a, operation{
		id: "updateUserSettings", method: http.MethodPatch, path: "/devices/{id}/settings/user", tag: settingsTag, summary: "Change the settings that the end user of a device chose",
		description: levelEditText + " Only settings that end users may set.", maxBody: maxSettingsBody, problems: levelEditProblems(),
	}, a.updateUserSettings)
	a.registerEffective()
	a.registerSettingsPlan()
}

const levelEditText = "What unset names is taken out, then what set names is put in. An entry is known by its path, its models and its filter. " +
	"Without a value the one that is there stays, as to lock it. With If-Match it is refused if somebody changed the level since."

func levelEditProblems() []problemKind {
	return []problemKind{kindNotFound, kindConflict, kindPrecondition, kindTooLarge, kindMediaType}
}

// SettingsCatalogue is all settings that may be declared.
type SettingsCatalogue struct {
	Version int                     `json:"version" doc:"Grows when settings are added."`
	Groups  []CatalogueSettingGroup `json:"groups" nullable:"false" doc:"In the order in which forms show them."`
}

// CatalogueSettingGroup is a part of the catalogue.
type CatalogueSettingGroup struct {
	Name     string             `json:"name"`
	Title    string             `json:"title"`
	Help     string             `json:"help"`
	Settings []CatalogueSetting `json:"settings" nullable:"false"`
}

// CatalogueSetting is one kind of setting.
type CatalogueSetting struct {
	Path       string                   `json:"path" doc:"A letter such as N stands for an index."`
	Type       provisioners.SettingType `json:"type" enum:"text,boolean,integer,choice,host,port,url,zone,secret,list,number,duration,language,country"`
	Title      string                   `json:"title"`
	Help       string                   `json:"help"`
	Unit       string                   `json:"unit" doc:"That of a number; empty for none."`
	Default    any                      `json:"default" doc:"What holds if no level says anything; null if the phone's own does."`
	Choices    []string                 `json:"choices" nullable:"false"`
	Min        *int64                   `json:"min" doc:"Bounds a number, or the characters of a text."`
	Max        *int64                   `json:"max"`
	Pattern    string                   `json:"pattern" doc:"A regular expression (RE2) that a whole text matches; empty for none."`
	Secret     bool                     `json:"secret" doc:"Its value is never shown."`
	EndUser    bool                     `json:"endUser" doc:"The end user of a device may set it."`
	Deprecated bool                     `json:"deprecated"`
	Indexes    []CatalogueIndex         `json:"indexes" nullable:"false" doc:"The ranges of the indexes, in the order of the path."`
}

// CatalogueIndex is the range of an index.
type CatalogueIndex struct {
	Letter string `json:"letter"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

type catalogueOutput struct {
	Body SettingsCatalogue
}

func (a *API) getSettingsCatalogue(context.Context, *noInput) (*catalogueOutput, error) {
	c := a.Provisioning.Catalogue
	shown := SettingsCatalogue{Version: c.Version(), Groups: []CatalogueSettingGroup{}}
	for _, g := range c.Groups() {
		group := CatalogueSettingGroup{Name: g.Name, Title: g.Title, Help: g.Help, Settings: []CatalogueSetting{}}
		for _, s := range g.Settings {
			group.Settings = append(group.Settings, a.showCatalogueSetting(s))
		}
		shown.Groups = append(shown.Groups, group)
	}
	return &catalogueOutput{Body: shown}, nil
}

func (a *API) showCatalogueSetting(s provisioners.Setting) CatalogueSetting {
	shown := CatalogueSetting{
		Path: s.Path, Type: s.Type, Title: s.Title, Help: s.Help, Unit: s.Unit, Choices: append([]string{}, s.Choices...), Min: s.Min, Max: s.Max,
		Pattern: s.Pattern, Secret: s.Secret, EndUser: s.EndUser, Deprecated: s.Deprecated, Indexes: []CatalogueIndex{},
	}
	if s.Default != "" {
		shown.Default = s.Default
	}
	for _, i := range s.Indexes {
		shown.Indexes = append(shown.Indexes, CatalogueIndex{Letter: i.Letter, From: i.From, To: i.To})
	}
	return shown
}
