package chrome

// The weights of the two rounds, in natural log odds, found by bench/cmd/fit:
// logistic regression on the lines of 77 pages of the article-extraction
// benchmark, 96 of Fundus and 429 of WCXB, flattened to text; on cuts of the
// same pages with only a few lines around the body; and on briefs of them with
// a few lines of the body and a list of other stories in between. Shingle F1
// of the lines chosen by them, on sites left out of the fit (two folds by
// host), before the rules of refine:
//
//	aeb                77 pages, shingle F1 0.899
//	fundus             96 pages, shingle F1 0.897
//	wcxb              429 pages, shingle F1 0.883
//	aeb cut           154 pages, shingle F1 0.936
//	fundus cut        192 pages, shingle F1 0.939
//	wcxb cut          858 pages, shingle F1 0.907
//	aeb cut short      74 pages, shingle F1 0.838
//	fundus cut short   96 pages, shingle F1 0.820
//	wcxb cut short    426 pages, shingle F1 0.761

var round1 = [NumFeatures]float32{
	0:  -1.55,
	1:  -0.43,
	2:  0.78,
	3:  -0.03,
	4:  -0.40,
	5:  -0.10,
	6:  0.84,
	7:  1.65,
	8:  1.25,
	9:  0.33,
	10: 1.53,
	11: 0.02,
	12: 3.89,
	13: -1.95,
	14: -0.52,
	15: -0.62,
	16: -1.14,
	17: -1.66,
	18: 0.84,
	19: -0.49,
	20: -2.76,
	21: 0.36,
	22: 0.10,
	23: 1.02,
	24: 0.14,
	25: 0.84,
	26: 1.40,
	27: -0.06,
	28: -1.46,
	29: 0.04,
	30: 0.85,
	31: 1.48,
	32: 0.40,
	33: -0.32,
	34: -0.74,
	35: 0.29,
	36: 0.31,
	37: -0.39,
	38: 0.65,
}
var round2 = [NumFeatures]float32{
	0:  -0.21,
	1:  0.58,
	2:  0.23,
	3:  0.09,
	4:  -0.32,
	5:  -0.08,
	6:  0.45,
	7:  0.90,
	8:  1.07,
	9:  -0.15,
	10: 1.12,
	11: 0.09,
	12: 2.80,
	13: -1.50,
	14: -0.27,
	15: -0.57,
	16: -0.68,
	17: -0.63,
	18: 0.16,
	19: -0.49,
	20: -2.24,
	21: 0.18,
	22: 0.05,
	23: -0.72,
	24: -0.79,
	25: -1.20,
	26: 0.79,
	27: -0.01,
	28: -1.11,
	29: 0.15,
	30: 0.59,
	31: 0.07,
	32: 0.62,
	33: 0.21,
	34: -0.20,
	35: -0.02,
	36: 0.05,
	37: -0.68,
	38: 0.67,
	40: 0.19,
	41: 0.16,
	42: 0.16,
	43: 0.12,
	44: 0.15,
	45: -0.01,
	46: 0.10,
	47: -0.14,
	48: -0.46,
	49: -2.93,
	50: -1.96,
	51: 0.90,
	52: -0.19,
	53: -0.17,
	54: 1.00,
	55: -0.65,
	56: -0.35,
	57: 1.20,
}
