export { redisStore } from "./server/redis-store.js";
