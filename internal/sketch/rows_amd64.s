//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// func take(r *rows, d *digester, ts []token.Token, at uint32) (n, items, specials int)
TEXT ·take(SB), NOSPLIT, $0-72
	MOVQ r+0(FP), DI
	MOVQ d+8(FP), AX
	MOVQ digester_x(AX), R8
	MOVQ digester_y(AX), R9
	MOVQ ts_base+16(FP), SI
	MOVQ ts_len+24(FP), CX
	LEAQ (CX)(CX*2), CX
	LEAQ (SI)(CX*8), R15 // behind the last
	MOVL at+40(FP), R10
	XORL R11, R11 // items
	XORL R12, R12 // specials
	LEAQ ·formOf(SB), R13
	MOVQ $const_digestX, R14
	MOVQ $const_digestY, DX
	CMPQ SI, R15
	JAE done

next:
	MOVQ 0(SI), AX  // Hash
	MOVL 16(SI), BX // Flags
	TESTL $const_unspacedFlags, BX
	JNZ done
	XORQ AX, R8
	ROLQ $29, R8
	IMULQ R14, R8
	ADDQ AX, R9
	ROLQ $33, R9
	IMULQ DX, R9
	MOVQ AX, rows_hashes(DI)(R11*8)
	SHRQ $48, AX
	MOVW AX, rows_tokens(DI)(R11*2)
	MOVL R10, rows_from(DI)(R11*4)
	MOVL R10, (rows_specials+special_token)(DI)(R12*8)
	MOVL R11, (rows_specials+special_item)(DI)(R12*8)
	ANDL $const_formMask, BX
	MOVL (R13)(BX*4), BX
	MOVB BX, rows_kinds(DI)(R11*1)
	ADDL BX, BX // carries specialForm
	ADCQ $0, R12
	ADDL BX, BX // and contentForm
	ADCQ $0, R11
	INCL R10
	ADDQ $24, SI
	CMPQ SI, R15
	JB next

done:
	MOVQ d+8(FP), AX
	MOVQ R8, digester_x(AX)
	MOVQ R9, digester_y(AX)
	SUBL at+40(FP), R10
	MOVQ R10, n+48(FP)
	MOVQ R11, items+56(FP)
	MOVQ R12, specials+64(FP)
	RET
