// Package sqlite is the embedded store: one SQLite file in WAL mode with
// synchronous=FULL, written by one connection and read by several.
//
// Writes are committed in groups. One goroutine, owned by the Store, takes the
// closures that wait in a bounded queue, runs them in one transaction and
// commits once, so that a hundred sessions pay for one fsync. A method that
// writes returns only after that commit: what it reported is on disk.
//
// A caller whose context ends before its closure was begun gets the context's
// error and nothing was written. Once begun, the closure is carried through and
// the caller gets its real outcome, whatever became of the context: nobody is
// told "cancelled" of something that was committed.
//
// Closures check before they write, so a domain error (ErrNotFound, ErrConflict
// and the like) leaves nothing behind and does not disturb its neighbours. On
// an error of the database the whole group is rolled back and each closure is
// run again in a transaction of its own, so that the error meets only who
// caused it; closures therefore have no effects beside the database and their
// result.
package sqlite
