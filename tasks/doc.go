// Package tasks is the one way to act on a device: a task is one unit of work
// for one device, with a visible life, a result, a reason when it fails, and it
// is never lost and never silently run twice.
//
//	            Claim                 Wait
//	queued ──────────────► running ─────────► waiting
//	  ▲ │                   │ │ │                │ │
//	  │ │ retry, recovery   │ │ └── Succeed ◄────┤ │
//	  │ └───────────────────┘ └──── Fail    ◄────┘ │
//	  │                  Continue                  │
//	  ├────────────────────────────────────────────┘
//	  ├── Cancel ─► cancelled
//	  └── Expire ─► expired
//
// queued: nobody has it; it is claimed when it is due (NotBefore) and what it
// comes After has ended. running: a session has it on lease. waiting: the
// device accepted an asynchronous RPC, or may have, and its outcome has not
// arrived. succeeded, failed, expired and cancelled are final.
//
// A task of a kind whose end not every device tells (KindInfo.Ask) is continued:
// once the device says so, or after a while, it is queued for a session to ask
// whether it is done, and waits on if it is not, in the same attempt and until the
// same deadline. Such tasks take turns: while one is under way on a device, others of
// its kind stay queued behind it.
//
// Every transition is a pure function of the task and the time
// (transition.go); Store.Save writes the outcome by compare-and-set on
// Revision, so two who act on one task at once never both win. What a session
// is about to do that is not a read is saved as Flight before the bytes leave:
// after a crash, Recover decides from it what is safe to do again.
package tasks
