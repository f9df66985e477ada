// The official OpenAPI files, by their names.

export const customerService = "customer-service.yml";
export const legalEntities = "customer-management.yml";
export const sessionContext = "session-context.yml";
export const cartService = "cart.yml";
export const oauth = "oauth.yml";
export const productService = "product.yml";
export const priceService = "price.yml";
export const siteService = "site.yml";
export const checkoutService = "checkout.yml";
export const orderService = "order-v2.yml";
export const iam = "iam.yml";
export const files = [
  oauth,
  customerService,
  legalEntities,
  sessionContext,
  cartService,
  productService,
  priceService,
  siteService,
  checkoutService,
  orderService,
  iam,
];
