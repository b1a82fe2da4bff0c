package wire

import (
	"context"
	"strconv"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const (
	guestService = "highwater.Plugin"
	hostService  = "highwater.Host"
	connect      = "connect" // takes the number under which the broker finds the host
)

// service describes a service with a method for each function.
func service(name string, functions ...string) *grpc.ServiceDesc {
	d := &grpc.ServiceDesc{ServiceName: name, HandlerType: (*Callee)(nil)}
	for _, f := range functions {
		d.Methods = append(d.Methods, grpc.MethodDesc{MethodName: f, Handler: handler(f)})
	}
	return d
}

func handler(function string) func(any, context.Context, func(any) error, grpc.UnaryServerInterceptor) (any, error) {
	return func(callee any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		in := new(wrapperspb.StringValue)
		if err := decode(in); err != nil {
			return nil, err
		}
		out, err := callee.(Callee).Call(function, in.Value)
		if err != nil {
			return nil, err
		}
		return wrapperspb.String(out), nil
	}
}

func invoke(ctx context.Context, conn *grpc.ClientConn, service, function, argument string) (string, error) {
	out := new(wrapperspb.StringValue)
	err := conn.Invoke(ctx, "/"+service+"/"+function, wrapperspb.String(argument), out)
	return out.Value, err
}

// GRPC is the plugin on both sides.
type GRPC struct {
	plugin.NetRPCUnsupportedPlugin

	// New makes the plugin, in its own process. Ask reaches the host.
	New func(ask func(question string) (string, error)) Callee
}

// GRPCServer is called in the plugin's process.
func (g *GRPC) GRPCServer(broker *plugin.GRPCBroker, s *grpc.Server) error {
	c := &guest{broker: broker}
	c.Callee = g.New(c.ask)
	s.RegisterService(service(guestService,
		connect, "init", "transform", "event", "status", "hold", "peek", "ask", "spin", "crash"), c)
	return nil
}

// GRPCClient is called in the host's process, and returns a *Conn.
func (g *GRPC) GRPCClient(_ context.Context, broker *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return &Conn{broker: broker, conn: conn}, nil
}

// guest is a plugin that may have a connection to its host.
type guest struct {
	Callee
	broker *plugin.GRPCBroker
	host   *grpc.ClientConn
}

func (g *guest) Call(function, argument string) (string, error) {
	if function != connect {
		return g.Callee.Call(function, argument)
	}
	id, err := strconv.ParseUint(argument, 10, 32)
	if err == nil {
		g.host, err = g.broker.Dial(uint32(id))
	}
	return "", err
}

func (g *guest) ask(question string) (string, error) {
	if g.host == nil {
		return "", errNoHost
	}
	return invoke(context.Background(), g.host, hostService, "ask", question)
}

// Conn is the host's connection to a plugin.
type Conn struct {
	broker *plugin.GRPCBroker
	conn   *grpc.ClientConn
}

// Call calls a function of the plugin.
func (c *Conn) Call(ctx context.Context, function, argument string) (string, error) {
	return invoke(ctx, c.conn, guestService, function, argument)
}

// Serve answers the plugin's questions, until the connection is closed.
func (c *Conn) Serve(ctx context.Context, answer func(context.Context, string) (string, error)) error {
	id := c.broker.NextId()
	go c.broker.AcceptAndServe(id, func(opts []grpc.ServerOption) *grpc.Server {
		s := grpc.NewServer(opts...)
		s.RegisterService(service(hostService, "ask"), answerer(answer))
		return s
	})
	_, err := c.Call(ctx, connect, strconv.FormatUint(uint64(id), 10))
	return err
}

// answerer is the host as the plugin sees it.
type answerer func(context.Context, string) (string, error)

func (a answerer) Call(_, question string) (string, error) { return a(context.Background(), question) }
