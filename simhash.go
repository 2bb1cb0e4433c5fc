package newsdedup
