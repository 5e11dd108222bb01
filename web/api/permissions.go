package api

import "github.com/dialtone-acs/dialtone/users"

// What the table of permissions says of operations that need none.
const (
	// public operations are anybody's: who asks need not be known.
	public users.Permission = "public"
	// signedIn operations are for everybody who is known, and act on themselves.
	signedIn users.Permission = "none"
)

// alternatives names, for operations on things of two kinds, the permission that
// they need for the second; the handler sees which it is (needs).
func alternatives() map[string]users.Permission {
	return map[string]users.Permission{
		"cancelBulkTask": users.WriteDevices, // For what createBulkEdit made.
	}
}

// permissions names the one permission that each operation needs, by the
// operation's name in the API description.
func permissions() map[string]users.Permission {
	return map[string]users.Permission{
		"listDevices":      users.ReadDevices,
		"createDevice":     users.WriteDevices,
		"getDevice":        users.ReadDevices,
		"updateDevice":     users.WriteDevices,
		"deleteDevice":     users.WriteDevices,
		"listParameters":   users.ReadDevices,
		"callDevice":       users.WakeDevices,
		"createTask":       users.WriteTasks,
		"listDeviceTasks":  users.ReadTasks,
		"listTasks":        users.ReadTasks,
		"getTask":          users.ReadTasks,
		"cancelTask":       users.WriteTasks,
		"retryTask":        users.WriteTasks,
		"createBulkTask":   users.WriteTasks,
		"getBulkTask":      users.ReadTasks,
		"cancelBulkTask":   users.WriteTasks,
		"listFiles":        users.ReadFiles,
		"createFile":       users.WriteFiles,
		"getFile":          users.ReadFiles,
		"getFileContent":   users.ReadFiles,
		"deleteFile":       users.WriteFiles,
		"streamEvents":     users.ReadEvents,
		"listTokens":       users.ReadTokens,
		"createToken":      users.WriteTokens,
		"deleteToken":      users.WriteTokens,
		"listAuditEntries": users.ReadAudit,

		"getSignInMethods":    public,
		"signIn":              public,
		"beginOpenId":         public,
		"finishOpenId":        public,
		"signOut":             signedIn,
		"getCurrentPrincipal": signedIn,
		"changeOwnPassword":   signedIn,
		"getPreferences":      signedIn,
		"putPreferences":      signedIn,
		"beginSecondFactor":   signedIn,
		"confirmSecondFactor": signedIn,
		"removeSecondFactor":  signedIn,
		"listOwnSessions":     signedIn,
		"deleteOwnSession":    signedIn,
		"endOtherSessions":    signedIn,

		"listUsers":          users.ReadUsers,
		"createUser":         users.WriteUsers,
		"getUser":            users.ReadUsers,
		"updateUser":         users.WriteUsers,
		"deleteUser":         users.WriteUsers,
		"unlockUser":         users.WriteUsers,
		"listUserSessions":   users.ReadUsers,
		"deleteUserSessions": users.WriteUsers,
		"listRoles":          users.ReadUsers,
		"createRole":         users.WriteUsers,
		"updateRole":         users.WriteUsers,
		"deleteRole":         users.WriteUsers,
		"listPermissions":    users.ReadUsers,
		"listGroups":         users.ReadGroups,
		"createGroup":        users.WriteGroups,
		"getGroup":           users.ReadGroups,
		"updateGroup":        users.WriteGroups,
		"deleteGroup":        users.WriteGroups,
		"exportAudit":        users.ReadAudit,
		"verifyAudit":        users.ReadAudit,

		"getDeviceSummary":   users.ReadDevices,
		"exportDevices":      users.ReadDevices,
		"createBulkEdit":     users.WriteDevices,
		"revealParameter":    users.RevealSecrets,
		"listDeviceSessions": users.ReadDevices,
		"getDeviceTimeline":  users.ReadDevices,
		"listFilterFields":   users.ReadDevices,
		"listTaskCauses":     users.ReadTasks,
		"retryTasks":         users.WriteTasks,
		"getStatistics":      users.ReadDevices,
		"getAttention":       users.ReadDevices,
		"getSystem":          users.ReadSystem,

		"listQuirkProfiles":  users.ReadPolicies,
		"getQuirkProfile":    users.ReadPolicies,
		"putQuirkProfile":    users.WritePolicies,
		"deleteQuirkProfile": users.WritePolicies,
		"getDeviceBehaviour": users.ReadDevices,

		"listAccessRules":        users.ReadPolicies,
		"putAccessRule":          users.WritePolicies,
		"deleteAccessRule":       users.WritePolicies,
		"listSharedCredentials":  users.ReadPolicies,
		"putSharedCredential":    users.WritePolicies,
		"deleteSharedCredential": users.WritePolicies,

		"listTraceOrders":   users.ReadTraces,
		"createTraceOrder":  users.WriteTraces,
		"deleteTraceOrder":  users.WriteTraces,
		"getDeviceTrace":    users.ReadTraces,
		"exportDeviceTrace": users.ReadTraces,
		"deleteDeviceTrace": users.WriteTraces,

		"getSettingsCatalogue": users.ReadSettings,
		"getGlobalSettings":    users.ReadSettings,
		"updateGlobalSettings": users.WriteSettings,
		"getGroupSettings":     users.ReadSettings,
		"updateGroupSettings":  users.WriteSettings,
		"getDeviceSettings":    users.ReadSettings,
		"updateDeviceSettings": users.WriteSettings,
		"getUserSettings":      users.ReadSettings,
		"updateUserSettings":   users.WriteSettings,
		"getEffectiveSettings": users.ReadSettings,
		"revealSetting":        users.RevealSecrets,
		// A plan tells whether a secret would change, so not to everybody who reads.
		"planSettings":       users.WriteSettings,
		"planDeviceSettings": users.WriteSettings,
		"listLines":          users.ReadSettings,
		"createLine":         users.WriteSettings,
		"getLine":            users.ReadSettings,
		"updateLine":         users.WriteSettings,
		"deleteLine":         users.WriteSettings,
		"listDeviceFiles":    users.ReadSettings,
		"getDeviceFile":      users.ReadSettings,
		"revealDeviceFile":   users.RevealSecrets,
		"listFetches":        users.ReadDevices,
		"listDeviceFetches":  users.ReadDevices,
		"listStrangers":      users.ReadDevices,
		"adoptStranger":      users.WriteSettings,
		"deleteStranger":     users.WriteSettings,

		"getConvergence":         users.ReadSettings,
		"restoreConvergence":     users.WriteSettings,
		"adoptConvergence":       users.WriteSettings,
		"retryConvergence":       users.WriteSettings,
		"listDataModels":         users.ReadSettings,
		"getDataModel":           users.ReadSettings,
		"deleteDataModel":        users.WriteSettings,
		"getProvisioningSummary": users.ReadDevices,

		"listPacks":         users.ReadSettings,
		"getPack":           users.ReadSettings,
		"getPackFile":       users.ReadSettings,
		"uploadPack":        users.WritePacks,
		"activatePack":      users.WritePacks,
		"editPack":          users.WritePacks,
		"deletePackVersion": users.WritePacks,

		"importRoster":   users.WriteSettings,
		"exportPhones":   users.ReadSettings,
		"exportSettings": users.ReadSettings,
		"previewPBX":     users.ReadSettings,
		"applyPBX":       users.WriteSettings,

		"listDhcpServers":      users.ReadSettings,
		"getDhcpConfiguration": users.ReadSettings,
	}
}
