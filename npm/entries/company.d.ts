/**
 * The customer's company, beyond `session.legalEntities` and `session.switchLegalEntity`: functions over a session.
 *
 * They are rejected with a `SessionError`: `invalid_argument` before any request (`field` names what is wrong), `login_required`
 * for guests and `invalid_state` where a company is needed and none is chosen (no request either), else by the platform's answer:
 * 400 and 404 `invalid_argument`, 403 `forbidden`, 429 `rate_limited`, all else `server`.
 * @module
 */
import type { SessionManager } from "./index.js";

/**
 * What the customer may do: `GET /iam/{tenant}/users/me/scopes`. `scopes` such as `"order.history_view"`, without the tenant. Source: IAM's
 * specification.
 */
export function myScopes(session: SessionManager): Promise<{ userId: string; scopes: string[] }>;

/** A group of users that the customer belongs to: his role in a company. */
export interface Role {
  readonly id: string;
  readonly code?: string;
  /** By language. */
  readonly name?: Readonly<Record<string, string>>;
  /** The company that it is of; undefined for a group that is of none. */
  readonly legalEntityId?: string;
}

/**
 * The customer's roles in all his companies: `GET /iam/{tenant}/users/{userId}/groups`, after {@link myScopes} has told who he is. The
 * first 200. Source: IAM's specification.
 */
export function roles(session: SessionManager): Promise<Role[]>;

/** An order; the platform's document. */
export interface CompanyOrder {
  readonly id: string;
  readonly status?: string;
  readonly [field: string]: unknown;
}

/**
 * Everybody's orders for a company: `GET /order-v2/{tenant}/legal-entity-orders/{legalEntityId}`. Default: the chosen company; another
 * one than the token's is `forbidden`. `page` counts from 1, `pageSize` is 60 when left out; `sort` and `q` as the platform's.
 * `total` is the number of all, where it is told. Source: the order service's specification.
 */
export function companyOrders(
  session: SessionManager,
  options?: { legalEntityId?: string; page?: number; pageSize?: number; sort?: string; q?: string },
): Promise<{ orders: CompanyOrder[]; total?: number }>;

/** One of them: `GET /order-v2/{tenant}/legal-entity-orders/{legalEntityId}/{orderId}`. An unknown one is `invalid_argument`. */
export function companyOrder(session: SessionManager, orderId: string, options?: { legalEntityId?: string }): Promise<CompanyOrder>;
