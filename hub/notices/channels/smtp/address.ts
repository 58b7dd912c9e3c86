/** Mail addresses as a registry holds them: typed by people, and never handed on as they are. Pure. */

/** One plain address (RFC 5321 §4.1.2 without quoted parts): no list, no name, no comment, nothing that ends a header. */
const PLAIN = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** @example isMailAddress('chen@site.example') // true */
export const isMailAddress = (text: string): boolean => PLAIN.test(text) && !text.includes('..');

/**
 * Enough to recognise it, too little to write to.
 *
 * @example maskedAddress('chen@site.example') // 'c***@site.example'
 */
export const maskedAddress = (address: string): string => address.replace(/^(.).*(?=@)/s, '$1***');
