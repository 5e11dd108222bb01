package acs

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestADownloadFromElsewhereHasItsCredentialsAndNoSize(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.Download, `{"fileType":"3 Vendor Configuration File","url":"https://files.example.net/a.cfg","username":"u","password":"hunter2","targetFileName":"b.cfg","delaySeconds":60}`)
	if strings.Contains(string(f.reload(task).Args), "hunter2") {
		t.Error("the task keeps the password in clear")
	}
	var sent *cwmp.Download
	p.session(func(m cwmp.Message) cwmp.Message {
		sent = m.(*cwmp.Download)
		return &cwmp.DownloadResponse{Status: 1}
	}, "2 PERIODIC")
	// SuccessURL and FailureURL are of no use to a phone, and empty.
	want := &cwmp.Download{CommandKey: sent.CommandKey, FileType: "3 Vendor Configuration File", URL: "https://files.example.net/a.cfg", Username: "u", Password: "hunter2", TargetFileName: "b.cfg", DelaySeconds: 60}
	if diff := cmp.Diff(want, sent); diff != "" || sent.CommandKey == "" {
		t.Error(diff)
	}
}

func TestADownloadThatIsUnderWayIsNotSentAgain(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.Download, `{"file":"fw.bin"}`)
	var key string
	p.session(func(m cwmp.Message) cwmp.Message {
		key = m.(*cwmp.Download).CommandKey
		return &cwmp.DownloadResponse{Status: 1}
	}, "2 PERIODIC")
	// It may inform, restart and even show the new version before it tells.
	for _, events := range [][]string{{"2 PERIODIC"}, {"4 VALUE CHANGE"}, {"6 CONNECTION REQUEST"}, {"1 BOOT"}, {"1 BOOT", "4 VALUE CHANGE"}} {
		f.clock.advance(time.Minute)
		inform := p.inform(events...)
		inform.ParameterList[0].Value = "12.0.5"
		p.send(inform, nil)
		if asked := p.work(nil); len(asked) != 0 {
			t.Fatalf("%v: asked %v", events, asked)
		}
		f.want(task, tasks.Waiting)
	}
	p.open("7 TRANSFER COMPLETE", "M Download")
	// A clock that was never set, and a success.
	p.send(&cwmp.TransferComplete{CommandKey: key, StartTime: cwmp.ParseDateTime(cwmp.UnknownTime), CompleteTime: cwmp.ParseDateTime("0001-01-01T00:00:00+00:00")}, nil)
	got := f.want(task, tasks.Succeeded)
	if string(got.Result) != `{"evidence":"TransferComplete"}` || len(got.Attempts) != 1 {
		t.Errorf("result = %s after %d attempts", got.Result, len(got.Attempts))
	}
}

func TestATransferMayBeCompleteInTheSessionOfItsDownload(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.Download, `{"file":"a.cfg"}`)
	next := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	key := request.Message.(*cwmp.Download).CommandKey
	request = p.send(&cwmp.DownloadResponse{Status: 1}, request)
	if answer := p.send(&cwmp.TransferComplete{CommandKey: key}, nil); answer.Message.Method() != "TransferCompleteResponse" {
		t.Fatalf("answered with %s", answer.Message.Method())
	}
	f.want(task, tasks.Succeeded)
	p.send(&cwmp.GetRPCMethodsResponse{}, request)
	f.want(next, tasks.Succeeded)
}
