import type { Plumb } from './plumb';

/** Waits for a notification with this text; toasts pass by, but the list of them stays. */
export async function notified(plumb: Plumb, text: string): Promise<void> {
  await plumb.command('Notifications: Show Notifications');
  await plumb.page.locator('.notifications-center .notification-list-item', { hasText: text }).first().waitFor();
  await plumb.command('Notifications: Clear All Notifications');
}
