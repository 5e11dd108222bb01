//go:build e2e

package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// sentFile is the result of an upload.
type sentFile struct {
	File string `json:"file"`
	Size int64  `json:"size"`
}

func TestAPhoneSendsItsLogToTheServer(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	id := c.arrive(s.startPhone(t, "UPLOAD01", nil)).ID
	var result sentFile
	c.Succeed(id, object{"kind": "upload", "fileType": "2 Vendor Log File"}, &result)
	if result.File == "" || result.Size == 0 {
		t.Fatalf("result = %+v", result)
	}
	content := c.Get("files/" + result.File + "/content").Want(http.StatusOK)
	if int64(len(content.Body)) != result.Size {
		t.Errorf("%d bytes, want %d", len(content.Body), result.Size)
	}
}

func TestAPhoneTestsItsNetworkWhetherOrNotItSaysThatItIsDone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	for name, silent := range map[string]bool{"TESTS01": false, "TESTS02": true} {
		id := c.arrive(s.startPhone(t, name, func(o *cpe.Config) { o.Quirks.NoDiagnosticsEvent = silent })).ID
		var ping struct{ SuccessCount, FailureCount int }
		c.Succeed(id, object{"kind": "ipPing", "host": "127.0.0.1", "numberOfRepetitions": 3}, &ping)
		if ping.SuccessCount+ping.FailureCount != 3 {
			t.Errorf("%s: ping = %+v", name, ping)
		}
		if silent {
			continue
		}
		var route struct{ Hops []struct{ Address string } }
		c.Succeed(id, object{"kind": "traceRoute", "host": "127.0.0.1"}, &route)
		if len(route.Hops) == 0 {
			t.Errorf("route = %+v", route)
		}
		var lookup struct{ Results []struct{ Status string } }
		c.Succeed(id, object{"kind": "nsLookup", "host": "localhost"}, &lookup)
		if len(lookup.Results) == 0 {
			t.Errorf("lookup = %+v", lookup)
		}
		var download struct{ TestBytesReceived int64 }
		c.Succeed(id, object{"kind": "downloadDiagnostics", "url": s.WebURL() + "/api/openapi.json"}, &download)
		if download.TestBytesReceived == 0 {
			t.Errorf("download = %+v", download)
		}
	}
}

func TestAPhoneDoesWhatIsScheduledAndWhatIsOptional(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	id := c.arrive(s.startPhone(t, "SCHEDULE01", nil)).ID
	c.Succeed(id, object{"kind": "scheduleInform", "delaySeconds": 1}, nil)
	c.upload("f.bin", firmwareType, noise(1, megabyte))
	c.Succeed(id, object{"kind": "scheduleDownload", "file": "f.bin", "windows": []object{{"startSeconds": 0, "endSeconds": 60, "mode": "2 Immediately"}}}, nil)
	for _, kind := range []string{"getQueuedTransfers", "getAllQueuedTransfers", "getOptions"} {
		c.Succeed(id, object{"kind": kind}, nil)
	}
	waiting := c.Queue(id, object{"kind": "download", "file": "f.bin", "delaySeconds": 3600})
	c.Succeed(id, object{"kind": "getRPCMethods"}, nil) // It calls the phone.
	c.WaitTask(waiting.ID, "waiting")
	c.Succeed(id, object{"kind": "cancelTransfer", "task": waiting.ID}, nil)
	c.WaitTask(waiting.ID, "cancelled")
	var changes struct{ Operations []struct{ State string } }
	c.Succeed(id, object{"kind": "changeDUState", "operations": []object{{"operation": "install", "url": s.WebURL() + "/api/openapi.json"}}}, &changes)
	if len(changes.Operations) != 1 || changes.Operations[0].State != "Installed" {
		t.Errorf("changes = %+v", changes)
	}
}

func TestAnRPCThatAPhoneLacksIsNotSent(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	phone := s.startPhone(t, "LACKS01", func(o *cpe.Config) { o.Quirks.Unsupported = []string{"Upload"} })
	task := c.Run(c.arrive(phone).ID, object{"kind": "upload", "fileType": "2 Vendor Log File"})
	if task.State != "failed" || task.Fault.Reason != "notSupported" || !strings.Contains(task.Fault.String, "Upload") {
		t.Errorf("task is %s: %+v", task.State, task.Fault)
	}
}
