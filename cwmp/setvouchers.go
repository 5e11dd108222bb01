package cwmp

// SetVouchers hands vouchers to a device, which turn options on or off (TR-069
// A.4.1.3). Sent by the ACS; deprecated.
type SetVouchers struct {
	// VoucherList is the vouchers, each a signed XML document (TR-069 Annex C)
	// in base64.
	VoucherList []string
}

// Method returns "SetVouchers".
func (*SetVouchers) Method() string { return "SetVouchers" }

func (m *SetVouchers) decode(e *element) { m.VoucherList = e.child("VoucherList").tokens() }

func (m *SetVouchers) encode(w *writer) {
	w.openArray("VoucherList", prefixEncoding+":base64", len(m.VoucherList))
	for _, v := range m.VoucherList {
		w.text("base64", v)
	}
	w.close("VoucherList")
}

// SetVouchersResponse answers SetVouchers (TR-069 A.4.1.3).
type SetVouchersResponse struct{}

// Method returns "SetVouchersResponse".
func (*SetVouchersResponse) Method() string { return "SetVouchersResponse" }

func (*SetVouchersResponse) decode(*element) {}
func (*SetVouchersResponse) encode(*writer)  {}
