// Package mongo is the store for many servers: MongoDB 6.0 or newer, on
// go.mongodb.org/mongo-driver/v2.
//
// What must be atomic is one operation on one document: a findAndModify where
// the change can be said in update operators, else a read and a write that
// names the version it read. No transaction, change stream, TTL index, partial
// index, $lookup or update pipeline is needed, so that a standalone server
// serves as well as a replica set.
//
// Times are stored as dates, the zero time not at all. All writes are
// acknowledged by a majority.
package mongo
