package telegram

import "sync"

// queues run jobs: those of one key one after the other, those of different
// keys at once. How many run at once is bounded by the updates in flight. A
// goroutine that has run its jobs waits for others: a new one would have to grow
// its stack first.
type queues struct {
	mu      sync.Mutex
	waiting map[int64][]func() // of keys whose jobs run
	idle    chan queued        // taken from by goroutines that wait
	running sync.WaitGroup
}

type queued struct {
	key int64
	job func()
}

func newQueues() *queues { return &queues{waiting: map[int64][]func(){}, idle: make(chan queued)} }

func (q *queues) put(key int64, job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	jobs, busy := q.waiting[key]
	if busy {
		q.waiting[key] = append(jobs, job)
		return
	}
	q.waiting[key] = nil
	first := queued{key, job}
	select {
	case q.idle <- first:
	default:
		q.running.Go(func() { q.run(first) })
	}
}

func (q *queues) run(next queued) {
	for ok := true; ok; next, ok = <-q.idle {
		for job := next.job; job != nil; job = q.next(next.key) {
			job()
		}
	}
}

// next takes the next job of a key, nil where there is none.
func (q *queues) next(key int64) func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	jobs := q.waiting[key]
	if len(jobs) == 0 {
		delete(q.waiting, key)
		return nil
	}
	q.waiting[key] = jobs[1:]
	return jobs[0]
}

// behind counts the jobs of a key that wait for the one that runs.
func (q *queues) behind(key int64) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting[key])
}

// wait returns when all jobs have run. No more may be put then.
func (q *queues) wait() {
	close(q.idle)
	q.running.Wait()
}

// busy counts the keys whose jobs run.
func (q *queues) busy() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}
