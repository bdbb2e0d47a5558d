package match

import (
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
	index      map[uint64]int32 // numbers of features, by hash
	linear     *linear
	neighbours *neighbours
}

var defaultTraining = training{epochs: 2, rate: 0.4, decay: 1e-5, batch: 64, least: 2, threshold: 0.02, settled: 0.95}

func train(lexicon *indonesian.Lexicon, concepts []knowledge.Concept, fillers [][]string, texts []labelled, classCount int, t training) *model {
	m := &model{analyser: newAnalyser(lexicon, concepts, fillers)}
	words := make([][]indonesian.Word, len(texts))
	each(len(texts), func(i int) { words[i] = lexicon.Words(texts[i].text) })
	m.analyser.learnVocabulary(words)
	analyses := make([]analysis, len(texts))
	each(len(texts), func(i int) {
		analyses[i] = m.analyser.analyseWords(words[i])
		words[i] = nil // as soon as it may be: training is the peak of the program's memory
	})
	m.analyser.learnWeights(analyses, texts, classCount)
	features := make([][]feature, len(texts))
	each(len(texts), func(i int) {
		m.analyser.weigh(&analyses[i])
		features[i] = m.analyser.features(analyses[i])
		analyses[i] = analysis{}
	})
	index, vectors := featureIndex(features, t.least)
	m.index = index
	examples := make([]example, len(texts))
	for i, text := range texts {
		examples[i] = example{vectors[i], text.class, text.second}
	}
	m.neighbours = newNeighbours(examples, len(index))
	m.linear = trainLinear(examples, len(index), classCount, t)
	return m
}

// each calls work for 0 to n-1, on two processors.
func each(n int, work func(i int)) {
	parallel(workers, func(worker int) {
		for i := worker; i < n; i += workers {
			work(i)
		}
	})
}
