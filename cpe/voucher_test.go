package cpe

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// voucher is a voucher as of TR-069 Annex C, without what is not looked at.
func voucher(options ...string) string {
	text := `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">`
	for _, o := range options {
		text += `<Object Id="OptionObject"><Option>` + o + `</Option></Object>`
	}
	return base64.StdEncoding.EncodeToString([]byte(text + `</Signature>`))
}

const recording = `<VSerialNum>7</VSerialNum><DeviceId><OUI>000E08</OUI><SerialNumber>FCH2401TEST</SerialNumber></DeviceId><OptionIdent>Recording</OptionIdent>` +
	`<StartDate>2026-01-31T00:00:00Z</StartDate><Duration>2</Duration><DurationUnits>Months</DurationUnits><Mode>EnableWithExpiration</Mode><Transferable>1</Transferable>`

func vouchers(list ...string) *cwmp.SetVouchers { return &cwmp.SetVouchers{VoucherList: list} }

func TestVouchersTurnOptionsOnAndOff(t *testing.T) {
	d := newTestDevice(t, testConfig(nil))
	paging := `<VSerialNum>8</VSerialNum><OptionIdent>Paging</OptionIdent><StartDate>2026-01-31T00:00:00Z</StartDate><Mode>EnableWithoutExpiration</Mode>`
	begin := cwmp.NewDateTime(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC))
	if got := summary(d.execute(vouchers(voucher(recording, paging)))); got != "*cwmp.SetVouchersResponse &{}" {
		t.Fatal(got)
	}
	want := &cwmp.GetOptionsResponse{OptionList: []cwmp.OptionStruct{
		{OptionName: "Recording", VoucherSN: 7, State: 1, Mode: 1, StartDate: begin, ExpirationDate: cwmp.NewDateTime(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)), IsTransferable: 1},
		{OptionName: "Paging", VoucherSN: 8, State: 1, Mode: 2, StartDate: begin},
	}}
	if diff := cmp.Diff(cwmp.Message(want), d.execute(&cwmp.GetOptions{})); diff != "" {
		t.Error(diff)
	}
	d.execute(vouchers(voucher(strings.Replace(paging, "EnableWithoutExpiration", "Disable", 1))))
	paged := d.execute(&cwmp.GetOptions{OptionName: "Paging"}).(*cwmp.GetOptionsResponse).OptionList
	if len(paged) != 1 || paged[0].State != 0 || paged[0].Mode != 0 {
		t.Errorf("after it was disabled: %+v", paged)
	}
	if none := d.execute(&cwmp.GetOptions{OptionName: "None"}).(*cwmp.GetOptionsResponse); len(none.OptionList) != 0 {
		t.Errorf("%+v", none)
	}
}

func TestVouchersThatMakeNoSenseChangeNothing(t *testing.T) {
	for name, test := range map[string]struct {
		request *cwmp.SetVouchers
		want    string
	}{
		"none":                {vouchers(), "fault 9003"},
		"no base64":           {vouchers("!"), "fault 9003"},
		"no XML":              {vouchers(base64.StdEncoding.EncodeToString([]byte("<a"))), "fault 9003"},
		"no option":           {vouchers(voucher()), "fault 9003"},
		"no serial number":    {vouchers(voucher(recording), voucher("<OptionIdent>a</OptionIdent><Mode>Disable</Mode>")), "fault 9003"},
		"an unknown mode":     {vouchers(voucher(strings.Replace(recording, "EnableWithExpiration", "Sometimes", 1))), "fault 9003"},
		"of another device":   {vouchers(voucher(strings.Replace(recording, "FCH2401TEST", "OTHER", 1))), "fault 9001"},
		"longer than allowed": {vouchers(base64.StdEncoding.EncodeToString(make([]byte, maxVoucher+1))), "fault 9003"},
	} {
		d := newTestDevice(t, testConfig(nil))
		if got := summary(d.execute(test.request)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if left := d.execute(&cwmp.GetOptions{}).(*cwmp.GetOptionsResponse); len(left.OptionList) != 0 {
			t.Errorf("%s: %+v", name, left)
		}
	}
}
