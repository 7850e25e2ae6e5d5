/**
 * The appearance and behaviour of the interface in this browser; applied at once, and before the first paint
 * (public/theme.js).
 */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Lang, lang } from '../../i18n';
import { t } from '../../i18n/screens/settings';
import { isApple, keepLook, readSetting } from '../../lib/browser';
import { useLanguage } from '../../sync';
import { Choice } from '../../ui/Choice';
import { told } from '../../ui/Toast';
import css from './Settings.module.css';

export function Appearance() {
  const words = t();
  const command = isApple ? '⌘' : 'Ctrl';
  return (
    <section>
      <h2>{words.appearance}</h2>
      <Kept
        name="theme"
        label={words.theme}
        options={[
          ['system', words.themeSystem],
          ['light', words.themeLight],
          ['dark', words.themeDark],
          ['contrast', words.themeContrast],
        ]}
      />
      <Kept name="accent" label={words.accent} options={accents()} />
      <Kept
        name="density"
        label={words.density}
        options={[
          ['comfortable', words.densityComfortable],
          ['dense', words.densityDense],
        ]}
      />
      <Kept
        name="size"
        label={words.textSize}
        options={[
          ['small', words.textSmall],
          ['normal', words.textNormal],
          ['large', words.textLarge],
          ['largest', words.textLargest],
        ]}
      />
      <Kept
        name="enter"
        label={words.enterKey}
        options={[
          ['send', words.enterSends],
          ['line', words.enterBreaks(`${command}+Enter`)],
        ]}
      />
      <Choice<Lang>
        label={words.language}
        value={lang.value}
        options={[
          ['ru', 'Русский'],
          ['en', 'English'],
        ]}
        onChoose={(next) => useLanguage(next).catch(told)}
      />
    </section>
  );
}

/** Draws a choice that this browser keeps under a name; its first option is the default. */
function Kept({ name, label, options }: { name: string; label: string; options: [string, ComponentChildren][] }) {
  const [value, setValue] = useState(readSetting(name) ?? (name === 'size' ? 'normal' : (options[0]?.[0] ?? '')));
  const choose = (next: string): void => {
    setValue(next);
    keepLook(name, next);
  };
  return <Choice label={label} value={value} options={options} onChoose={choose} />;
}

function accents(): [string, ComponentChildren][] {
  const names = {
    teal: t().teal,
    blue: t().blue,
    violet: t().violet,
    rose: t().rose,
    amber: t().amber,
  };
  return Object.entries(names).map(([accent, words]) => [
    accent,
    <>
      <i class={css.dot} data-accent={accent} aria-hidden="true" />
      {words}
    </>,
  ]);
}
