package dhcp

import (
	"strconv"
)

// ACS is what DHCP tells a device of its auto-configuration server. What is empty or 0 is
// not said.
type ACS struct {
	URL string
	// ProvisioningCode becomes DeviceInfo.ProvisioningCode of the device.
	ProvisioningCode string
	// RetryMinimumWait is the first interval in seconds after which a device tries again
	// to reach the ACS, 1 to 65535.
	RetryMinimumWait int
	// RetryMultiplier is by how much later intervals grow, in thousandths: 1000 to 65535.
	RetryMultiplier int
}

// IsZero reports whether nothing is said.
func (a ACS) IsZero() bool { return a == ACS{} }

const (
	subURL              = 1
	subProvisioningCode = 2
	subRetryMinimumWait = 3
	subRetryMultiplier  = 4
	// identifyingACS is added to these codes in option 125.
	identifyingACS = 10

	maxRetry           = 65535
	minRetryMultiplier = 1000
	maxURL             = 255
)

// acsValue is one value of an ACS as it is sent.
type acsValue struct {
	field string
	code  uint8
	text  string
}

// values returns what is said, in order of the codes. It returns a *FieldError if
// something cannot be sent.
func (a ACS) values() ([]acsValue, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	var all []acsValue
	for _, v := range []acsValue{
		{"acsUrl", subURL, a.URL},
		{"provisioningCode", subProvisioningCode, a.ProvisioningCode},
		{"retryMinimumWait", subRetryMinimumWait, decimal(a.RetryMinimumWait)},
		{"retryMultiplier", subRetryMultiplier, decimal(a.RetryMultiplier)},
	} {
		if v.text != "" {
			all = append(all, v)
		}
	}
	return all, nil
}

// decimal is empty for 0.
func decimal(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (a ACS) check() error {
	if a.URL != "" {
		if err := checkURL("acsUrl", a.URL, "http", "https"); err != nil {
			return err
		}
	}
	if err := checkText("provisioningCode", a.ProvisioningCode, maxProvisioningCode); err != nil {
		return err
	}
	if a.RetryMinimumWait < 0 || a.RetryMinimumWait > maxRetry {
		return &FieldError{Field: "retryMinimumWait", Reason: "must be 1 to 65535 seconds"}
	}
	if a.RetryMultiplier != 0 && (a.RetryMultiplier < minRetryMultiplier || a.RetryMultiplier > maxRetry) {
		return &FieldError{Field: "retryMultiplier", Reason: "must be 1000 to 65535 thousandths"}
	}
	return nil
}

// take puts a value that was received where it belongs, and reports whether it belongs
// anywhere. A number that is none is as if it had not been sent: the URL counts.
func (a *ACS) take(code uint16, value string) bool {
	switch code {
	case subURL:
		a.URL = value
	case subProvisioningCode:
		a.ProvisioningCode = value
	case subRetryMinimumWait:
		a.RetryMinimumWait = number(value, 1)
	case subRetryMultiplier:
		a.RetryMultiplier = number(value, minRetryMultiplier)
	default:
		return false
	}
	return true
}

// number returns a decimal from the least one to 65535, else 0.
func number(value string, least int) int {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil || int(n) < least {
		return 0
	}
	return int(n)
}
