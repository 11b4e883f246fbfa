/** How many dialogs are open: whatever opens by itself waits until there is none. */
class Dialogs {
  open = $state(0);
}

export const dialogs = new Dialogs();
