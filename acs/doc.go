// Package acs is the CWMP server (TR-069 3.7): it takes Informs, decides what
// each device is asked, and carries the conversation to its end.
//
// A POST walks through it like this. Server.ServeHTTP bounds the body, finds the
// session by cookie or connection, and authenticates the device before anything
// is decoded. engine.step then is a function of the session's state, the
// message and the clock: an Inform takes the device's lock and notes what it
// says; a response or fault goes back to the source that asked; after that the
// sources of work are asked in order for the next request, and when all are
// silent the session ends with 204.
//
// What must be stored when: before InformResponse, the lock, the events and the
// evidence that they are for open tasks; before the bytes of an RPC that is not
// a read, the intent to send it; before TransferCompleteResponse, its effect;
// before a task is announced finished, what it learnt.
//
// Session is plain data: encoded and decoded between any two requests, it goes
// on as if nothing had happened.
package acs
