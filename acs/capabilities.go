package acs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

const (
	// methodsFor is how long it is believed what a model said of its RPCs.
	methodsFor = 30 * 24 * time.Hour
	// maxMethods bounds what is kept of a model's RPCs.
	maxMethods = 256
)

// optionalKinds returns the RPCs of the kinds whose RPC a device may lack (TR-069
// A.3, A.4). Vendors' RPCs are not among them: who sends one knows the model, and
// not every device lists its own.
func optionalKinds() map[tasks.Kind]cwmp.MethodInfo {
	all := map[tasks.Kind]cwmp.MethodInfo{}
	for _, m := range cwmp.Methods() {
		if m.Optional && m.From != cwmp.FromCPE {
			all[tasks.Kind(strings.ToLower(m.Name[:1])+m.Name[1:])] = m
		}
	}
	return all
}

// nextOf returns what the job does next. Before an RPC that a device may lack is
// sent to a model for the first time, the device is asked which ones it knows.
func (t *taskSource) nextOf(ctx context.Context, s *Session, w *work) (action, error) {
	if s.Job.Capable || w.task.Flight != nil {
		return s.Job.live.next(ctx, w)
	}
	m, ok := t.optional[w.task.Kind]
	if !ok {
		s.Job.Capable = true
		return s.Job.live.next(ctx, w)
	}
	lack, known := w.limits.capable(m, s.Version, w.now)
	if lack != "" {
		// Another node may have learnt otherwise since.
		if err := w.limits.reread(ctx); err != nil {
			return action{}, err
		}
		lack, known = w.limits.capable(m, s.Version, w.now)
	}
	switch {
	case lack != "":
		return failedFor(tasks.Fault{Reason: tasks.NotSupported, String: lack}), nil
	case !known:
		s.Job.AskingMethods = true
		return read(&cwmp.GetRPCMethods{}), nil
	default:
		s.Job.Capable = true
		return s.Job.live.next(ctx, w)
	}
}

// methodsTold notes which RPCs the device says that it knows. One that does not say
// is tried.
func (t *taskSource) methodsTold(ctx context.Context, s *Session, w *work, m cwmp.Message) error {
	s.Job.AskingMethods = false
	var list []string
	if answer, ok := m.(*cwmp.GetRPCMethodsResponse); ok {
		list = answer.MethodList
	}
	return w.limits.learnMethods(ctx, list, w.now)
}

// noteLack notes that the device answered that it does not know the RPC of the
// task.
func (t *taskSource) noteLack(ctx context.Context, w *work, code int) error {
	m, ok := t.optional[w.task.Kind]
	if !ok || code != cwmp.FaultMethodNotSupported {
		return nil
	}
	return w.limits.learnLack(ctx, m.Name, w.now)
}

// capable says in words why the model is not sent an RPC, or "". known says that it
// need not be asked first.
func (l *limitsOf) capable(m cwmp.MethodInfo, version string, now time.Time) (lack string, known bool) {
	fresh := !l.limits.MethodsAt.IsZero() && now.Before(l.limits.MethodsAt.Add(methodsFor))
	when := l.limits.MethodsAt.Format(time.DateOnly)
	switch {
	case slices.Contains(l.behaviour.Lacks, m.Name):
		return fmt.Sprintf("%s lacks %s, as a quirk profile says", l.model(), m.Name), true
	case fresh && slices.Contains(l.limits.Lacks, m.Name):
		return fmt.Sprintf("%s answers %s with fault 9000, as was learnt since %s; a getRPCMethods task makes it be tried again", l.model(), m.Name, when), true
	case fresh && slices.Contains(l.limits.Methods, m.Name):
		return "", true
	case fresh && len(l.limits.Methods) > 0:
		return fmt.Sprintf("%s does not know %s: by what it said on %s it has no such RPC", l.model(), m.Name, when), true
	case version != "" && !cwmp.AtLeast(version, m.Since):
		return fmt.Sprintf("%s speaks CWMP %s, and %s came with %s; if it knows it all the same, a getRPCMethods task shows it", l.model(), version, m.Name, m.Since), true
	default:
		return "", fresh
	}
}

// model names the model in words.
func (l *limitsOf) model() string {
	text := strings.TrimSpace(l.key.Manufacturer + " " + l.key.ProductClass)
	if l.key.SoftwareVersion != "" {
		text += " with firmware " + l.key.SoftwareVersion
	}
	return text
}

// learnMethods notes the RPCs that the model says it knows, none if it does not
// say. It is to be believed more than what was learnt before.
func (l *limitsOf) learnMethods(ctx context.Context, list []string, now time.Time) error {
	methods := make([]string, 0, min(len(list), maxMethods))
	for _, name := range list[:min(len(list), maxMethods)] {
		methods = append(methods, clip(strings.TrimSpace(name)))
	}
	if slices.Equal(methods, l.limits.Methods) && len(l.limits.Lacks) == 0 && now.Before(l.limits.MethodsAt.Add(methodsFor/2)) {
		return nil
	}
	l.limits.Methods, l.limits.Lacks, l.limits.MethodsAt = methods, nil, now
	return l.save(ctx)
}

// learnLack notes that the model answered that it does not know an RPC.
func (l *limitsOf) learnLack(ctx context.Context, method string, now time.Time) error {
	if slices.Contains(l.limits.Lacks, method) {
		return nil
	}
	l.limits.Lacks = append(slices.Clone(l.limits.Lacks), method)
	if l.limits.MethodsAt.IsZero() {
		l.limits.MethodsAt = now
	}
	return l.save(ctx)
}

// reread takes what the store has of the model.
func (l *limitsOf) reread(ctx context.Context) error {
	limits, err := l.all.store.ModelLimits(ctx, l.key)
	if err != nil {
		return fmt.Errorf("read limits of the model: %w", err)
	}
	l.limits = limits
	l.all.keep(l.key, limits)
	return nil
}
