/** Words of the fields of an account. */
export const fields = {
  capsLock: 'Caps Lock is on',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  yourName: 'Your name',
  newPassword: 'New password',
  currentPassword: 'Current password',
  isVerified: 'verified',
  notVerified: 'This address is not verified yet. Open the link in the e-mail that was sent to it.',
  requestLetter: 'Request a new e-mail',
  letterRequested: 'A new e-mail was requested',
};
