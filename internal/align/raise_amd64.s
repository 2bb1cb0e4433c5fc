//go:build !purego

#include "textflag.h"

DATA most<>+0(SB)/8, $0x3F3F3F3F3F3F3F3F // maxVotes
DATA most<>+8(SB)/8, $0x3F3F3F3F3F3F3F3F
GLOBL most<>(SB), RODATA|NOPTR, $16

// func raise(covered []uint8, starts *[maxSegments + 1]uint16, ids *[maxPlaces]uint16, rows []row, most *row)
TEXT ·raise(SB), NOSPLIT, $0-72
	MOVQ covered_base+0(FP), DI
	MOVQ covered_len+8(FP), R8
	MOVQ starts+24(FP), SI
	MOVQ ids+32(FP), BX
	MOVQ rows_base+40(FP), R9
	MOVOU most<>(SB), X6
	PXOR X4, X4
	PXOR X5, X5
	TESTQ R8, R8
	JZ done
	MOVWQZX (SI), AX

segment:
	ADDQ $2, SI
	MOVWQZX (SI), CX
	PXOR X0, X0
	PXOR X1, X1
	CMPQ AX, CX
	JAE counted

token:
	MOVWQZX (BX)(AX*2), DX
	SHLQ $5, DX
	MOVOU (R9)(DX*1), X2
	MOVOU 16(R9)(DX*1), X3
	PADDUSB X2, X0
	PADDUSB X3, X1
	INCQ AX
	CMPQ AX, CX
	JB token

counted:
	PMINUB X6, X0
	PMINUB X6, X1
	PMAXUB X0, X4
	PMAXUB X1, X5
	PMAXUB X1, X0
	MOVOA X0, X1
	PSRLO $8, X1
	PMAXUB X1, X0
	MOVOA X0, X1
	PSRLQ $32, X1
	PMAXUB X1, X0
	MOVOA X0, X1
	PSRLQ $16, X1
	PMAXUB X1, X0
	MOVOA X0, X1
	PSRLQ $8, X1
	PMAXUB X1, X0
	MOVQ X0, DX
	ANDL $0xFF, DX
	MOVBLZX (DI), R10
	CMPL DX, R10
	CMOVLCS R10, DX
	MOVB DX, (DI)
	INCQ DI
	MOVQ CX, AX
	DECQ R8
	JNZ segment

done:
	MOVQ most+64(FP), DX
	MOVOU X4, (DX)
	MOVOU X5, 16(DX)
	RET
