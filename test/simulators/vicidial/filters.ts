/** How the web side cleans what it is given, with `use_non_latin` off. Texts are bytes, one character each. */
export const filters = {
  /** Statuses and call ids. The dot of a uniqueid is lost here. */
  code: (value: string) => value.replace(/[^-_0-9A-Za-z]/g, ''),
  digits: (value: string) => value.replace(/\D/g, ''),
  /** Names and addresses: ASCII only, and not all of it. */
  name: (value: string) => lineBreaks(value).replace(/[^-_ .'@/!\\:0-9A-Za-z]/g, ''),
  /** Comments and foreign keys keep their bytes. */
  free: (value: string) => lineBreaks(value).replace(/[";#]/g, '').replaceAll('+', ' '),
  /** Custom fields keep line breaks too. */
  custom: (value: string) => value.replace(/[";]/g, ''),
  dateTime: (value: string) => value.replace(/[^- :0-9A-Z]/g, ''),
};

function lineBreaks(value: string): string {
  return value.replace(/\r?\n|\r/g, '!N');
}

/** VICIdial's own SQL breaks on a value that ends in a backslash, which swallows the closing quote. */
export function breaksSql(value: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(value);
}
