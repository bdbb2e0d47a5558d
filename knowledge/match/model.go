package match

import (
	"sync"

	"tanyanetral/knowledge"
	"tanyanetral/knowledge/indonesian"
)

// labelled is a question with the class that it asks for.
type labelled struct {
	text          string
	class, second int32
}

// model is what is learned from phrasings. Read-only once trained.
type model struct {
	analyser   *analyser
	known      featureIndex
	linear     *linear
	neighbours *neighbours
}

var defaultTraining = training{epochs: 2, rate: 0.4, decay: 1e-5, batch: 64, least: 2, threshold: 0.02, settled: 0.95}

func train(lexicon *indonesian.Lexicon, concepts []knowledge.Concept, fillers [][]string, texts []labelled, classCount int, t training) *model {
	m := &model{analyser: newAnalyser(lexicon, concepts, fillers)}
	words := make([][]string, len(texts))
	each(len(texts), func(i int) { words[i] = wordTexts(lexicon.Words(texts[i].text)) })
	m.analyser.learnVocabulary(words)
	each(len(texts), func(i int) { words[i] = m.analyser.normalised(words[i]) })
	m.analyser.learnWeights(words, texts, classCount)
	// What one step makes for the next is let go by it: training is the peak of the program's memory.
	known, vectors := vectorise(len(texts), t.least, func(i int) []feature {
		features := m.analyser.features(m.analyser.analyseNormalised(words[i]))
		words[i] = nil
		return features
	})
	m.known = known
	m.linear = trainLinear(vectors, texts, len(known), classCount, t)
	m.neighbours = newNeighbours(vectors, texts, len(known), classCount)
	return m
}

// workers is the number of goroutines that training is spread over. Results do not depend on it.
const workers = 2

// each calls work for 0 to n-1, on two processors.
func each(n int, work func(i int)) {
	parallel(workers, func(worker int) {
		for i := worker; i < n; i += workers {
			work(i)
		}
	})
}

func parallel(workers int, work func(worker int)) {
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() { work(worker) })
	}
	wg.Wait()
}
