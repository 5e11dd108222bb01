package cwmp

// FactoryReset asks a device to forget its configuration after the session
// (TR-069 A.4.1.6). Sent by the ACS.
type FactoryReset struct{}

// Method returns "FactoryReset".
func (*FactoryReset) Method() string { return "FactoryReset" }

func (*FactoryReset) decode(*element) {}
func (*FactoryReset) encode(*writer)  {}

// FactoryResetResponse answers FactoryReset (TR-069 A.4.1.6).
type FactoryResetResponse struct{}

// Method returns "FactoryResetResponse".
func (*FactoryResetResponse) Method() string { return "FactoryResetResponse" }

func (*FactoryResetResponse) decode(*element) {}
func (*FactoryResetResponse) encode(*writer)  {}
