package api

import (
	"context"

	"github.com/dialtone-acs/dialtone/users"
)

// PermissionInfo is a permission as answers show it.
type PermissionInfo struct {
	Name        users.Permission `json:"name"`
	Description string           `json:"description"`
}

func (a *API) listPermissions(context.Context, *noInput) (*pageOutput[PermissionInfo], error) {
	all := users.AllPermissions()
	total := len(all)
	return newPage(all, "", &total, func(p users.Permission) (PermissionInfo, error) {
		return PermissionInfo{Name: p, Description: permissionTexts()[p]}, nil
	})
}

// permissionTexts says in words what each permission allows.
func permissionTexts() map[users.Permission]string {
	return map[users.Permission]string{
		users.ReadDevices:   "See devices, their parameters and their sessions.",
		users.WriteDevices:  "Add, change and delete devices.",
		users.WakeDevices:   "Call devices, so that they open a session now.",
		users.RevealSecrets: "See the values of parameters and settings that are kept secret.",
		users.ReadTasks:     "See tasks and what came of them.",
		users.WriteTasks:    "Queue, cancel and retry tasks.",
		users.ReadFiles:     "See files.",
		users.WriteFiles:    "Upload and delete files.",
		users.ReadEvents:    "Follow devices, tasks and sessions as they change.",
		users.ReadGroups:    "See groups.",
		users.WriteGroups:   "Make, change and delete groups.",
		users.ReadUsers:     "See users, roles and who is signed in.",
		users.WriteUsers:    "Make, change and delete users and roles, and end sessions.",
		users.ReadTokens:    "See tokens.",
		users.WriteTokens:   "Make and delete tokens.",
		users.ReadAudit:     "Read, export and check the audit log.",
		users.ReadSystem:    "See the server, its nodes and its version.",
		users.ReadPolicies:  "See quirk profiles and the rules of device access.",
		users.WritePolicies: "Make, change and delete quirk profiles and the rules of device access.",
		users.ReadTraces:    "Read traced sessions.",
		users.WriteTraces:   "Have sessions traced, and delete traces.",
		users.ReadSettings:  "See settings, lines, vendor packs and the files of devices, without secrets.",
		users.WriteSettings: "Change settings and lines, and adopt phones that are not known.",
		users.WritePacks:    "Upload, choose and delete versions of vendor packs.",
	}
}
