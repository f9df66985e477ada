/** What can be listened for. `initial` is told to who asks for it. */
export const eventTypes = "started renewed login switched logout expired revocation cart company storage saas busy initial";
