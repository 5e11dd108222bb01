// Package device holds what Dialtone knows of a managed phone or gateway: its
// record, the identities by which the outside knows it, its CWMP parameters,
// the credentials issued to it and the state of its CWMP session.
//
// The record (Device) is small and is read and written by every session; the
// parameter tree lies beside it and is read only by who asks for it. Two ideas
// keep a session at two store round trips when there is nothing to do:
//
//   - SessionStore.Begin takes the device's lock, applies what the Inform says
//     and returns the record before and after, in one atomic operation;
//     SessionStore.End gives the lock back unless work is due.
//   - The work hint (Work) on the record says that tasks may be due, so that no
//     session asks the task queue in vain. A false hint costs one query.
//
// The generation of the session (Session.Generation) grows with every Begin and
// is part of every lease: a newer session of the same device fences off the
// older one at once.
package device
