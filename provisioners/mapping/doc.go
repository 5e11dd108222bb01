// Package mapping turns settings into the parameters of CWMP devices (TR-104 of both
// generations, TR-106, TR-098, TR-181). What is mapped to what is data: the file cwmp.yaml
// of a vendor pack. Nothing here speaks to a device: what a device has is told to it.
package mapping
