// Package cpe is the other end of CWMP: simulated IP phones, one at a time or
// in fleets.
//
// A [Device] behaves as a Cisco 8800-series multiplatform phone would by TR-069:
// it informs, answers the RPCs of package cwmp, fetches files, goes away to
// reboot and comes back with the right events. It sends files, keeps deployment
// units, runs diagnostics whose results it makes up, and tells of itself what CWMP
// lets a device tell. It counts every RPC that it
// executed, so that a test can prove that nothing ran twice. A [Fleet] runs
// many of them in one process: devices of one model share one [Model] and hold
// only what differs from it.
package cpe
