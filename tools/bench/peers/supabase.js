import { AuthClient } from "@supabase/auth-js";

let auth;

export const signIn = async (url) => {
  await open(url);
  const { error } = await auth.signInWithPassword({ email: "visitor@example.com", password: "secret" });
  if (error) throw error;
};

export const open = async (url) => {
  auth = new AuthClient({ url, headers: { apikey: "publishable" }, autoRefreshToken: true, persistSession: true });
};

export const token = async () => {
  const { data, error } = await auth.getSession();
  if (error) throw error;
  return data.session.access_token;
};

export const renew = async () => {
  const { error } = await auth.refreshSession();
  if (error) throw error;
};
