// What the recipes use of TanStack Query, which is installed nowhere here.

declare module "@tanstack/react-query" {
  type Failed = Error & { retryable?: boolean; retryAfterMs?: number };
  interface Query<T> {
    queryKey: readonly unknown[];
    queryFn: (context: { signal: AbortSignal }) => Promise<T> | undefined;
    enabled?: boolean;
    retry?: (count: number, error: Failed) => boolean;
    retryDelay?: (count: number, error: Failed) => number;
  }
  export function useQuery<T>(query: Query<T>): { data?: T };
  export function useQueryClient(): { removeQueries(filter: { queryKey: readonly unknown[] }): void };
}
