package cwmp

// GetOptions asks which options a device has by its vouchers (TR-069 A.4.1.4). Sent
// by the ACS; deprecated.
type GetOptions struct {
	// OptionName is the option, at most 64 characters; empty for all.
	OptionName string
}

// OptionStruct is one option of a device (TR-069 A.4.1.4).
type OptionStruct struct {
	OptionName string
	// VoucherSN is the serial number of the voucher.
	VoucherSN int64
	// State is 0 disabled, 1 enabled, 2 disabled and set up, 3 enabled and set
	// up.
	State int
	// Mode is 0 disabled, 1 enabled until ExpirationDate, 2 enabled for good.
	Mode int
	// StartDate is since when the option counts.
	StartDate DateTime
	// ExpirationDate is until when; without text if there is none, and not
	// written then.
	ExpirationDate DateTime
	// IsTransferable is 1 if the voucher may go to another device.
	IsTransferable int
}

// Method returns "GetOptions".
func (*GetOptions) Method() string { return "GetOptions" }

func (m *GetOptions) decode(e *element) { m.OptionName = e.child("OptionName").value() }

func (m *GetOptions) encode(w *writer) { w.text("OptionName", m.OptionName) }

// GetOptionsResponse answers GetOptions (TR-069 A.4.1.4).
type GetOptionsResponse struct {
	OptionList []OptionStruct
}

// Method returns "GetOptionsResponse".
func (*GetOptionsResponse) Method() string { return "GetOptionsResponse" }

func (m *GetOptionsResponse) decode(e *element) {
	list := e.child("OptionList")
	if list.count() == 0 {
		return
	}
	m.OptionList = make([]OptionStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.OptionList = append(m.OptionList, OptionStruct{
			OptionName:     c.child("OptionName").value(),
			VoucherSN:      c.child("VoucherSN").unsigned64(),
			State:          c.child("State").unsigned(),
			Mode:           c.child("Mode").integer(),
			StartDate:      c.child("StartDate").dateTime(),
			ExpirationDate: c.child("ExpirationDate").dateTime(),
			IsTransferable: c.child("IsTransferable").integer(),
		})
	}
}

func (m *GetOptionsResponse) encode(w *writer) {
	w.openArray("OptionList", "cwmp:OptionStruct", len(m.OptionList))
	for i := range m.OptionList {
		o := &m.OptionList[i]
		w.open("OptionStruct")
		w.text("OptionName", o.OptionName)
		w.number("VoucherSN", o.VoucherSN)
		w.number("State", int64(o.State))
		w.number("Mode", int64(o.Mode))
		w.dateTime("StartDate", o.StartDate)
		if o.ExpirationDate.Raw != "" {
			w.dateTime("ExpirationDate", o.ExpirationDate)
		}
		w.number("IsTransferable", int64(o.IsTransferable))
		w.close("OptionStruct")
	}
	w.close("OptionList")
}
