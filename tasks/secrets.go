package tasks

import (
	"encoding/json"
	"fmt"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// argsOwner is the owner for which the secrets among a task's arguments are
// sealed.
func argsOwner(id ID) string { return "task/" + string(id) }

// sealing is implemented by arguments that hold secrets: seal moves each from
// its clear field to its sealed one, open back.
type sealing interface {
	seal(sealer) error
	open(func(secret.Sealed) (string, error)) error
	// mask removes the secrets and says in the JSON that they are there.
	mask() any
	// sealed returns where the secrets are that are sealed.
	sealed() []*secret.Sealed
}

func (q *Queue) sealArgs(id ID, args Args) (json.RawMessage, error) {
	if s, ok := secretsOf(args); ok {
		err := s.seal(func(plain string) (secret.Sealed, error) {
			return q.keeper.Seal(secret.NewText(plain), argsOwner(id))
		})
		if err != nil {
			return nil, fmt.Errorf("seal arguments: %w", err)
		}
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return nil, fmt.Errorf("encode arguments: %w", err)
	}
	return raw, nil
}

// Opener opens sealed secrets.
type Opener interface {
	Open(sealed secret.Sealed, owner string) (secret.Text, error)
}

// OpenArgs returns the typed arguments of a task with their secrets in clear:
// only for what is sent to the device.
func (q *Queue) OpenArgs(t Task) (Args, error) { return OpenArgs(t, q.keeper) }

// OpenArgs returns the typed arguments of a task with their secrets in clear.
func OpenArgs(t Task, opener Opener) (Args, error) {
	args, err := t.Kind.decode(t.Args)
	if err != nil {
		return nil, err
	}
	s, ok := secretsOf(args)
	if !ok {
		return args, nil
	}
	err = s.open(func(sealed secret.Sealed) (string, error) {
		plain, err := opener.Open(sealed, argsOwner(t.ID))
		if err != nil {
			return "", err
		}
		return plain.Reveal(), nil
	})
	if err != nil {
		return nil, fmt.Errorf("open arguments: %w", err)
	}
	return args, nil
}

// MaskedArgs returns the arguments as they may be shown: where a secret is, the
// value is null and "secret" is true.
func (t *Task) MaskedArgs() (any, error) {
	args, err := t.Kind.decode(t.Args)
	if err != nil {
		return nil, err
	}
	if s, ok := secretsOf(args); ok {
		return s.mask(), nil
	}
	return args, nil
}

type maskedSetting struct {
	Path   string `json:"path"`
	Value  *Text  `json:"value"`
	Type   string `json:"type,omitempty"`
	Secret bool   `json:"secret,omitempty"`
}

func maskSettings(settings []ParameterSetting) []maskedSetting {
	masked := make([]maskedSetting, 0, len(settings))
	for _, s := range settings {
		m := maskedSetting{Path: s.Path, Type: s.Type, Secret: s.Sealed != "" || secret.NameIsSecret(s.Path)}
		if !m.Secret {
			m.Value = &s.Value
		}
		masked = append(masked, m)
	}
	return masked
}

func openSettings(settings []ParameterSetting, open func(secret.Sealed) (string, error)) error {
	for i := range settings {
		s := &settings[i]
		if s.Sealed == "" {
			continue
		}
		plain, err := open(s.Sealed)
		if err != nil {
			return err
		}
		s.Value, s.Sealed = Text(plain), ""
	}
	return nil
}

func (a *SetParameterValuesArgs) open(open func(secret.Sealed) (string, error)) error {
	return openSettings(a.Parameters, open)
}

func (a *SetParameterValuesArgs) sealed() []*secret.Sealed { return sealedSettings(a.Parameters) }

func (a *SetParameterValuesArgs) mask() any {
	return struct {
		Parameters      []maskedSetting `json:"parameters"`
		OnlyIfDifferent bool            `json:"onlyIfDifferent,omitempty"`
		ParameterKey    string          `json:"parameterKey,omitempty"`
	}{maskSettings(a.Parameters), a.OnlyIfDifferent, a.ParameterKey}
}

func (a *AddObjectArgs) open(open func(secret.Sealed) (string, error)) error {
	return openSettings(a.Parameters, open)
}

func (a *AddObjectArgs) sealed() []*secret.Sealed { return sealedSettings(a.Parameters) }

func (a *AddObjectArgs) mask() any {
	return struct {
		ObjectName string          `json:"objectName"`
		Parameters []maskedSetting `json:"parameters,omitempty"`
	}{a.ObjectName, maskSettings(a.Parameters)}
}

func (a *DownloadArgs) passwords() []passwordAt {
	return []passwordAt{{&a.Password, &a.SealedPassword}}
}

func (a *DownloadArgs) mask() any {
	shown := struct {
		FileType string `json:"fileType,omitempty"`
		File     string `json:"file,omitempty"`
		URL      string `json:"url,omitempty"`
		Username string `json:"username,omitempty"`
		// Password is null where there is one, and absent where there is none.
		Password       json.RawMessage `json:"password,omitempty"`
		Secret         bool            `json:"secret,omitempty"`
		TargetFileName string          `json:"targetFileName,omitempty"`
		DelaySeconds   int             `json:"delaySeconds,omitempty"`
	}{FileType: a.FileType, File: a.File, URL: a.URL, Username: a.Username, TargetFileName: a.TargetFileName, DelaySeconds: a.DelaySeconds}
	if a.SealedPassword != "" || a.Password != "" {
		shown.Password, shown.Secret = json.RawMessage("null"), true
	}
	return shown
}
