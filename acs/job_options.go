package acs

import (
	"context"
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// setVouchersJob gives the device vouchers (TR-069 A.4.1.3). A voucher that is given
// twice has no other effect, so that after a lost answer it is sent again.
type setVouchersJob struct {
	Done    bool
	Failure *tasks.Fault
}

func (j *setVouchersJob) next(_ context.Context, w *work) (action, error) {
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		return succeeded(struct{}{}), nil
	default:
		return idempotent(&cwmp.SetVouchers{VoucherList: w.args.(*tasks.SetVouchersArgs).Vouchers}), nil
	}
}

func (j *setVouchersJob) answer(context.Context, *work, cwmp.Message) error {
	j.Done = true
	return nil
}

func (j *setVouchersJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *setVouchersJob) resume(tasks.Flight) {}

// getOptionsJob asks which options vouchers enabled (TR-069 A.4.1.4).
type getOptionsJob struct {
	Done    bool
	Options []tasks.DeviceOption
	Failure *tasks.Fault
}

func (j *getOptionsJob) next(_ context.Context, w *work) (action, error) {
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		return succeeded(tasks.GetOptionsResult{Options: slices.Concat([]tasks.DeviceOption{}, j.Options)}), nil
	default:
		return read(&cwmp.GetOptions{OptionName: w.args.(*tasks.GetOptionsArgs).OptionName}), nil
	}
}

func (j *getOptionsJob) answer(_ context.Context, _ *work, m cwmp.Message) error {
	list := m.(*cwmp.GetOptionsResponse).OptionList
	j.Done = true
	for _, o := range list[:min(len(list), tasks.MaxOptions)] {
		j.Options = append(j.Options, tasks.DeviceOption{
			Name: o.OptionName, VoucherSerial: o.VoucherSN, State: o.State, Mode: o.Mode, StartDate: timeText(o.StartDate), ExpirationDate: timeText(o.ExpirationDate),
			Transferable: o.IsTransferable != 0,
		})
	}
	return nil
}

func (j *getOptionsJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *getOptionsJob) resume(tasks.Flight) {}

// vendorRPCJob sends an RPC of the vendor. Nothing is known of what it does: after a
// lost answer it is not sent again.
type vendorRPCJob struct {
	Result  *tasks.VendorRPCResult
	Failure *tasks.Fault
}

func (j *vendorRPCJob) next(_ context.Context, w *work) (action, error) {
	args := w.args.(*tasks.VendorRPCArgs)
	switch {
	case j.Failure != nil:
		return failedFor(*j.Failure), nil
	case j.Result != nil:
		return succeeded(*j.Result), nil
	}
	if err := cwmp.CheckVendorRPC(args.Name, args.Body); err != nil {
		return failedFor(tasks.Fault{Reason: tasks.Internal, String: "the RPC cannot be sent: " + err.Error()}), nil
	}
	return unsafe(&cwmp.VendorRPC{Name: args.Name, Body: args.Body}), nil
}

func (j *vendorRPCJob) answer(_ context.Context, _ *work, m cwmp.Message) error {
	j.Result = &tasks.VendorRPCResult{Name: m.Method()}
	if answer, ok := m.(*cwmp.Unknown); ok {
		j.Result.Body, j.Result.Dropped = answer.Content, answer.ContentDropped
	}
	return nil
}

func (j *vendorRPCJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *vendorRPCJob) resume(tasks.Flight) {}
