package extract

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup/internal/score"
)

var (
	crossFolds = flag.Int("cross", 0, "measure the model on the sites of each of so many folds, fitted to the others")
	crossSets  = flag.Bool("cross-sets", false, "measure the model on each set, fitted to the others")
	crossOut   = flag.String("cross-out", "", "folder to write the texts to, SET/ID.txt")
)

// TestCross measures how the whole extraction, not the model's loss alone,
// fares on sites or on sets that the model was not fitted to:
//
//	go test ./internal/extract -run TestCross -cross 5 -data DIR -timeout 1h
//	go test ./internal/extract -run TestCross -cross-sets -data DIR -timeout 1h
//
// A site belongs to one fold, whatever the set. Only pages as they are get
// measured, not those written anew.
func TestCross(t *testing.T) {
	folds := *crossFolds
	foldOf := func(p *labelledPage) int { return int(p.site / 16 % uint32(folds)) }
	switch {
	case *crossSets:
		folds = len(sets)
		foldOf = func(p *labelledPage) int { return p.set }
	case folds < 2:
		t.Skip("only with -cross or -cross-sets")
	}
	landed := fitted{append([]float32(nil), weightsFirst[:]...), append([]float32(nil), weightsSecond[:]...), append([]tree(nil), trees[:]...)}
	defer landed.install()
	pages := loadAll(t)
	got := map[string]string{}
	for k := range folds {
		var others, own []*labelledPage
		for _, p := range pages {
			switch {
			case foldOf(p) != k:
				others = append(others, p)
			case !p.anew:
				own = append(own, p)
			}
		}
		m := fitTo(others)
		m.install()
		for _, p := range own {
			got[p.gold.ID] = p.page.article(Options{URL: p.gold.URL}).Text
		}
	}
	for k, set := range sets {
		var gold []score.Page
		for _, p := range pages {
			if p.set == k && !p.anew {
				gold = append(gold, p.gold.Page)
				if *crossOut != "" {
					keepText(t, filepath.Join(*crossOut, set.name, strings.ReplaceAll(p.gold.ID, "/", "_")+".txt"), got[p.gold.ID])
				}
			}
		}
		switch set.name {
		case "aeb":
			fmt.Printf("%-8s %.4f\n", set.name, score.MeanOfRates(gold, got))
		case "traf":
			fmt.Printf("%-8s %.4f\n", set.name, score.Snippets(gold, got))
		default:
			mean, below := score.MeanOfPages(gold, got)
			fmt.Printf("%-8s %.4f, %.1f %% of the pages below .5\n", set.name, mean, 100*below)
		}
	}
}

func keepText(t *testing.T, name, text string) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
