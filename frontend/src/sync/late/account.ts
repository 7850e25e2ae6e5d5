/** Verbs of screens that are loaded late: what a person does with their account. */
import { request } from '../../api/http';
import type { AuditView, InvitePreview, SessionView } from '../../api/types';
import { putUsers } from '../../store/users';

const AUDIT_PAGE = 20;

export const previewInvite = (code: string): Promise<InvitePreview> =>
  request('GET', `/invites/${encodeURIComponent(code)}`);

export const changePassword = (current: string, next: string): Promise<void> =>
  request('POST', '/users/me/password', { body: { current_password: current, new_password: next } });

/** Requests an e-mail with a link to a new password; the answer does not reveal whether the address is known. */
export const forgotPassword = (email: string): Promise<void> =>
  request('POST', '/auth/password/forgot', { body: { email } });

export const resetPassword = (token: string, password: string): Promise<void> =>
  request('POST', '/auth/password/reset', { body: { token, password } });

export const verifyEmail = (token: string): Promise<void> => request('POST', '/auth/email/verify', { body: { token } });

export const resendVerification = (): Promise<void> => request('POST', '/users/me/email/resend');

export const listSessions = async (): Promise<SessionView[]> => (await request('GET', '/users/me/sessions')).items;

/** Returns a page of the activity of my account, or of the whole server (for administrators), newest first. */
export async function listAudit(isWhole: boolean, cursor: string): Promise<{ items: AuditView[]; next: string }> {
  const query = { limit: AUDIT_PAGE, ...(cursor ? { cursor } : {}) };
  const { items, page } = await request('GET', isWhole ? '/audit' : '/users/me/audit', { query });
  putUsers(items.flatMap(({ user, by }) => (by ? [user, by] : [user])));
  return { items, next: page.next_cursor ?? '' };
}

export const endSession = (id: number): Promise<void> => request('DELETE', `/users/me/sessions/${id}`);

export const endOtherSessions = (): Promise<void> =>
  request('DELETE', '/users/me/sessions', { query: { others: 'true' } });
