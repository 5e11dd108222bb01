package api

import "github.com/dialtone-acs/dialtone/users"

// permissions names the one permission that each operation needs, by the
// operation's name in the API description.
func permissions() map[string]users.Permission {
	return map[string]users.Permission{
		"listDevices":         users.ReadDevices,
		"createDevice":        users.WriteDevices,
		"getDevice":           users.ReadDevices,
		"updateDevice":        users.WriteDevices,
		"deleteDevice":        users.WriteDevices,
		"listParameters":      users.ReadDevices,
		"callDevice":          users.WakeDevices,
		"createTask":          users.WriteTasks,
		"listDeviceTasks":     users.ReadTasks,
		"listTasks":           users.ReadTasks,
		"getTask":             users.ReadTasks,
		"cancelTask":          users.WriteTasks,
		"retryTask":           users.WriteTasks,
		"createBulkTask":      users.WriteTasks,
		"getBulkTask":         users.ReadTasks,
		"cancelBulkTask":      users.WriteTasks,
		"listFiles":           users.ReadFiles,
		"createFile":          users.WriteFiles,
		"getFile":             users.ReadFiles,
		"deleteFile":          users.WriteFiles,
		"streamEvents":        users.ReadEvents,
		"listTokens":          users.ReadTokens,
		"createToken":         users.WriteTokens,
		"deleteToken":         users.WriteTokens,
		"listAuditEntries":    users.ReadAudit,
		"getCurrentPrincipal": users.ReadDevices, // Every role has it.
	}
}
