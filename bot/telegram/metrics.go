package telegram

import "github.com/prometheus/client_golang/prometheus"

// metrics are what the channel counts. None has a person in it.
type metrics struct {
	updates     *prometheus.CounterVec // by kind
	replies     *prometheus.CounterVec // by outcome
	latency     prometheus.Histogram
	sent        prometheus.Counter
	retried     prometheus.Counter
	tooMany     prometheus.Counter
	unreachable prometheus.Counter
	refused     prometheus.Counter
	flooded     prometheus.Counter
	defects     prometheus.Counter
	panics      prometheus.Counter
	unsaved     prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer, c *Channel) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "tanyanetral", Name: name, Help: help})
	}
	vector := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "tanyanetral", Name: name, Help: help}, []string{label})
	}
	gauge := func(name, help string, f func() float64) prometheus.GaugeFunc {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "tanyanetral", Name: name, Help: help}, f)
	}
	m := &metrics{
		updates: vector("updates_total", "Updates fetched, by what they were.", "kind"),
		replies: vector("replies_total", "Events answered, by outcome.", "outcome"),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "tanyanetral", Name: "reply_seconds", Help: "Time from fetching an update to its accepted reply.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300},
		}),
		sent:        counter("messages_sent_total", "Messages that Telegram accepted."),
		retried:     counter("messages_retried_total", "Attempts to send that failed for the moment."),
		tooMany:     counter("too_many_requests_total", "Answers 429 of Telegram."),
		unreachable: counter("recipients_unreachable_total", "Messages to chats that are blocked, deleted or gone."),
		refused:     counter("messages_refused_total", "Messages that Telegram refused for good."),
		flooded:     counter("messages_ignored_total", "Messages left unanswered because somebody wrote too many."),
		defects:     counter("markup_defects_total", "Messages whose markup Telegram could not parse."),
		panics:      counter("panics_total", "Panics over an update."),
		unsaved:     counter("updates_unsaved_total", "Updates of which the store could not keep what they changed."),
	}
	if registerer != nil {
		registerer.MustRegister(m.updates, m.replies, m.latency, m.sent, m.retried, m.tooMany, m.unreachable, m.refused, m.flooded, m.defects, m.panics, m.unsaved,
			gauge("last_poll_seconds", "Seconds since the last successful poll, -1 before the first.", func() float64 {
				if last := c.State().LastPoll; !last.IsZero() {
					return c.now().Sub(last).Seconds()
				}
				return -1
			}),
			gauge("updates_in_flight", "Updates fetched and not handled yet.", func() float64 { return float64(c.State().Updates) }),
			gauge("chats_busy", "Chats whose updates are being handled.", func() float64 { return float64(c.State().Chats) }),
			gauge("messages_waiting", "Messages that wait for their turn to be sent.", func() float64 { return float64(c.State().Messages) }))
	}
	return m
}
