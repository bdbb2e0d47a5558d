package telegram

import "sync"

// queues run jobs: those of one key one after the other, those of different
// keys at once. How many run at once is bounded by the updates in flight.
type queues struct {
	mu      sync.Mutex
	waiting map[int64][]func() // of keys that have a goroutine
	running sync.WaitGroup
}

func (q *queues) put(key int64, job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting == nil {
		q.waiting = map[int64][]func(){}
	}
	jobs, busy := q.waiting[key]
	if busy {
		q.waiting[key] = append(jobs, job)
		return
	}
	q.waiting[key] = nil
	q.running.Go(func() {
		for job := job; job != nil; job = q.next(key) {
			job()
		}
	})
}

// next takes the next job of a key; nil ends its goroutine.
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

// wait returns when all jobs have run.
func (q *queues) wait() { q.running.Wait() }

// busy counts the keys whose jobs run.
func (q *queues) busy() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}
