package mapping

// The reasons for which a setting is not carried, beside those that name values.
const (
	reasonLacking  = "the device has no parameter for it"
	reasonReadOnly = "the device does not let it be changed"
	reasonShared   = "the device has one such parameter for several accounts, and the first of them has another value"
	reasonTaken    = "another setting has the same parameter"
	reasonNoPath   = "it is no path of a parameter"
)

// reasonAlone says that a setting is carried only beside another, which has no value.
func reasonAlone(missing string) string {
	return "the device takes it only together with " + missing + ", which has no value"
}

// reasonOfOther says that a setting is not carried because another is not.
func reasonOfOther(path string) string {
	return "it goes together with " + path + ", which the device cannot be given by a parameter"
}
