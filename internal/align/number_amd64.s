//go:build !purego

#include "go_asm.h"
#include "textflag.h"

#define TOKENS (Aligner_x+indexed_side+side_tokens)
#define IDS (Aligner_x+indexed_ids)
#define AGAIN (Aligner_x+indexed_again)
#define TOPS (Aligner_x+indexed_tops)
#define BELOW (Aligner_x+indexed_below)

// func number(al *Aligner)
TEXT ·number(SB), NOSPLIT, $0-8
	MOVQ al+0(FP), DI
	MOVQ (Aligner_x+indexed_side+side_n)(DI), SI
	XORL BX, BX // position
	XORL R9, R9 // numbers given
	XORL R12, R12
	XORL R13, R13
	JMP more

token:
	MOVWLZX TOKENS(DI)(BX*2), AX
	MOVL AX, CX
	SHRL $6, CX
	MOVQ Aligner_has(DI)(CX*8), DX
	BTSQ AX, DX // carry: it was there
	MOVQ DX, Aligner_has(DI)(CX*8)
	SETCS R10
	SBBQ $-1, R9 // adds 1 without carry
	MOVWLZX Aligner_numbers(DI)(AX*2), DX
	TESTB R10, R10
	CMOVLEQ R9, DX
	MOVW DX, Aligner_numbers(DI)(AX*2)
	MOVW DX, IDS(DI)(BX*2)
	MOVB R10, AGAIN(DI)(DX*1)

	// The hash of top.
	LEAL (R12)(R12*4), R12
	ADDL R13, R12
	LEAL (R12)(R12*8), R12
	ADDL AX, R12
	ANDL $(1<<const_topBits - 1), R12
	CMPQ BX, $(const_minRun-1)
	JB noted
	LEAQ -1(BX), CX
	MOVWLZX TOPS(DI)(R12*2), DX
	MOVW DX, BELOW(DI)(CX*2)
	MOVW CX, TOPS(DI)(R12*2)

noted:
	MOVL R13, R12
	MOVL AX, R13
	INCQ BX

more:
	CMPQ BX, SI
	JB token
	MOVQ R9, (Aligner_x+indexed_distinct)(DI)
	RET
