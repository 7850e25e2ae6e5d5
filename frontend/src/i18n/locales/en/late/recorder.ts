/** Words of the recorder, loaded with it. */
import { playTime } from '../../../../lib/time';

export const recorder = {
  recordBar: 'Recording',
  recordAsking: 'Your browser asks whether this page may use the microphone.',
  recordRecording: 'Recording…',
  recordPaused: 'Recording paused',
  recordDone: 'Recording ended',
  recordKept: (ms: number) => `Recording of ${playTime(ms)}, not sent yet`,
  recordPause: 'Pause recording',
  recordGoOn: 'Go on recording',
  recordDrop: 'Delete the recording',
  recordDropped: 'Recording deleted',
  recordHolding: 'Release to send. Slide to the left to delete, up to go on without holding.',
  recordLost: 'The microphone has stopped. What was recorded before is here.',
  recordLimit: (ms: number) => `A recording has at most ${playTime(ms)}.`,
  recordDenied:
    'This page may not use the microphone. Allow it in the settings of the page, beside its address, and try again.',
  recordMissing: 'No microphone was found. Connect one and try again.',
  recordBusy: 'The microphone does not answer: another program may use it.',
  recordInsecure: 'Browsers record only over a secure connection: open this server by https.',
  recordUnable: 'This browser cannot record here.',
};
