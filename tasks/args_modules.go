package tasks

import (
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// MaxOperations bounds ChangeDUStateArgs.Operations.
const MaxOperations = 16

// ChangeDUStateArgs are the arguments of ChangeDUState (TR-069 A.4.1.10).
type ChangeDUStateArgs struct {
	// Operations are carried out by the device in any order.
	Operations []ModuleOperation `json:"operations"`
}

// ModuleOperation is one change of a software module, which TR-069 calls a
// deployment unit.
type ModuleOperation struct {
	// Operation is install, update or uninstall.
	Operation string `json:"operation"`
	// URL is where the module is: needed to install, optional to update.
	URL string `json:"url,omitempty"`
	// UUID names the module (RFC 4122): needed to uninstall.
	UUID string `json:"uuid,omitempty"`
	// Version chooses among several of one module, to update or uninstall.
	Version string `json:"version,omitempty"`
	// ExecutionEnvironment is the path of the Execution Environment to install to
	// or uninstall from; empty leaves it to the device.
	ExecutionEnvironment string `json:"executionEnvironment,omitempty"`
	Username             string `json:"username,omitempty"`
	Password             string `json:"password,omitempty"`
	// SealedPassword holds Password at rest.
	SealedPassword secret.Sealed `json:"sealedPassword,omitempty"`
}

// The operations.
const (
	OperationInstall   = "install"
	OperationUpdate    = "update"
	OperationUninstall = "uninstall"
)

var uuidPattern = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// Validate checks every operation against TR-069 A.4.1.10.
func (a *ChangeDUStateArgs) Validate() error {
	if len(a.Operations) < 1 || len(a.Operations) > MaxOperations {
		return &ArgumentError{Field: "operations", Message: fmt.Sprintf("must have 1 to %d operations", MaxOperations)}
	}
	for i := range a.Operations {
		if err := a.Operations[i].check(fmt.Sprintf("operations[%d].", i)); err != nil {
			return err
		}
	}
	return nil
}

func (o *ModuleOperation) check(field string) error {
	switch {
	case o.Operation == OperationInstall && o.URL == "":
		return &ArgumentError{Field: field + "url", Message: "must be given to install"}
	case o.Operation == OperationInstall && o.Version != "":
		return &ArgumentError{Field: field + "version", Message: "goes with update and uninstall"}
	case o.Operation == OperationUpdate && o.URL == "" && o.UUID == "":
		return &ArgumentError{Field: field + "uuid", Message: "url, uuid or both must be given to update"}
	case o.Operation == OperationUninstall && o.UUID == "":
		return &ArgumentError{Field: field + "uuid", Message: "must be given to uninstall"}
	case o.Operation == OperationUninstall && (o.URL != "" || o.Username != "" || o.Password != ""):
		return &ArgumentError{Field: field + "url", Message: "does not go with uninstall, nor do username and password"}
	case o.Operation == OperationUpdate && o.ExecutionEnvironment != "":
		return &ArgumentError{Field: field + "executionEnvironment", Message: "goes with install and uninstall"}
	case o.Operation != OperationInstall && o.Operation != OperationUpdate && o.Operation != OperationUninstall:
		return &ArgumentError{Field: field + "operation", Message: "must be install, update or uninstall"}
	case o.SealedPassword != "":
		return &ArgumentError{Field: field + "sealedPassword", Message: "is not an argument"}
	case o.UUID != "" && !uuidPattern.MatchString(o.UUID):
		return &ArgumentError{Field: field + "uuid", Message: "must be a UUID, such as 123e4567-e89b-12d3-a456-426614174000"}
	}
	if o.URL != "" {
		if err := checkURL(field+"url", o.URL, transferSchemes()); err != nil {
			return err
		}
	}
	return checkLengths([]textBound{
		{field + "url", o.URL, 1024}, {field + "version", o.Version, 32}, {field + "executionEnvironment", o.ExecutionEnvironment, 256},
		{field + "username", o.Username, 256}, {field + "password", o.Password, 256},
	})
}

func (a *ChangeDUStateArgs) passwords() []passwordAt {
	all := make([]passwordAt, 0, len(a.Operations))
	for i := range a.Operations {
		all = append(all, passwordAt{&a.Operations[i].Password, &a.Operations[i].SealedPassword})
	}
	return all
}

type maskedOperation struct {
	Operation            string          `json:"operation"`
	URL                  string          `json:"url,omitempty"`
	UUID                 string          `json:"uuid,omitempty"`
	Version              string          `json:"version,omitempty"`
	ExecutionEnvironment string          `json:"executionEnvironment,omitempty"`
	Username             string          `json:"username,omitempty"`
	Password             json.RawMessage `json:"password,omitempty"`
	Secret               bool            `json:"secret,omitempty"`
}

func (a *ChangeDUStateArgs) mask() any {
	masked := make([]maskedOperation, 0, len(a.Operations))
	for _, o := range a.Operations {
		m := maskedOperation{Operation: o.Operation, URL: o.URL, UUID: o.UUID, Version: o.Version, ExecutionEnvironment: o.ExecutionEnvironment, Username: o.Username}
		if o.Password != "" || o.SealedPassword != "" {
			m.Password, m.Secret = json.RawMessage("null"), true
		}
		masked = append(masked, m)
	}
	return struct {
		Operations []maskedOperation `json:"operations"`
	}{masked}
}
