package cpe

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	// maxOptions is how many options a device may have by vouchers.
	maxOptions = 64
	// maxVoucher bounds a voucher, in bytes.
	maxVoucher = 64 << 10
)

// voucherOption is an Option of a voucher (TR-069 Annex C). Of the signature around
// it a simulated device has no way to tell whether it is good.
type voucherOption struct {
	SerialNumber string `xml:"VSerialNum"`
	Device       struct {
		OUI          string
		SerialNumber string
	} `xml:"DeviceId"`
	Name          string `xml:"OptionIdent"`
	StartDate     string
	Duration      int
	DurationUnits string
	Mode          string
	Transferable  int
}

// setVouchers turns options on or off as vouchers say, all or none (TR-069 A.4.1.3).
// The caller holds mu.
func (d *Device) setVouchers(m *cwmp.SetVouchers) cwmp.Message {
	if len(m.VoucherList) == 0 {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "a voucher expected")
	}
	x := d.extra()
	options := slices.Clone(x.options)
	for _, text := range m.VoucherList {
		voucher, err := readVoucher(text)
		if err != nil {
			return cwmp.NewFault(cwmp.FaultInvalidArguments, "")
		}
		for _, o := range voucher {
			if o.Device.SerialNumber != "" && (o.Device.SerialNumber != d.id.SerialNumber || o.Device.OUI != d.id.OUI) {
				return cwmp.NewFault(cwmp.FaultRequestDenied, "a voucher of another device")
			}
			option, ok := o.option(d.config.Clock.Now())
			if !ok {
				return cwmp.NewFault(cwmp.FaultInvalidArguments, "")
			}
			options = slices.DeleteFunc(options, func(other cwmp.OptionStruct) bool { return other.OptionName == option.OptionName })
			options = append(options, option)
		}
	}
	if len(options) > maxOptions {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	x.options = options
	return &cwmp.SetVouchersResponse{}
}

// readVoucher finds the Option elements of a voucher; at least one.
func readVoucher(text string) ([]voucherOption, error) {
	content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, err
	}
	if len(content) > maxVoucher {
		return nil, errors.New("the voucher is too long")
	}
	var options []voucherOption
	decoder := xml.NewDecoder(strings.NewReader(string(content)))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && len(options) > 0 {
			return options, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "Option" {
			var o voucherOption
			if err := decoder.DecodeElement(&o, &start); err != nil {
				return nil, err
			}
			options = append(options, o)
		}
	}
}

// option is what the device shows of an option that a voucher grants.
func (o *voucherOption) option(now time.Time) (option cwmp.OptionStruct, ok bool) {
	serial, err := strconv.ParseUint(strings.TrimSpace(o.SerialNumber), 10, 32)
	if err != nil || o.Name == "" || len(o.Name) > 64 {
		return option, false
	}
	start := now
	if t := cwmp.ParseDateTime(strings.TrimSpace(o.StartDate)); t.Known() {
		start = t.Time
	}
	option = cwmp.OptionStruct{
		OptionName: o.Name, VoucherSN: int64(serial), StartDate: cwmp.NewDateTime(start), IsTransferable: min(max(o.Transferable, 0), 1),
	}
	switch strings.TrimSpace(o.Mode) {
	case "Disable":
	case "EnableWithoutExpiration":
		option.State, option.Mode = 1, 2
	case "EnableWithExpiration":
		option.State, option.Mode = 1, 1
		expires := start.AddDate(0, 0, o.Duration)
		if o.DurationUnits == "Months" {
			expires = start.AddDate(0, o.Duration, 0)
		}
		option.ExpirationDate = cwmp.NewDateTime(expires)
	default:
		return option, false
	}
	return option, true
}

// getOptions lists the options of a name, or all (TR-069 A.4.1.4). The caller holds
// mu.
func (d *Device) getOptions(m *cwmp.GetOptions) cwmp.Message {
	response := &cwmp.GetOptionsResponse{}
	if d.extras == nil {
		return response
	}
	for _, o := range d.extras.options {
		if m.OptionName == "" || m.OptionName == o.OptionName {
			response.OptionList = append(response.OptionList, o)
		}
	}
	return response
}
