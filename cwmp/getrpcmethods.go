package cwmp

// GetRPCMethods asks which RPCs the other side knows (TR-069 A.3.1.1). Sent by
// either side.
type GetRPCMethods struct{}

// Method returns "GetRPCMethods".
func (*GetRPCMethods) Method() string { return "GetRPCMethods" }

func (*GetRPCMethods) decode(*element) {}
func (*GetRPCMethods) encode(*writer)  {}

// GetRPCMethodsResponse answers GetRPCMethods (TR-069 A.3.1.1).
type GetRPCMethodsResponse struct {
	// MethodList is the names of the RPCs that the sender implements.
	MethodList []string
}

// Method returns "GetRPCMethodsResponse".
func (*GetRPCMethodsResponse) Method() string { return "GetRPCMethodsResponse" }

func (m *GetRPCMethodsResponse) decode(e *element) { m.MethodList = e.child("MethodList").tokens() }

func (m *GetRPCMethodsResponse) encode(w *writer) { w.strings("MethodList", m.MethodList) }
