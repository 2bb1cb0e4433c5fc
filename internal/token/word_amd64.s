//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// func hashWords(edges uint64, w string, at uint32, dst *[batch]Token, quoted Flags) (n int, left uint64, known bool)
TEXT ·hashWords(SB), NOSPLIT, $0-65
	MOVQ edges+0(FP), R8
	MOVQ w_base+8(FP), SI
	MOVL at+24(FP), R9
	MOVQ dst+32(FP), DI
	MOVL quoted+40(FP), R10
	LEAQ ·sizes(SB), R11
	LEAQ ·filter(SB), R12
	MOVQ $const_secret2, R13
	MOVQ $const_secret3, R15

next:
	// Without BMI1, TZCNT is BSF, which gives the same of all but 0.
	TZCNTQ R8, BX // start
	LEAQ -1(R8), AX
	ANDQ AX, R8
	TZCNTQ R8, CX // end
	LEAQ -1(R8), AX
	ANDQ AX, R8
	LEAL (R9)(BX*1), AX
	MOVL AX, Token_Start(DI)
	LEAL (R9)(CX*1), AX
	MOVL AX, Token_End(DI)
	SUBL BX, CX
	MOVQ (SI)(BX*1), AX
	MOVL AX, DX
	SHRL $4, DX
	ANDL $2, DX // that makes Lower of Upper
	ADDL wordSizes_flags(R11)(CX*4), DX
	ADDL R10, DX
	MOVL DX, Token_Flags(DI)
	MOVQ 8(SI)(BX*1), DX
	ANDQ wordSizes_low(R11)(CX*8), AX
	XORQ wordSizes_secret0(R11)(CX*8), AX
	ANDQ wordSizes_high(R11)(CX*8), DX
	XORQ wordSizes_secret1(R11)(CX*8), DX
	MULQ DX
	XORQ R13, DX
	XORQ R15, AX
	MULQ DX
	XORQ DX, AX
	MOVQ AX, Token_Hash(DI)
	ADDQ $Token__size, DI
	MOVQ AX, CX
	SHRQ $48, AX
	SHRQ $54, CX
	MOVQ (R12)(CX*8), CX
	BTQ AX, CX
	JCS listed
	TESTQ R8, R8
	JNZ next

listed:
	SETCS known+64(FP) // TEST clears it
	MOVQ R8, left+56(FP)
	SUBQ dst+32(FP), DI
	SHRQ $3, DI
	IMUL3L $0xAAAAAAAB, DI, DI // by 3, what is a multiple of it: so by Token__size
	MOVQ DI, n+48(FP)
	RET
