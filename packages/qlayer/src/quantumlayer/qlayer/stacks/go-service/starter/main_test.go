package main

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"
)

func listening(t *testing.T) (net.Listener, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOST", "127.0.0.1")
	t.Setenv("PORT", port)
	t.Setenv("DATABASE_PATH", filepath.Join(t.TempDir(), "kept.db"))
	return listener, "http://" + net.JoinHostPort("127.0.0.1", port) + "/readyz"
}

func TestItServesUntilItIsToldToStop(t *testing.T) {
	listener, ready := listening(t)
	listener.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx) }()
	for until := time.Now().Add(10 * time.Second); probe(ready) != 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("it is not ready")
		}
	}

	stop()

	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if probe(ready) == 0 {
		t.Error("it still answers")
	}
}

func TestItSaysThatItsAddressIsTaken(t *testing.T) {
	listener, _ := listening(t)
	defer listener.Close()
	if err := serve(context.Background()); err == nil {
		t.Error("it serves where somebody else does")
	}
}

func TestItSaysThatItsDatabaseCannotBeOpened(t *testing.T) {
	listener, _ := listening(t)
	listener.Close()
	t.Setenv("DATABASE_PATH", t.TempDir())
	if err := serve(context.Background()); err == nil {
		t.Error("it serves without its data")
	}
}
