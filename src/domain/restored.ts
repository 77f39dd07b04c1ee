/** The cursor that says until when calls may have been written back without this store knowing: a backup was put back. */
export const restoredCursor = 'restored-at';
