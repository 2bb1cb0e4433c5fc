package token

// Numbers of eight bytes.
const (
	lows  = 0x0101010101010101
	highs = 0x80 * lows
)

// A block says of 64 bytes which are ASCII letters, which are capitals, and which
// are marks: all but letters, spaces and
//
//	( ) * + , - : ; < = > [ \ ] ^ _ { | } ~ DEL
//
// which merely divide, as some marks do too. Pauses are the marks that are full
// stops or line feeds. The first byte is the lowest bit.
type block struct{ letters, capitals, marks, pauses uint64 }

// plainClassify fills dst with what the bytes of s are, of which there are 64 for
// each block.
func plainClassify(dst []block, s string) {
	for i := range dst {
		var d block
		for k := 0; k < 64; k += 8 {
			x := eight(s[64*i+k : 64*i+k+8])
			y := x & (0x7F * lows)
			small := y | 0x20*lows
			// The high bits of these bytes count, and those of x are in no range.
			over := small + (0x7F-'`')*lows
			letter := over &^ (small + (0x7F-'z')*lows) &^ x
			comma := (y + (0x80-'(')*lows) ^ (y + (0x7F-'-')*lows)
			colon := (y + (0x80-':')*lows) ^ (y + (0x7F-'>')*lows)
			other := (y ^ ' '*lows) + 0x7F*lows // not a space
			stop := (y ^ '.'*lows) + 0x7F*lows  // not a full stop
			line := (y ^ '\n'*lows) + 0x7F*lows
			d.letters |= gather(letter) << k
			d.capitals |= gather(letter&^(x<<2)) << k
			d.marks |= gather(^(over|comma|colon)&other|x) << k
			d.pauses |= gather(^(stop&line | x)) << k
		}
		dst[i] = d
	}
}

// gather returns the high bits of the bytes of x.
func gather(x uint64) uint64 { return x & highs >> 7 * 0x0102040810204080 >> 56 }
