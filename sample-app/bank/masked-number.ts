/** The last three digits, which are enough to know one's own number by. */
export function maskedNumber(phoneNumber: string): string {
  return `•••${phoneNumber.slice(-3)}`;
}
