//go:build !purego

#include "textflag.h"

// The bit of a token goes to the carry, and from there to DX.
#define TOKEN(at) \
	MOVWLZX at(SI)(R10*1), AX; \
	MOVL AX, CX; \
	SHRL $6, CX; \
	MOVQ (R8)(CX*8), CX; \
	BTQ AX, CX; \
	ADCQ DX, DX

// func find(s *Set, places []uint64, tokens string)
TEXT ·find(SB), NOSPLIT, $0-48
	MOVQ s+0(FP), R8
	MOVQ places_base+8(FP), DI
	MOVQ places_len+16(FP), R9
	MOVQ tokens_base+32(FP), SI
	TESTQ R9, R9
	JZ done

word:
	// The last of 64 tokens comes first, as it is to be the highest bit.
	MOVQ $112, R10

eight:
	TOKEN(14)
	TOKEN(12)
	TOKEN(10)
	TOKEN(8)
	TOKEN(6)
	TOKEN(4)
	TOKEN(2)
	TOKEN(0)
	SUBQ $16, R10
	JNC eight
	MOVQ DX, (DI)
	ADDQ $8, DI
	ADDQ $128, SI
	DECQ R9
	JNZ word

done:
	RET
