package acs

import "context"

type listenerKey struct{}

// WithListener returns a context that names the listener by which a request came,
// such as "cwmp" or "cwmp-legacy". It is for http.Server.BaseContext.
func WithListener(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, listenerKey{}, name)
}

// ListenerName returns the name of the listener by which the request of a context
// came, "" if it is not known.
func ListenerName(ctx context.Context) string {
	name, _ := ctx.Value(listenerKey{}).(string)
	return name
}
