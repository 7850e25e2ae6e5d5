/** Shows an answer of the server once it is there: placeholders before, and a failure with a way to ask again. */
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import { Button } from '../../ui/Button';
import type { Asked } from './asking';
import css from './Settings.module.css';

interface Props<T> {
  asked: Asked<T>;
  children: (answer: T) => ComponentChildren;
}

export function Answered<T>({ asked: { answer, problem, isLoading, load }, children }: Props<T>) {
  return (
    <>
      {answer !== null && children(answer)}
      {answer === null && !problem && (
        <ul class={css.list} aria-busy="true">
          {[1, 2, 3].map((one) => (
            <li key={one} class={css.ghost} aria-hidden="true" />
          ))}
        </ul>
      )}
      {problem && (
        <>
          <p role="alert">{problem.message}</p>
          <Button busy={isLoading} onClick={load}>
            {t().tryAgain}
          </Button>
        </>
      )}
    </>
  );
}
