/** Numbers with their noun in the right form, and lists. */
const rules = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };
export const lists = { ru: new Intl.ListFormat('ru'), en: new Intl.ListFormat('en') };
export const numbers = { ru: new Intl.NumberFormat('ru'), en: new Intl.NumberFormat('en') };

export function ru(n: number, one: string, few: string, many: string): string {
  const form = rules.ru.select(n);
  return `${numbers.ru.format(n)} ${form === 'one' ? one : form === 'few' ? few : many}`;
}

export function en(n: number, one: string, other: string): string {
  return `${numbers.en.format(n)} ${rules.en.select(n) === 'one' ? one : other}`;
}
