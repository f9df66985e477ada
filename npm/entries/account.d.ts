/**
 * The customer's account: functions over a session.
 *
 * Each checks what it is given before any request (`invalid_argument`, `field` names it) and is rejected with a `SessionError`:
 * `login_required` for what is a customer's only (no request was made), else by the platform's answer: 400 and 404
 * `invalid_argument`, 401 `invalid_credentials`, 403 `forbidden`, 409 `conflict`, 429 `rate_limited`, all else `server`. With an
 * answer there is a `status`. A wrong password or a spent token costs one request. What takes a guest's bearer can be called while
 * a customer is signed in too: it goes with the bearer of a guest of its own.
 *
 * Source of all endpoints: the customer service's specification ("Customer Service (customer managed)").
 * @module
 */
import type { SessionManager, SessionSnapshot } from "./index.js";

/** A postal address. What the platform knows beyond this is handed on. */
export interface AddressFields {
  contactName?: string;
  companyName?: string;
  street?: string;
  streetNumber?: string;
  streetAppendix?: string;
  extraLine1?: string;
  extraLine2?: string;
  zipCode?: string;
  city?: string;
  /** Two-letter country code, such as `"DE"`. */
  country?: string;
  state?: string;
  contactPhone?: string;
  /** Such as `"BILLING"` and `"SHIPPING"`. */
  tags?: string[];
  isDefault?: boolean;
  [field: string]: unknown;
}

export interface Address extends AddressFields {
  readonly id: string;
}

/** What a customer says of himself. What the platform knows beyond this is handed on. */
export interface ProfileFields {
  title?: string;
  firstName?: string;
  middleName?: string;
  lastName?: string;
  /** At sign-up the same as the e-mail address. It cannot be removed. */
  contactEmail?: string;
  contactPhone?: string;
  company?: string;
  preferredLanguage?: string;
  /** Three-letter currency code. */
  preferredCurrency?: string;
  preferredSite?: string;
  b2b?: { companyRegistrationId?: string; [field: string]: unknown };
  [field: string]: unknown;
}

export interface Profile extends ProfileFields {
  readonly id: string;
  readonly customerNumber: string;
  readonly accounts?: readonly { id: string; providerId?: string }[];
  readonly addresses?: readonly Address[];
  readonly businessModel?: "B2B" | "B2C";
  readonly lastLogin?: string;
  readonly metadata?: { version: number; [field: string]: unknown };
}

/**
 * Registers a customer: `POST /customer/{tenant}/signup`. Nobody is signed in by it. `password` has 6 characters or more;
 * `signup` holds other credentials than these. A known address is `conflict`, a password that the platform finds too weak
 * `invalid_argument` with the `field` that it names. The mail's token goes to {@link confirmOptIn}.
 */
export function signUp(
  session: SessionManager,
  account: {
    email: string;
    password: string;
    customerDetails?: ProfileFields;
    customerAddress?: AddressFields;
    signup?: { email: string; password: string };
  },
): Promise<{ id: string }>;

/**
 * Confirms the address with the token that came by mail, and signs the customer in: `GET /customer/{tenant}/signup/optin/{token}`, then
 * `session.adopt`. A token that is unknown, spent or expired is `invalid_argument` or `invalid_credentials`, as the platform says;
 * {@link resendOptIn} asks for another.
 */
export function confirmOptIn(session: SessionManager, token: string | { token: string }): Promise<SessionSnapshot>;

/**
 * Has the mail sent again: `POST /customer/{tenant}/signup/optin/refresh_token`. Whether there is such a customer is not told.
 */
export function resendOptIn(session: SessionManager, account: string | { email: string }): Promise<void>;

/**
 * Has a mail with a token sent, for {@link resetPassword}: `POST /customer/{tenant}/password/reset`. `site` is the site's code.
 * Whether there is such a customer is not told.
 */
export function requestPasswordReset(session: SessionManager, account: string | { email: string; site?: string }): Promise<void>;

/** Sets a password with a mailed token: `POST /customer/{tenant}/password/reset/update`. `password` has 6 characters or more. */
export function resetPassword(session: SessionManager, reset: { token: string; password: string }): Promise<void>;

/**
 * `POST /customer/{tenant}/password/change`, for customers. `newPassword` has 6 characters or more; a wrong `currentPassword` is
 * `invalid_credentials`.
 */
export function changePassword(session: SessionManager, change: { currentPassword: string; newPassword: string }): Promise<void>;

/**
 * Has a token sent to the new address, for {@link confirmEmail}: `POST /customer/{tenant}/me/accounts/internal/email/change`, for
 * customers. `email` and `password` are those of now; `syncContactEmail` (default false) changes the profile's address as well.
 */
export function changeEmail(
  session: SessionManager,
  change: { email: string; password: string; newEmail: string; syncContactEmail?: boolean },
): Promise<void>;

/** Puts the new address in force: `POST /customer/{tenant}/me/accounts/internal/email/change/confirm`. */
export function confirmEmail(session: SessionManager, token: string | { token: string }): Promise<void>;

/**
 * `GET /customer/{tenant}/me`, for customers (a guest would be told of a customer 00000000). `expand` such as
 * `"addresses,mixin:*"`.
 */
export function profile(session: SessionManager, options?: { expand?: string }): Promise<Profile>;

/**
 * Changes what is named: `PATCH /customer/{tenant}/me`, for customers. With `metadata.version`, a version that somebody else has
 * overtaken is `conflict`.
 */
export function updateProfile(session: SessionManager, changes: ProfileFields): Promise<void>;

/** `GET /customer/{tenant}/me/addresses`, for customers. */
export function addresses(session: SessionManager): Promise<Address[]>;

/** `POST /customer/{tenant}/me/addresses`, for customers. */
export function addAddress(session: SessionManager, address: AddressFields): Promise<{ id: string }>;

/** Changes what is named: `PATCH /customer/{tenant}/me/addresses/{id}`, for customers. An unknown id is `invalid_argument`. */
export function updateAddress(session: SessionManager, id: string, changes: AddressFields): Promise<void>;

/** `DELETE /customer/{tenant}/me/addresses/{id}`, for customers. An unknown id is `invalid_argument`. */
export function removeAddress(session: SessionManager, id: string): Promise<void>;
