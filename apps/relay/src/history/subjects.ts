import type { Route } from '@dronecast/events';
import { type Subjects, subjectOf } from '../hub/matcher.js';

/** Numbers subjects in the order in which they first appear. */
export function createSubjects(): Subjects & { numberOf(route: Route): number } {
  const numbers = new Map<string, number>();
  let sorted: string[] = [];
  let sortedNumbers: number[] = [];

  return {
    numbers,

    numberOf(route) {
      const subject = subjectOf(route);
      const known = numbers.get(subject);
      if (known !== undefined) return known;
      numbers.set(subject, numbers.size);
      return numbers.size - 1;
    },

    sorted() {
      if (sorted.length < numbers.size) {
        sorted = [...numbers.keys()].sort();
        sortedNumbers = sorted.map((subject) => numbers.get(subject) as number);
      }
      return { subjects: sorted, numbers: sortedNumbers };
    },
  };
}
