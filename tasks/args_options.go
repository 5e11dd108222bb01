package tasks

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

const (
	// MaxVouchers bounds SetVouchersArgs.Vouchers.
	MaxVouchers = 16
	// MaxVendorBody is how many bytes VendorRPCArgs.Body may have.
	MaxVendorBody = 64 << 10
)

// SetVouchersArgs are the arguments of SetVouchers (TR-069 A.4.1.3).
type SetVouchersArgs struct {
	// Vouchers are signed XML documents (TR-069 Annex C) in base64.
	Vouchers []string `json:"vouchers"`
}

// Validate checks that there are vouchers and that they are base64.
func (a *SetVouchersArgs) Validate() error {
	if len(a.Vouchers) < 1 || len(a.Vouchers) > MaxVouchers {
		return &ArgumentError{Field: "vouchers", Message: fmt.Sprintf("must have 1 to %d vouchers", MaxVouchers)}
	}
	for i, voucher := range a.Vouchers {
		if raw, err := base64.StdEncoding.DecodeString(voucher); err != nil || len(raw) == 0 {
			return &ArgumentError{Field: fmt.Sprintf("vouchers[%d]", i), Message: "must be base64 with padding, and not empty"}
		}
	}
	return nil
}

// GetOptionsArgs are the arguments of GetOptions (TR-069 A.4.1.4).
type GetOptionsArgs struct {
	// OptionName names one option; empty asks for all.
	OptionName string `json:"optionName,omitempty"`
}

// Validate checks the length of the name.
func (a *GetOptionsArgs) Validate() error { return checkLength("optionName", a.OptionName, 64) }

// VendorRPCArgs are the arguments of VendorRPC: an RPC of a vendor's own (TR-069
// A.3.1.1).
type VendorRPCArgs struct {
	// Name is X_<OUI>_<name> or X_<VENDOR>_<name>.
	Name string `json:"name"`
	// Body is the XML inside the element of the RPC, sent as it is; it may be
	// empty. It is no place for secrets: it is kept and shown in clear.
	Body string `json:"body,omitempty"`
}

var vendorName = regexp.MustCompile(`^X_[A-Za-z0-9-]+_[A-Za-z0-9_-]+$`)

// Validate checks that the RPC can be one of a vendor, and that the body is well
// formed. What namespaces it uses is checked when it is sent.
func (a *VendorRPCArgs) Validate() error {
	if len(a.Name) > 64 || !vendorName.MatchString(a.Name) || strings.HasSuffix(a.Name, "Response") {
		return &ArgumentError{Field: "name", Message: "must be X_<OUI>_<name> or X_<VENDOR>_<name>, not end in Response, and have at most 64 characters"}
	}
	if len(a.Body) > MaxVendorBody {
		return &ArgumentError{Field: "body", Message: fmt.Sprintf("must have at most %d bytes", MaxVendorBody)}
	}
	if err := checkText("body", a.Body); err != nil {
		return err
	}
	if err := wellFormed(a.Body); err != nil {
		return &ArgumentError{Field: "body", Message: "must be well-formed XML: " + err.Error()}
	}
	return nil
}

// wellFormed checks text that is to stand inside an element.
func wellFormed(text string) error {
	decoder := xml.NewDecoder(strings.NewReader("<a>" + text + "</a>"))
	decoder.Strict = true
	for depth := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("it cannot be read")
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth == 0 && decoder.InputOffset() != int64(len(text)+len("<a></a>")) {
				return errors.New("an element ends that did not begin")
			}
		case xml.Comment, xml.ProcInst, xml.Directive:
			return errors.New("comments, processing instructions and declarations are not allowed")
		}
	}
}
