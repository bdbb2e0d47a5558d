package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tanyanetral/store/bolt"
)

// monitor serves health and metrics, and nothing else.
type monitor struct {
	address string
	http    *http.Server
	serves  sync.WaitGroup
}

// startMonitor serves on an address until Close.
func startMonitor(address string, health func() error, metrics prometheus.Gatherer) (*monitor, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("alamat --http %s tidak dapat dipakai: %w", address, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if err := health(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	m := &monitor{address: listener.Addr().String(), http: &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // what strangers send is their business
	}}
	m.serves.Go(func() { _ = m.http.Serve(listener) }) // ends with http.ErrServerClosed
	return m, nil
}

// Close cuts off whoever is still reading. A nil monitor needs no Close.
func (m *monitor) Close() error {
	if m == nil {
		return nil
	}
	defer m.serves.Wait()
	return m.http.Close()
}

// newMetrics returns what is measured of the program and its state file; the channel adds its own.
func newMetrics(state *bolt.Store) *prometheus.Registry {
	gauge := func(name, help string, value func(bolt.Stats) int64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "tanyanetral", Name: name, Help: help}, func() float64 {
			stats, _ := state.Stats() // zero where the file cannot be looked at
			return float64(value(stats))
		})
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector(),
		gauge("state_file_bytes", "Size of the state file.", func(s bolt.Stats) int64 { return s.Size }),
		gauge("state_free_bytes", "Bytes of the state file in pages that are free.", func(s bolt.Stats) int64 { return s.Free }),
	)
	return registry
}
