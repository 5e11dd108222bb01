//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// heldDownload is a phone that was told to download a file that it does not get
// until release is called.
type heldDownload struct {
	server  *server
	api     *client
	phone   *cpe.Device
	release func()
}

func newHeldDownload(t *testing.T, hooks func(s *server) cpe.Hooks) *heldDownload {
	t.Helper()
	s := serve(t, "--no-onboarding")
	h := &heldDownload{server: s, api: s.Client("admin")}
	held := make(chan struct{})
	h.release = sync.OnceFunc(func() { close(held) })
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		<-held
		_, _ = w.Write([]byte("<flat-profile/>"))
	}))
	t.Cleanup(files.Close)
	t.Cleanup(h.release)
	h.phone = s.startPhone(t, "HELD00001", func(c *cpe.Config) { c.Hooks = hooks(s) })
	id := h.api.arrive(h.phone).ID
	body := object{"kind": "download", "url": files.URL + "/phone.cfg", "fileType": cwmp.FileTypeConfiguration}
	h.api.Queue(id, body)
	h.phone.Inform()
	return h
}

// finish lets the file through, and then starts the server again.
func (h *heldDownload) finish(t *testing.T) taskRecord {
	t.Helper()
	h.release()
	waitPhone(t, h.phone, "has its file", func() bool { return len(h.phone.Files()) == 1 })
	h.server.Start()
	all := listAll[taskRecord](h.api, "tasks")
	if len(all) != 1 {
		t.Fatalf("%d tasks, want 1", len(all))
	}
	done := h.api.WaitTask(all[0].ID, "succeeded", "failed", "expired", "cancelled")
	if done.State != "succeeded" || !strings.Contains(string(done.Result), "TransferComplete") {
		t.Fatalf("the download is %s with result %s and fault %+v, want succeeded by TransferComplete", done.State, done.Result, done.Fault)
	}
	for execution, n := range h.phone.Executions() {
		if execution.Method == "Download" && (n != 1 || execution.CommandKey != done.ID+"-1") {
			t.Errorf("%+v was executed %d times", execution, n)
		}
	}
	return done
}

func TestASecondStartFinishesWhatTheFirstWasAskedFor(t *testing.T) {
	t.Run("the device had accepted the download", func(t *testing.T) {
		h := newHeldDownload(t, func(*server) cpe.Hooks { return cpe.Hooks{} })
		h.api.Eventually("the download is waiting", func() bool {
			all := listAll[taskRecord](h.api, "tasks")
			return len(all) == 1 && all[0].State == "waiting"
		})
		h.server.Kill()
		done := h.finish(t)
		if got := fmt.Sprint(done.states()); got != "[queued running waiting succeeded]" {
			t.Errorf("the task was %s", got)
		}
	})
	t.Run("the answer of the device was lost with the server", func(t *testing.T) {
		killed := make(chan struct{})
		h := newHeldDownload(t, func(s *server) cpe.Hooks {
			return cpe.Hooks{AfterRPC: func(request, _ cwmp.Message) error {
				if _, download := request.(*cwmp.Download); download {
					_ = s.command.Process.Kill()
					close(killed)
				}
				return nil
			}}
		})
		<-killed
		h.server.Kill()
		h.finish(t)
	})
}
