// How much goes into one bulk of operations. Apart from their shapes, so that browsers need no schemas for it.

export const mostOperations = 500;
