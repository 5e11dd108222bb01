package filephone

// Held is what a phone has in its memory after it took its files.
type Held struct {
	// Accounts are those that are switched on, in order of N.
	Accounts []Account `json:"accounts"`
	VLAN     VLAN      `json:"vlan"`
	Clock    Clock     `json:"clock"`
	// Keys are the line keys that have a function, in order of N.
	Keys []Key `json:"keys"`
	// AdminPassword opens the phone's own menus and pages.
	AdminPassword string `json:"adminPassword,omitempty"`
	// ProvisioningURL is where the phone will look for its files, empty if it was not
	// told.
	ProvisioningURL string `json:"provisioningUrl"`
	// Interval is how often it will ask again, in seconds; 0 if it will not, or at a
	// time of day.
	Interval int `json:"interval"`
	// FirmwareURL is what it was told to run, as it was told.
	FirmwareURL string `json:"firmwareUrl"`
}

// Account is what a phone registers as.
type Account struct {
	N           int    `json:"n"`
	User        string `json:"user"`
	AuthUser    string `json:"authUser"`
	Password    string `json:"password,omitempty"`
	DisplayName string `json:"displayName"`
	Label       string `json:"label"`
	Registrar   string `json:"registrar"`
	// Port is the registrar's; 0 if it was not told.
	Port int `json:"port"`
	// OutboundProxy has its port behind a colon, if it was told one.
	OutboundProxy string `json:"outboundProxy"`
	// Transport is "udp", "tcp", "tls" or "dns" (NAPTR), empty if it was not told.
	Transport string `json:"transport"`
	// Expires is the registration period in seconds; 0 if it was not told.
	Expires int `json:"expires"`
}

// VLAN is the tag of the phone's own frames.
type VLAN struct {
	// ID is 0 for frames without a tag.
	ID int `json:"id"`
	// Priority is the one of IEEE 802.1p; -1 if the phone was not told.
	Priority int `json:"priority"`
}

// Clock is how the phone tells the time.
type Clock struct {
	// Known says that the phone was told a time zone.
	Known bool `json:"known"`
	// Offset is in seconds east of Greenwich, in winter.
	Offset int `json:"offset"`
	// Daylight is nil if the clock is never put forward.
	Daylight *Daylight `json:"daylight"`
	NTP      string    `json:"ntp"`
}

// Daylight is the rule by which a clock is put forward and back.
type Daylight struct {
	Start Change `json:"start"`
	End   Change `json:"end"`
	// Save is by how many minutes.
	Save int `json:"save"`
}

// Change is when a clock is changed, in the time that is in force until then.
type Change struct {
	Month int `json:"month"`
	// Week is 1 to 4, or 5 for the last in the month. It is 0 if Day says it.
	Week int `json:"week"`
	// Weekday is 0 (Sunday) to 6.
	Weekday int `json:"weekday"`
	// Day is the day of the month for rules that name one.
	Day    int `json:"day,omitempty"`
	Hour   int `json:"hour"`
	Minute int `json:"minute"`
}

// Key is what a line key does.
type Key struct {
	N int `json:"n"`
	// Type is "line", "sharedLine", "blf", "speedDial", "park", "pickup",
	// "groupPickup", "intercom", "dnd", "forward", "voicemail", "transfer", "hold",
	// "conference", "record", "dtmf", "paging", "directory", "xml" or "url"; or what
	// the file says if it is none of these.
	Type  string `json:"type"`
	Value string `json:"value"`
	Label string `json:"label"`
	// Account is the number of the account that the key uses; 0 if it was not told.
	Account int `json:"account"`
}

// WithoutSecrets returns h without its passwords.
func (h Held) WithoutSecrets() Held {
	h.AdminPassword = ""
	accounts := make([]Account, len(h.Accounts))
	for i, a := range h.Accounts {
		a.Password = ""
		accounts[i] = a
	}
	h.Accounts = accounts
	return h
}
