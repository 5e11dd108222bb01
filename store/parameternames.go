package store

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// parameterNames are the long lists of a DataModel.
type parameterNames struct {
	Names          []provisioners.ParameterName `json:"names,omitempty"`
	NoNotification []string                     `json:"noNotification,omitempty"`
}

// maxParameterNames bounds the JSON of the long lists, in bytes: it is some times what
// provisioners.MaxParameterNames of the longest paths take (TR-069 A.3.2.3: 256
// characters).
const maxParameterNames = 64 << 20

var errParameterNames = errors.New("stored parameter names are damaged")

// EncodeParameterNames returns Names and NoNotification of a data model as stores keep
// them: JSON, compressed by DEFLATE (RFC 1951), as most paths begin like their
// neighbour. It is empty, and not nil, if both are. The error of lists that are too
// long wraps device.ErrLimit.
func EncodeParameterNames(m *provisioners.DataModel) ([]byte, error) {
	if len(m.Names)+len(m.NoNotification) == 0 {
		return []byte{}, nil
	}
	raw, err := json.Marshal(parameterNames{Names: m.Names, NoNotification: m.NoNotification})
	if err != nil {
		return nil, fmt.Errorf("encode parameter names: %w", err)
	}
	if len(raw) > maxParameterNames {
		return nil, fmt.Errorf("%w: parameter names of %d bytes, at most %d", device.ErrLimit, len(raw), maxParameterNames)
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("compress parameter names: %w", err)
	}
	return packed.Bytes(), nil
}

// DecodeParameterNames sets Names and NoNotification of a data model to what
// EncodeParameterNames returned. It returns an error for anything else.
func DecodeParameterNames(packed []byte, m *provisioners.DataModel) error {
	m.Names, m.NoNotification = nil, nil
	if len(packed) == 0 {
		return nil
	}
	r := flate.NewReader(bytes.NewReader(packed))
	raw, err := io.ReadAll(io.LimitReader(r, maxParameterNames+1))
	if err != nil || len(raw) > maxParameterNames {
		return errors.Join(errParameterNames, err)
	}
	var names parameterNames
	if err := json.Unmarshal(raw, &names); err != nil {
		return errors.Join(errParameterNames, err)
	}
	m.Names, m.NoNotification = names.Names, names.NoNotification
	return nil
}
