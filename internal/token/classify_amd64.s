//go:build !purego

#include "textflag.h"

// BYTES defines 32 bytes.
#define BYTES(name, eight) \
	DATA name<>+0(SB)/8, $eight; \
	DATA name<>+8(SB)/8, $eight; \
	DATA name<>+16(SB)/8, $eight; \
	DATA name<>+24(SB)/8, $eight; \
	GLOBL name<>(SB), RODATA|NOPTR, $32

BYTES(spaces, 0x2020202020202020)
BYTES(graves, 0x6060606060606060)
BYTES(dots, 0x2E2E2E2E2E2E2E2E)
BYTES(lines, 0x0A0A0A0A0A0A0A0A)
BYTES(letters, 0x0505050505050505) // added, 'z' becomes 127
BYTES(before, 0x6565656565656565)  // and '`' this
BYTES(commas, 0x5252525252525252)  // added, '-' becomes 127
BYTES(six, 0x7979797979797979)     // and the six up to it are over this
BYTES(colons, 0x4141414141414141)  // added, '>' becomes 127
BYTES(five, 0x7A7A7A7A7A7A7A7A)    // and the five up to it are over this

// STEP takes the sixteen bytes at off and sets AX to which are letters, BX to
// which are capitals, CX to which are no marks and DX to which are pauses. Bytes
// are compared as signed numbers.
#define STEP(off) \
	MOVOU off(SI), X0; \
	MOVOA X0, X1; \
	MOVOA X0, X4; \
	MOVOA X0, X5; \
	POR X15, X1; \
	MOVOA X1, X2; \
	PADDB X13, X1; \
	PCMPGTB X12, X1; \
	PCMPGTB X14, X2; \
	PADDB X11, X4; \
	PCMPGTB X9, X4; \
	POR X4, X2; \
	PADDB X10, X5; \
	PCMPGTB X8, X5; \
	POR X5, X2; \
	MOVOA X0, X3; \
	PCMPEQB X15, X3; \
	POR X3, X2; \
	MOVOU dots<>(SB), X6; \
	MOVOU lines<>(SB), X7; \
	PCMPEQB X0, X6; \
	PCMPEQB X0, X7; \
	POR X7, X6; \
	PSLLW $2, X0; \
	PANDN X1, X0; \
	PMOVMSKB X1, AX; \
	PMOVMSKB X0, BX; \
	PMOVMSKB X2, CX; \
	PMOVMSKB X6, DX

// JOIN puts those of the bytes before below those that R8 to R11 have.
#define JOIN \
	SHLQ $16, R8; \
	SHLQ $16, R9; \
	SHLQ $16, R10; \
	SHLQ $16, R11; \
	ORQ AX, R8; \
	ORQ BX, R9; \
	ORQ CX, R10; \
	ORQ DX, R11

// STORE makes a block of R8 to R11 and goes on to the next, of which R12 are left.
#define STORE \
	NOTQ R10; \
	MOVQ R8, 0(DI); \
	MOVQ R9, 8(DI); \
	MOVQ R10, 16(DI); \
	MOVQ R11, 24(DI); \
	ADDQ $64, SI; \
	ADDQ $32, DI; \
	DECQ R12

// func classifySSE2(dst []block, s string)
TEXT ·classifySSE2(SB), NOSPLIT, $0-40
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), R12
	MOVQ s_base+24(FP), SI
	MOVOU spaces<>(SB), X15
	MOVOU graves<>(SB), X14
	MOVOU letters<>(SB), X13
	MOVOU before<>(SB), X12
	MOVOU commas<>(SB), X11
	MOVOU colons<>(SB), X10
	MOVOU six<>(SB), X9
	MOVOU five<>(SB), X8

next:
	STEP(48)
	MOVQ AX, R8
	MOVQ BX, R9
	MOVQ CX, R10
	MOVQ DX, R11
	STEP(32)
	JOIN
	STEP(16)
	JOIN
	STEP(0)
	JOIN
	STORE
	JNZ next
	RET

// WIDE is STEP for 32 bytes.
#define WIDE(off) \
	VMOVDQU off(SI), Y0; \
	VPOR Y15, Y0, Y1; \
	VPCMPGTB Y14, Y1, Y2; \
	VPADDB Y13, Y1, Y1; \
	VPCMPGTB Y12, Y1, Y1; \
	VPADDB Y11, Y0, Y4; \
	VPCMPGTB Y9, Y4, Y4; \
	VPOR Y4, Y2, Y2; \
	VPADDB Y10, Y0, Y5; \
	VPCMPGTB Y8, Y5, Y5; \
	VPOR Y5, Y2, Y2; \
	VPCMPEQB Y15, Y0, Y3; \
	VPOR Y3, Y2, Y2; \
	VPCMPEQB dots<>(SB), Y0, Y6; \
	VPCMPEQB lines<>(SB), Y0, Y7; \
	VPOR Y7, Y6, Y6; \
	VPSLLW $2, Y0, Y0; \
	VPANDN Y1, Y0, Y0; \
	VPMOVMSKB Y1, AX; \
	VPMOVMSKB Y0, BX; \
	VPMOVMSKB Y2, CX; \
	VPMOVMSKB Y6, DX

// func classifyAVX2(dst []block, s string)
TEXT ·classifyAVX2(SB), NOSPLIT, $0-40
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), R12
	MOVQ s_base+24(FP), SI
	VMOVDQU spaces<>(SB), Y15
	VMOVDQU graves<>(SB), Y14
	VMOVDQU letters<>(SB), Y13
	VMOVDQU before<>(SB), Y12
	VMOVDQU commas<>(SB), Y11
	VMOVDQU colons<>(SB), Y10
	VMOVDQU six<>(SB), Y9
	VMOVDQU five<>(SB), Y8

wide:
	WIDE(32)
	MOVQ AX, R8
	MOVQ BX, R9
	MOVQ CX, R10
	MOVQ DX, R11
	SHLQ $32, R8
	SHLQ $32, R9
	SHLQ $32, R10
	SHLQ $32, R11
	WIDE(0)
	ORQ AX, R8
	ORQ BX, R9
	ORQ CX, R10
	ORQ DX, R11
	STORE
	JNZ wide
	VZEROUPPER
	RET

// func hasAVX2() bool
TEXT ·hasAVX2(SB), NOSPLIT, $0-1
	MOVB $0, ret+0(FP)
	MOVL $0, AX
	CPUID
	CMPL AX, $7
	JLT no
	MOVL $1, AX
	CPUID
	ANDL $(1<<27 | 1<<28), CX // the system saves registers; AVX
	CMPL CX, $(1<<27 | 1<<28)
	JNE no
	MOVL $0, CX
	XGETBV
	ANDL $6, AX // those of SSE and AVX
	CMPL AX, $6
	JNE no
	MOVL $7, AX
	MOVL $0, CX
	CPUID
	SHRL $5, BX
	ANDL $1, BX // AVX2
	MOVB BX, ret+0(FP)

no:
	RET
